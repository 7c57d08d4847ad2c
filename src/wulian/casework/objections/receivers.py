"""What this room hears: dossiers changed, or somebody complained after an objection."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from wulian.information.registry.signals import dossiers_changed


@receiver(dossiers_changed, dispatch_uid="objections.dossiers_changed")
def follow_later(sender: Any, project_ids: list[int], **kwargs: Any) -> None:
    """Hand the objections of changed dossiers to the worker, when they have any."""
    from wulian.casework.objections.tasks import follow
    from wulian.information.registry.models import Objection

    ids = sorted(set(project_ids))
    concerned = Objection.objects.filter(project__in=ids, ended_at=None).values_list("project", flat=True)
    if found := sorted(set(concerned)):
        follow.enqueue(found)
