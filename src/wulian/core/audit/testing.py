"""Support for tests, a pytest plugin; nothing in production imports it.

Tests with `transaction=True` empty every table afterwards, which the append-only triggers refuse. Here the triggers are
dropped around that flush and created again, so the schema needs no back door for tests.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture(autouse=True, scope="session")
def _flush_of_append_only_tables() -> Iterator[None]:
    # Imported here: pytest loads a plugin before Django is set up.
    from django.db.backends.base.operations import BaseDatabaseOperations

    from . import triggers

    flush = BaseDatabaseOperations.execute_sql_flush

    def flush_without_triggers(operations: BaseDatabaseOperations, sql_list: Iterable[str]) -> None:
        connection = operations.connection
        if triggers.HEAD not in connection.introspection.table_names():
            flush(operations, sql_list)
            return
        with triggers.dropped(connection):
            flush(operations, sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", flush_without_triggers)
        yield


@pytest.fixture(autouse=True, scope="session")
def _keys_of_the_test_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Tests neither read nor make keys and checkpoints of a real installation."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "VAR_DIR", tmp_path_factory.mktemp("var"))
        yield


@pytest.fixture
def own_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the test a state folder of its own: keys and checkpoint files."""
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path / "var")
    return tmp_path / "var"
