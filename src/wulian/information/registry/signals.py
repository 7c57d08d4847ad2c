"""What higher rooms may subscribe to."""

from django.dispatch import Signal

dossiers_changed = Signal()
"""Sent after commit with ``project_ids: list[int]`` when dossiers were entered or changed."""
