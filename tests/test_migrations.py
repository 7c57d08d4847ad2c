"""Tests get their tables from the models; a city gets them from the migrations. Both must be the same database."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections

import wulian

SQLITE = (
    # The order of columns depends on the way, so a table is its columns.
    "SELECT 'column', t.name, c.name, c.type || c.'notnull' || c.pk FROM sqlite_master t, pragma_table_xinfo(t.name) c "
    "WHERE t.type = 'table'",
    "SELECT type, tbl_name, name, sql FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL",
)
POSTGRESQL = (
    "SELECT 'column', table_name, column_name, concat_ws(' ', data_type, is_nullable, character_maximum_length, "
    "numeric_precision, numeric_scale, column_default, is_identity) "
    "FROM information_schema.columns WHERE table_schema = 'public'",
    "SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
)


def _schema(database: str = "") -> set[tuple[str, ...]]:
    """Every column, index, constraint and trigger of a database: the tests' own, or another one beside it."""
    with _opened(database) as other, other.cursor() as cursor:
        found: set[tuple[str, ...]] = set()
        for question in SQLITE if other.vendor == "sqlite" else POSTGRESQL:
            cursor.execute(question)
            found.update(cursor.fetchall())
    # Django's own tables differ in the width of a key, and who migrated is noted in one of them.
    return {row for row in found if not row[1].startswith(("auth_", "django_"))}


@contextmanager
def _opened(database: str) -> Iterator[Any]:
    if not database:
        yield connection
        return
    standing = connections["default"]
    other = standing.__class__({**standing.settings_dict, "NAME": database}, "other")
    try:
        yield other
    finally:
        other.close()


@contextmanager
def _empty_database(folder: Path) -> Iterator[tuple[str, str]]:
    """Give name and address of a database that has nothing."""
    if connection.vendor == "sqlite":
        yield str(folder / "migrated.sqlite3"), f"sqlite:///{folder}/migrated.sqlite3"
        return
    name = f"migrated_{os.getpid()}"
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield name, address
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_migrations_lead_to_the_tables_the_tests_run_on(tmp_path: Path) -> None:
    with _empty_database(tmp_path) as (name, address):
        source = str(Path(wulian.__file__).parents[1])
        environment = {
            "DATABASE_URL": address,
            "WULIAN_VAR": str(tmp_path),
            "DEBUG": "1",
            "PYTHONPATH": source,
        }
        migrate = [sys.executable, "-m", "wulian", "migrate", "--verbosity=0"]
        subprocess.run(migrate, env={**os.environ, **environment}, check=True, timeout=900)
        assert _schema(name) == _schema()
