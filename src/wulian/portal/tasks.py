"""What the scheduler does for the public pages."""

from __future__ import annotations

from wulian.portal.drafts import sweep_drafts
from wulian.portal.pace import sweep_paces


def sweep() -> int:
    """Remove drafts, counts and keys whose time is over; returns how many rows."""
    return sweep_drafts() + sweep_paces()


SCHEDULE = [("portal.sweep", sweep, {"trigger": "interval", "minutes": 10})]
