"""A small believable office, and the tools of somebody who holds the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from wulian.core.accounts.models import Department, User
from wulian.core.audit import services, triggers, verbs

FILED, DECIDED = "cases.filed_in_tests", "cases.decided_in_tests"
verbs.register(FILED, "立案")
verbs.register(DECIDED, "作出决定")


@pytest.fixture
def department(db: None) -> Department:
    return Department.objects.create(
        code="zhugeng",
        name="随州市住房和城市更新局",
        kind="authority",
        region_code="421300",
        sector="housing",
    )


@pytest.fixture
def officer(department: Department) -> User:
    return User.objects.create_user("chenli", password=None, full_name="陈丽", department=department)


@pytest.fixture
def other(department: Department) -> User:
    return User.objects.create_user("zhaoqiang", password=None, full_name="赵强", department=department)


@pytest.fixture
def chain(own_var: Path, officer: User, department: Department) -> list[int]:
    """Nine chained events, a checkpoint after the sixth; returns the event ids in the order of the chain."""
    ids = [_file_case(officer, department, number) for number in range(1, 7)]
    services.write_checkpoint()
    ids += [_file_case(officer, department, number) for number in range(7, 10)]
    services.sequence_events()
    return ids


def _file_case(officer: User, department: Department, number: int) -> int:
    return services.record_event(
        actor=officer,
        verb=FILED if number % 2 else DECIDED,
        subject=department,
        summary=f"随住更立字〔2026〕第{number}号",
        changes={"state": ["线索", "立案"], "points": [0, number]},
        data={"amount": "12500.00", "lots": [1, 2], "urgent": False},
    ).pk


Tamper = Callable[..., Any]


@pytest.fixture
def tampered() -> Tamper:
    """Run SQL with the triggers and foreign keys out of the way; everything is undone at the end of the block."""

    @contextmanager
    def run(*statements: str) -> Iterator[None]:
        with transaction.atomic(), triggers.dropped(connection), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT conname FROM pg_constraint WHERE conrelid = 'audit_auditlink'::regclass AND contype = 'f'"
                )
                for (name,) in cursor.fetchall():
                    cursor.execute(f"ALTER TABLE audit_auditlink DROP CONSTRAINT {name}")
            for statement in statements:
                cursor.execute(statement)
                assert cursor.rowcount != 0, f"changed nothing: {statement}"
            try:
                yield
            finally:
                if connection.vendor == "sqlite":
                    cursor.execute("PRAGMA ignore_check_constraints = 0")  # the connection outlives the test
            transaction.set_rollback(True)

    return run
