"""The city on a working day of 2026, with a state folder of its own."""

import pytest
import time_machine
from django_tasks_db.models import DBTaskResult

from wulian.casework.cases.tests.factories import START, world


@pytest.fixture(autouse=True)
def clock(own_var):
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def at(db, clock):
    return world()


@pytest.fixture
def work():
    """`work()`: run every task that waits, as the worker would, on the connection of the test."""

    def run() -> None:
        for waiting in DBTaskResult.objects.ready():
            waiting.claim("test")
            try:
                waiting.set_successful(waiting.task.call(*waiting.task_result.args))
            except OSError as error:
                waiting.set_failed(error)

    return run
