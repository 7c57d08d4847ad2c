"""Parameters of this room (E: of the house, not of the law)."""

from __future__ import annotations

from datetime import time
from typing import Final

OFFICE_OPENS: Final = time(8, 30)
OFFICE_CLOSES: Final = time(17, 30)
"""An hour clock of an alert raised outside these hours, or on a day off, starts when the office opens again."""

ESCALATION_STEPS: Final = (100, 150)
"""Per cent of a time limit at which the head of the office is told (REFERENCE O)."""
NOTIFIED_SINGLY: Final = 10
"""More escalations than that in one sweep come as one notification with the list."""

ATTACHMENT_MAX_BYTES: Final = 20 * 1024 * 1024
ATTACHMENTS_AT_ONCE: Final = 10

BULK_LIMIT: Final = 200
"""Alerts handled in one go."""

SEVERITY_POINTS: Final = {"红": 100, "橙": 60, "黄": 30, "蓝": 10}
"""What one finding adds to the index of its dossier, before its kind of evidence is considered."""
EVIDENCE_PERCENT: Final = {"A": 100, "A/H": 80, "H": 60, "ST": 40}
"""Per cent of the points by the automation level of the rule: read from data, mixed, for a person, statistical hint."""
GONE_PERCENT: Final = 50
"""Per cent of the points while the rule no longer holds but nobody has judged the alert."""
INDEX_LEVELS: Final = ((200, "red"), (100, "orange"), (30, "yellow"), (1, "blue"))
"""Index from which a dossier shows in a colour: two certain red findings, one, one certain yellow, any."""
