"""One click: the dates of running clocks under a newly published calendar, old and new kept."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.clocks.calendars import published_calendar
from wulian.core.clocks.models import CalendarYear, Clock, ClockProjection
from wulian.core.clocks.projection import project_clock
from wulian.core.clocks.selectors import CHUNK, affected_clocks, differs
from wulian.core.clocks.services.calendars import CALENDAR_KEEPERS
from wulian.core.config.errors import Refusal

FIELDS = ["due_raw", "due", "due_at", "provisional", "calendar_revisions"]


@dataclass(frozen=True)
class Reprojection:
    """The result of one batch: how many clocks were looked at, how many changed, under which batch number."""

    batch: uuid.UUID
    examined: int
    changed: int


def reproject_clocks(*, actor: User, year: int, reason: str) -> Reprojection:
    """Compute the running clocks that end in or after `year` again with the calendar in force.

    Each change keeps old and new dates, reason, person and time. Raises Forbidden for others than the coordinating
    office, Refusal when the year has never been published or no reason is given.
    """
    require_role(actor, *CALENDAR_KEEPERS)
    if not reason.strip():
        raise Refusal(_("Reason: say why the dates are computed again."), field="reason")
    item = CalendarYear.objects.filter(year=year, revisions__isnull=False).first()
    if item is None:
        raise Refusal(_("The calendar %(year)s has not been published yet.") % {"year": year})
    batch = uuid.uuid4()
    with transaction.atomic():
        examined, projections = _reproject_all(actor, year, reason.strip(), batch)
        record_event(
            actor=actor,
            verb="clocks.reprojected",
            subject=item,
            summary=_("Calendar %(year)s: %(examined)s running periods computed again, %(changed)s changed")
            % {"year": year, "examined": examined, "changed": len(projections)},
            data={
                "batch": str(batch),
                "reason": reason.strip(),
                "clocks": [[row.clock_id, row.old_due, row.new_due] for row in projections],
            },
        )
    return Reprojection(batch, examined, len(projections))


def _reproject_all(
    actor: User, year: int, reason: str, batch: uuid.UUID
) -> tuple[int, list[ClockProjection]]:
    in_force, today, now = published_calendar(), timezone.localdate(), timezone.now()
    clocks = list(affected_clocks(year).select_for_update().prefetch_related("suspensions"))
    projections = []
    for clock in clocks:
        new = project_clock(clock, in_force.legal, today)
        if differs(clock, new):
            projections.append(
                ClockProjection(
                    clock=clock,
                    old_raw=clock.due_raw,
                    old_due=clock.due,
                    old_provisional=clock.provisional,
                    new_raw=new.raw,
                    new_due=new.due,
                    new_provisional=new.provisional,
                    reason=reason,
                    batch=batch,
                    at=now,
                    by=actor,
                )
            )
        clock.due_raw, clock.due, clock.due_at, clock.provisional = (
            new.raw,
            new.due,
            new.due_at,
            new.provisional,
        )
        clock.calendar_revisions = in_force.used(clock.started_on, new.due or clock.started_on)
    Clock.objects.bulk_update(clocks, FIELDS, batch_size=CHUNK)
    ClockProjection.objects.bulk_create(projections, batch_size=CHUNK)
    return len(clocks), projections
