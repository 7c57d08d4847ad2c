"""When alerts are refreshed: after a change of dossiers, and every night because open periods run on."""

from __future__ import annotations

from django_tasks import task

from wulian.information.alerts.services import escalate_alerts, refresh_alerts


@task()
def refresh(project_ids: list[int] | None = None) -> str:
    """Refresh the alerts of these projects, or of all; returns the counts."""
    return str(refresh_alerts(project_ids=project_ids))


def refresh_all() -> None:
    """Hand the nightly refresh to the worker."""
    refresh.enqueue(None)


SCHEDULE = [
    ("alerts.refresh_all", refresh_all, {"trigger": "cron", "hour": 2, "minute": 30}),
    ("alerts.escalate", escalate_alerts, {"trigger": "interval", "minutes": 10}),
]
