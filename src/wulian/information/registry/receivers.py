"""What the registry itself does when dossiers change."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from wulian.information.registry.signals import dossiers_changed


@receiver(dossiers_changed)
def refresh_search(sender: Any, project_ids: list[int], **kwargs: Any) -> None:
    from wulian.information.registry.services.search import index_dossiers

    index_dossiers(project_ids)
