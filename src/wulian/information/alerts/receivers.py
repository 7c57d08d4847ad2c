"""Dossiers changed: look at them again."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from wulian.information.registry.signals import dossiers_changed


@receiver(dossiers_changed)
def refresh_alerts_later(sender: Any, project_ids: list[int], **kwargs: Any) -> None:
    from wulian.information.alerts.tasks import refresh

    refresh.enqueue(sorted(set(project_ids)))
