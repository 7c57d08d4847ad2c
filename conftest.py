"""What every test of the house stands on: fresh catalogues and plain static files."""

from __future__ import annotations

import pytest
from django.conf import settings

import messages

# Emptying the tables after a test on a live server must get past the append-only triggers.
pytest_plugins = ["wulian.core.audit.testing"]

PLAIN_STATIC_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        messages.compile_catalogues(quiet=True)
    # Pages name their files directly; tests/test_static_files.py tries the hashed names of a real server.
    settings.STORAGES = {**settings.STORAGES, "staticfiles": PLAIN_STATIC_FILES}
