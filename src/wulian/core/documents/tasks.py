"""Housekeeping of the document folder."""

from __future__ import annotations

from wulian.core.documents.services import remove_orphans

SCHEDULE = [("documents.remove_orphans", remove_orphans, {"trigger": "interval", "hours": 6})]
