"""``wulian scheduler``: runs each app's ``tasks.SCHEDULE`` on time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from apscheduler.schedulers.blocking import BlockingScheduler
from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from wulian.core.config.checks import refuse_unsafe_start

logger = logging.getLogger(__name__)
Job = tuple[str, Callable[[], Any], dict[str, Any]]


def scheduled_jobs() -> list[Job]:
    """Every ``(name, function, trigger arguments)`` that the apps' ``tasks.SCHEDULE`` lists hold."""
    jobs: list[Job] = []
    for config in apps.get_app_configs():
        if config.name.startswith("wulian.") and find_spec(f"{config.name}.tasks"):
            jobs += getattr(import_module(f"{config.name}.tasks"), "SCHEDULE", [])
    return jobs


def _guarded(name: str, function: Callable[[], Any]) -> Callable[[], None]:
    def run() -> None:
        close_old_connections()
        try:
            function()
        except Exception:
            logger.exception("scheduled job %s failed", name)
        finally:
            close_old_connections()

    return run


class Command(BaseCommand):
    help = "Run the periodic jobs of all rooms."

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unsafe_start()
        scheduler = BlockingScheduler(
            timezone="Asia/Shanghai", job_defaults={"coalesce": True, "max_instances": 1}
        )
        for name, function, trigger in scheduled_jobs():
            scheduler.add_job(_guarded(name, function), id=name, **trigger)
            self.stdout.write(f"{name} {trigger}")
        scheduler.start()
