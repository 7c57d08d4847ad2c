"""What the intake does by the clock, and what its pages need not wait for."""

from __future__ import annotations

from django_tasks import task

from wulian.casework.intake.services import remind_of_clocks
from wulian.casework.intake.services.sheets import MODELS, issue_sheets


@task()
def write_sheets(label: str, pk: int) -> int:
    """Write the sheets that are due for a matter; returns how many."""
    return len(issue_sheets(matter=MODELS[label]._default_manager.get(pk=pk)))


SCHEDULE = [
    # Early in the working day, and once more for what came in since.
    ("intake.remind", remind_of_clocks, {"trigger": "cron", "hour": "8,14", "minute": 10}),
]
