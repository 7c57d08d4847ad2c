"""Reading clocks and the calendar in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from wulian.core.accounts.models import User
from wulian.core.accounts.scopes import sees_business
from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.choices import ClockState
from wulian.core.clocks.models import Clock
from wulian.core.clocks.models.clocks import ClockQuerySet
from wulian.core.clocks.projection import Projection, project_clock
from wulian.core.clocks.status import ClockStatus, clock_status

__all__ = [
    "Change",
    "ClockStatus",
    "affected_clocks",
    "by_first_due",
    "calendar",
    "clock_status",
    "clocks_for",
    "differs",
    "first_clocks",
    "may_see_clock",
    "preview_reprojection",
    "running_clocks",
]

CHUNK = 500


def clocks_for(subject: models.Model) -> ClockQuerySet:
    """Return the clocks of one record with their suspensions, oldest first."""
    return Clock.objects.of(subject).prefetch_related("suspensions").order_by("started_on", "pk")


def running_clocks(*subject_models: type[models.Model]) -> ClockQuerySet:
    """Return the running clocks of records of these models (of all models when none is named), first due first."""
    clocks = Clock.objects.running().prefetch_related("suspensions")
    if not subject_models:
        return clocks
    return clocks.filter(content_type__in=ContentType.objects.get_for_models(*subject_models).values())


def by_first_due(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return records ordered by the running clock that falls due first; those without one last, in the order they had."""
    kind = ContentType.objects.get_for_model(rows.model)
    running = Clock.objects.filter(content_type=kind, object_id=OuterRef("pk"), state=ClockState.RUNNING)
    due = running.exclude(due=None).order_by("due").values("due")[:1]
    before = rows.query.order_by or rows.model._meta.ordering or ("pk",)
    return rows.alias(first_due=Subquery(due)).order_by(F("first_due").asc(nulls_last=True), *before)


def first_clocks(model: type[models.Model], ids: list[int]) -> dict[int, Clock]:
    """Return the running clock that falls due first of each record, in two queries; none when there are no records."""
    found: dict[int, Clock] = {}
    if ids:
        kind = ContentType.objects.get_for_model(model)
        for clock in Clock.objects.running().filter(content_type=kind, object_id__in=ids).with_ledger():
            found.setdefault(clock.object_id, clock)
    return found


NO_CLOCK: Final = (None, None)


def first_statuses(model: type[models.Model], ids: list[int]) -> dict[int, tuple[Clock, ClockStatus]]:
    """Return the running clock that falls due first of each record and how it stands today; with `NO_CLOCK` for the others."""
    clocks = first_clocks(model, ids)
    in_force = calendar() if clocks else None
    return {pk: (clock, clock_status(clock, in_force=in_force)) for pk, clock in clocks.items()}


def may_see_clock(user: User, clock: Clock) -> bool:
    """Say whether the user sees the record the clock belongs to: a clock has no secrets of its own."""
    if not sees_business(user):
        return False
    model = clock.content_type.model_class()
    if model is None:
        return False
    records = model._default_manager.filter(pk=clock.object_id)
    if hasattr(records, "visible_to"):
        records = records.visible_to(user)
    return records.exists()


@dataclass(frozen=True)
class Change:
    """A running clock whose dates would change."""

    clock: Clock
    new: Projection


def affected_clocks(year: int) -> ClockQuerySet:
    """Return the running clocks that end in or after a year, or are suspended, so have no date yet."""
    return (
        Clock.objects.filter(state=ClockState.RUNNING)
        .filter(Q(due__year__gte=year) | Q(due=None))
        .order_by("pk")
    )


def preview_reprojection(year: int, today: date | None = None) -> Iterator[Change]:
    """Yield the running clocks whose dates differ under the calendar in force, without changing anything."""
    in_force, as_of = calendar(), today or timezone.localdate()
    clocks = affected_clocks(year).prefetch_related("suspensions", "subject")
    for clock in clocks.iterator(chunk_size=CHUNK):
        new = project_clock(clock, in_force, as_of)
        if differs(clock, new):
            yield Change(clock, new)


def differs(clock: Clock, new: Projection) -> bool:
    """Say whether the cached dates are not what they should be."""
    return (clock.due_raw, clock.due, clock.provisional) != (new.raw, new.due, new.provisional)
