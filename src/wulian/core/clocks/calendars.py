"""The calendar in force: the latest publication of each year, kept in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from wulian.core.clocks.models import CalendarRevision
from wulian.law.calendar import LegalCalendar

Fingerprint = tuple[int, datetime] | None


@dataclass(frozen=True)
class PublishedCalendar:
    """The calendar in force, with the number of the revision that each year rests on."""

    legal: LegalCalendar
    revisions: dict[int, int]

    def used(self, first: date, last: date) -> dict[str, int]:
        """Return year → revision number for the published years between two days."""
        return {str(year): n for year, n in sorted(self.revisions.items()) if first.year <= year <= last.year}


_in_force: tuple[Fingerprint, PublishedCalendar] | None = None


def published_calendar() -> PublishedCalendar:
    """Return the calendar in force; kept in memory until a revision is published, by whichever process.

    It costs one small query: the newest revision tells whether the copy in memory is still good.
    """
    global _in_force
    newest = CalendarRevision.objects.order_by("-pk").values_list("pk", "published_at").first()
    if _in_force is None or _in_force[0] != newest:
        _in_force = (newest, _load_calendar())
    return _in_force[1]


def forget_calendar() -> None:
    """Drop the copy in memory, because a year has been published."""
    global _in_force
    _in_force = None


def calendar() -> LegalCalendar:
    """Return the legal calendar built from the latest publication of each year."""
    return published_calendar().legal


def _load_calendar() -> PublishedCalendar:
    latest: dict[int, CalendarRevision] = {}
    for revision in CalendarRevision.objects.select_related("calendar_year").order_by("number"):
        latest[revision.calendar_year.year] = revision
    tables = [revision.year_table(year) for year, revision in latest.items()]
    return PublishedCalendar(LegalCalendar.of(tables), {year: item.number for year, item in latest.items()})
