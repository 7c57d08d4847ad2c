"""Reading for the pages: the proof of one event, and its changes in words."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from . import canonical
from .models import AuditCheckpoint, AuditEvent, AuditLink


@dataclass(frozen=True)
class ChainProof:
    """Why an event can be believed: its link, whether row and link still agree, and the first checkpoint after it."""

    link: AuditLink
    event_agrees: bool
    link_agrees: bool
    follows: bool
    checkpoint: AuditCheckpoint | None

    @property
    def holds(self) -> bool:
        """Whether everything agrees."""
        return self.event_agrees and self.link_agrees and self.follows


@dataclass(frozen=True)
class Change:
    """One changed field in words."""

    label: str
    old: Any
    new: Any


def chain_proof(event: AuditEvent) -> ChainProof | None:
    """Recompute the place of one event in the chain; None while no link holds it."""
    link = AuditLink.objects.filter(event_id=event.pk).first()
    if link is None:
        return None
    pieces = canonical.pieces_of([getattr(event, name) for name in canonical.CHAINED_FIELDS])
    previous = (
        AuditLink.objects.filter(position=link.position - 1).values_list("link_hash", flat=True).first()
    )
    return ChainProof(
        link=link,
        event_agrees=canonical.event_hash(pieces) == link.event_hash,
        link_agrees=canonical.link_hash(link.prev_hash, link.position, link.event_hash, link.field_marks)
        == link.link_hash,
        follows=link.prev_hash == (previous or canonical.GENESIS),
        checkpoint=AuditCheckpoint.objects.filter(position__gte=link.position).order_by("number").first(),
    )


def changes_in_words(event: AuditEvent) -> list[Change]:
    """Return the changes with the labels of the model's fields and choices."""
    model = subject_model(event)
    return [
        Change(_field_label(model, name), _value_label(model, name, old), _value_label(model, name, new))
        for name, (old, new) in event.changes.items()
    ]


def subject_model(event: AuditEvent) -> type[models.Model] | None:
    """Return the model of the event's record, None without a record or when its app is gone."""
    try:
        return apps.get_model(event.subject_type) if event.subject_type else None
    except LookupError:
        return None


def subject_kind(event: AuditEvent) -> str:
    """Return the kind of the record in the active language."""
    model = subject_model(event)
    return str(model._meta.verbose_name) if model else event.subject_type


def subject_url(event: AuditEvent, user: Any) -> str:
    """Return the address of the event's record when it has a page and the user may see it, else an empty text."""
    model = subject_model(event)
    manager: Any = getattr(model, "_default_manager", None)
    if manager is None or not hasattr(model, "get_absolute_url") or not hasattr(manager, "visible_to"):
        return ""
    record = manager.visible_to(user).filter(pk=event.subject_id).first()
    return str(record.get_absolute_url()) if record else ""


def subject_type_choices() -> list[tuple[str, str]]:
    """Return the kinds of records of this platform, by label."""
    own = [model for model in apps.get_models() if model.__module__.startswith("wulian.")]
    return sorted(
        ((model._meta.label_lower, str(model._meta.verbose_name)) for model in own), key=lambda item: item[1]
    )


def _field(model: type[models.Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _field_label(model: type[models.Model] | None, name: str) -> str:
    return str(getattr(_field(model, name), "verbose_name", name))


def _value_label(model: type[models.Model] | None, name: str, value: Any) -> Any:
    choices = dict(getattr(_field(model, name), "flatchoices", None) or ())
    if isinstance(value, list):
        return "、".join(map(str, value))
    return choices.get(value, value) if not isinstance(value, dict) else value
