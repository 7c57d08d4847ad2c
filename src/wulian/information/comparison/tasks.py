"""What the worker and the scheduler do for the comparison of bids."""

from django_tasks import task

from wulian.information.comparison.services import run_comparison, sweep


@task()
def compare_in_background(run_id: int) -> int:
    """Compare the bids of a run that waits; returns how many findings there are."""
    return run_comparison(run_id=run_id)


SCHEDULE = [("comparison.sweep", sweep, {"trigger": "interval", "minutes": 30})]
