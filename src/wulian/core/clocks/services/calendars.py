"""Editing and publishing calendar years (年度节假日安排)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import Role
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.clocks.calendars import forget_calendar
from wulian.core.clocks.choices import DayKind, YearStatus
from wulian.core.clocks.models import CalendarDay, CalendarRevision, CalendarYear
from wulian.core.config.errors import Refusal
from wulian.law.calendar import SATURDAY, YearTable, packaged_calendar

CALENDAR_KEEPERS = (Role.OFFICE_HEAD, Role.DISPATCHER)
FIRST_YEAR, LAST_YEAR = 1999, 2199
SEED_REASON = "随系统发布"


@dataclass(frozen=True)
class DayEntry:
    """One day that differs from Monday to Friday."""

    date: date
    kind: DayKind
    note: str = ""


def edit_calendar_year(*, actor: User, year: int, days: Sequence[DayEntry], source: str) -> CalendarYear:
    """Replace the draft of a year by these days; what is in force changes only on publication.

    Raises Forbidden for others than the coordinating office, Refusal when a day is outside the year, listed twice, or a
    make-up working day is not a weekend day.
    """
    require_role(actor, *CALENDAR_KEEPERS)
    _check_days(year, days)
    if not source.strip():
        raise Refusal(_("Source: name the notice these days come from."), field="source")
    with transaction.atomic():
        item, created = CalendarYear.objects.select_for_update().get_or_create(year=year)
        before = _rows(item)
        # What the office enters is not verified by us, whatever the seed was.
        item.status, item.source, item.confidence = YearStatus.DRAFT, source.strip(), "S"
        item.save(update_fields=["status", "source", "confidence"])
        item.days.all().delete()
        CalendarDay.objects.bulk_create(
            CalendarDay(calendar_year=item, date=day.date, kind=day.kind, note=day.note) for day in days
        )
        record_event(
            actor=actor,
            verb="clocks.calendar_edited",
            subject=item,
            summary=_("Draft of the calendar %(year)s with %(n)s special days")
            % {"year": year, "n": len(days)},
            changes={} if created else {"days": [before, _rows(item)]},
        )
    return item


def publish_calendar_year(*, actor: User, year: int, reason: str) -> CalendarRevision:
    """Publish the draft of a year as its next numbered revision, which is then in force.

    Running clocks keep their dates until `reproject_clocks`. Raises Forbidden for others than the coordinating office,
    Refusal when there is no draft, it is empty or unchanged, or no reason is given.
    """
    require_role(actor, *CALENDAR_KEEPERS)
    if not reason.strip():
        raise Refusal(
            _("Reason: say why this calendar is published, e.g. the notice it follows."), field="reason"
        )
    with transaction.atomic():
        item = CalendarYear.objects.select_for_update().filter(year=year).first()
        if item is None or item.status != YearStatus.DRAFT:
            raise Refusal(_("There is no draft of the calendar %(year)s to publish.") % {"year": year})
        rows = _rows(item)
        if not any(row["kind"] == DayKind.OFF for row in rows):
            raise Refusal(
                _("The calendar %(year)s lists no day off; enter the official notice first.") % {"year": year}
            )
        revision = _publish(item, rows, reason.strip(), actor)
        record_event(
            actor=actor,
            verb="clocks.calendar_published",
            subject=item,
            summary=_("Calendar %(year)s, revision %(n)s: %(reason)s")
            % {"year": year, "n": revision.number, "reason": revision.reason},
            data={"revision": revision.number, "days": rows},
        )
    return revision


def ensure_packaged_years() -> list[int]:
    """Publish the years that ship with the package and that the database does not know; return them."""
    known = set(CalendarYear.objects.values_list("year", flat=True))
    missing = [table for year, table in sorted(packaged_calendar().years.items()) if year not in known]
    for table in missing:
        _seed(table)
    return [table.year for table in missing]


@transaction.atomic
def _seed(table: YearTable) -> None:
    item = CalendarYear.objects.create(year=table.year, source=table.source, confidence=table.confidence)
    days = [
        CalendarDay(calendar_year=item, date=day, kind=DayKind.OFF, note=table.names[day])
        for day in table.days_off
    ]
    days += [
        CalendarDay(calendar_year=item, date=day, kind=DayKind.WORKING) for day in table.working_weekends
    ]
    CalendarDay.objects.bulk_create(days)
    _publish(item, _rows(item), SEED_REASON, None)


def _publish(
    item: CalendarYear, rows: list[dict[str, Any]], reason: str, actor: User | None
) -> CalendarRevision:
    latest = item.revisions.order_by("-number").first()
    if latest is not None and (latest.days, latest.source) == (rows, item.source):
        raise Refusal(_("The draft is the same as what is published; there is nothing to publish."))
    item.status, item.published_at = YearStatus.PUBLISHED, timezone.now()
    item.save(update_fields=["status", "published_at"])
    revision = CalendarRevision.objects.create(
        calendar_year=item,
        number=latest.number + 1 if latest else 1,
        days=rows,
        source=item.source,
        confidence=item.confidence,
        reason=reason,
        published_by=actor,
        published_at=item.published_at,
    )
    forget_calendar()
    return revision


def _rows(item: CalendarYear) -> list[dict[str, Any]]:
    return [
        {"date": day.date.isoformat(), "kind": day.kind, "note": day.note}
        for day in CalendarDay.objects.filter(calendar_year=item).order_by("date")
    ]


def _check_days(year: int, days: Sequence[DayEntry]) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        message = _("Year: expected a year from %(first)s to %(last)s.")
        raise Refusal(message % {"first": FIRST_YEAR, "last": LAST_YEAR}, field="year")
    seen: set[date] = set()
    for day in days:
        field = "days_off" if day.kind == DayKind.OFF else "working_days"
        if day.date.year != year:
            raise Refusal(
                _("%(day)s is not in the year %(year)s.") % {"day": day.date, "year": year}, field=field
            )
        if day.date in seen:
            raise Refusal(_("%(day)s is listed twice.") % {"day": day.date}, field=field)
        if day.kind == DayKind.WORKING and day.date.weekday() < SATURDAY:
            message = _("%(day)s is no Saturday or Sunday, so it cannot be a make-up working day.")
            raise Refusal(message % {"day": day.date}, field=field)
        seen.add(day.date)
