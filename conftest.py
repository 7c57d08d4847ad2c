"""What every test of the house stands on: fresh catalogues and plain static files."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as examples
from pytest_django.plugin import DjangoDbBlocker

import messages

# Emptying the tables after a test on a live server must get past the append-only triggers.
pytest_plugins = ["wulian.core.audit.testing"]

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
BEYOND_MODELS = (
    ("wulian.core.audit.migrations.0002_append_only", "create"),
    ("wulian.information.registry.migrations.0002_full_text", "create_index"),
)
"""What migrations put into an empty database that no model says; tests/test_migrations.py holds the two ways together."""
PLAIN_STATIC_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only",
        action="store_true",
        help="leave out tests that use no database; another run has them",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--database-only"):
        return
    elsewhere = [item for item in items if not _uses_database(item)]
    config.hook.pytest_deselected(items=elsewhere)
    items[:] = [item for item in items if _uses_database(item)]


def _uses_database(item: pytest.Item) -> bool:
    fixtures = DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        messages.compile_catalogues(quiet=True)
    # How long one example takes says how busy the machine is, nothing else.
    examples.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    examples.load_profile("house")
    # Pages name their files directly; tests/test_static_files.py tries the hashed names of a real server.
    settings.STORAGES = {**settings.STORAGES, "staticfiles": PLAIN_STATIC_FILES}
    # A hundred migrations one by one take most of a minute, the tables of the models a second.
    settings.DATABASES["default"].setdefault("TEST", {})["MIGRATE"] = False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        for module, create in BEYOND_MODELS:
            getattr(import_module(module), create)(None, editor)
    yield
