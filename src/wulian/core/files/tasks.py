"""Housekeeping of the file store."""

from __future__ import annotations

from wulian.core.files.services import sweep

SCHEDULE = [("files.sweep", sweep, {"trigger": "interval", "hours": 1})]
