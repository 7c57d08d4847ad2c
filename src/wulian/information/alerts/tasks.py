"""When alerts are refreshed: after a change of dossiers, and every night because open periods run on."""

from __future__ import annotations

from django_tasks import task

from wulian.information.alerts.services import escalate_alerts, refresh_alerts, tell_overdue
from wulian.information.alerts.services.points import recount_all


@task()
def refresh(project_ids: list[int] | None = None, rules: list[str] | None = None) -> str:
    """Refresh the alerts of these projects, or of all, for these rules, or for all; returns the counts."""
    return str(refresh_alerts(project_ids=project_ids, rules=rules))


def refresh_all() -> None:
    """Hand the nightly refresh to the worker."""
    refresh.enqueue(None)


SCHEDULE = [
    ("alerts.refresh_all", refresh_all, {"trigger": "cron", "hour": 2, "minute": 30}),
    ("alerts.escalate", escalate_alerts, {"trigger": "interval", "minutes": 10}),
    # After a change of the catalogue, and once for alerts older than the index.
    ("alerts.recount", recount_all, {"trigger": "cron", "hour": 3, "minute": 30}),
    ("alerts.tell_overdue", tell_overdue, {"trigger": "cron", "hour": 8, "minute": 0}),
]
