"""A year as twelve month grids, and what changed from one publication to the next."""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wulian.core.clocks.choices import DayKind
from wulian.core.clocks.models import CalendarDay, CalendarRevision, CalendarYear


@dataclass(frozen=True)
class Cell:
    """One day of a grid: `kind` is off, working, weekend or plain; outside the month there is no cell."""

    day: date
    kind: str
    note: str


@dataclass(frozen=True)
class Month:
    """Weeks from Monday to Sunday."""

    number: int
    weeks: list[list[Cell | None]]


def month_grids(item: CalendarYear) -> list[Month]:
    """Return the twelve months of the working copy of a year."""
    special = {day.date: day for day in item.days.all()}
    return [Month(number, _weeks(item.year, number, special)) for number in range(1, 13)]


@dataclass(frozen=True)
class RevisionChange:
    """One publication with the days it added and removed against the one before."""

    revision: CalendarRevision
    added: list[dict[str, str]]
    removed: list[dict[str, str]]


def revision_history(item: CalendarYear) -> list[RevisionChange]:
    """Return the publications of a year, the newest first."""
    revisions = list(item.revisions.select_related("published_by").order_by("number"))
    before: Sequence[dict[str, str]] = []
    history = []
    for revision in revisions:
        history.append(
            RevisionChange(
                revision,
                added=[row for row in revision.days if row not in before],
                removed=[row for row in before if row not in revision.days],
            )
        )
        before = revision.days
    return history[::-1]


def _weeks(year: int, month: int, special: dict[date, CalendarDay]) -> list[list[Cell | None]]:
    return [
        [_cell(day, special) if day.month == month else None for day in week]
        for week in months.Calendar().monthdatescalendar(year, month)
    ]


def _cell(day: date, special: dict[date, CalendarDay]) -> Cell:
    if day in special:
        kind = "off" if special[day].kind == DayKind.OFF else "working"
        return Cell(day, kind, special[day].note)
    return Cell(day, "weekend" if day.weekday() > 4 else "plain", "")
