"""What the intake does by the clock."""

from __future__ import annotations

from wulian.casework.intake.services import remind_of_clocks

SCHEDULE = [
    # Early in the working day, and once more for what came in since.
    ("intake.remind", remind_of_clocks, {"trigger": "cron", "hour": "8,14", "minute": 10}),
]
