"""Objections are followed after a change of dossiers, and every hour because the days of an answer run on."""

from __future__ import annotations

from django_tasks import task

from wulian.casework.objections.services import follow_objections


@task()
def follow(project_ids: list[int] | None = None) -> int:
    """Follow the objections of these projects, or of all; returns how many moved."""
    return follow_objections(project_ids=project_ids)


def follow_all() -> None:
    """Hand the hourly look to the worker."""
    follow.enqueue(None)


SCHEDULE = [("objections.follow_all", follow_all, {"trigger": "interval", "minutes": 60})]
