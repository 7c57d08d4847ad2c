"""What the worker and the scheduler do for the comparison of bids."""

from django_tasks import task

from wulian.information.comparison.services import keep_bids, run_comparison, sweep, tidy_library


@task()
def compare_in_background(run_id: int) -> int:
    """Compare the bids of a run that waits; returns how many findings there are."""
    return run_comparison(run_id=run_id)


@task()
def keep_in_background(lot_id: int) -> int:
    """Bring the bids of a lot in the city's memory up to date; returns how many came or went."""
    return keep_bids(lot_id=lot_id)


SCHEDULE = [
    ("comparison.sweep", sweep, {"trigger": "interval", "minutes": 30}),
    ("comparison.library", tidy_library, {"trigger": "cron", "hour": 2, "minute": 40}),
]
