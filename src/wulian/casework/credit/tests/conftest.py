"""The city on a working day of 2026, with a state folder of its own."""

import pytest
import time_machine

from wulian.casework.cases.tests.factories import START, world


@pytest.fixture(autouse=True)
def clock(own_var):
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def at(db, clock):
    return world()
