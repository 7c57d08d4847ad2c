"""From budget and ledger to dates: the one place where a clock's due date is computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from wulian.core.clocks.models import Clock
from wulian.law.calendar import LegalCalendar
from wulian.law.periods import (
    DueDate,
    Pause,
    Step,
    Unit,
    count_calendar_days,
    count_working_days,
    due_date,
    due_moment,
)


@dataclass(frozen=True)
class Projection:
    """What a clock's cached dates should be; all empty while it is suspended."""

    raw: date | None
    due: date | None
    due_at: datetime | None
    provisional: bool
    explanation: tuple[Step, ...]


def project_clock(clock: Clock, calendar: LegalCalendar, as_of: date) -> Projection:
    """Compute the dates of a clock from its start, length, unit and suspensions.

    A clock whose suspension still lasts has no date, unless the period ended before that suspension; its explanation
    then gives the earliest possible date, as if the suspension ended on `as_of`.
    """
    if clock.unit == Unit.HOUR:
        assert clock.started_at is not None  # start_clock sees to it
        moment = due_moment(clock.started_at, clock.n)
        day = timezone.localdate(moment.moment)
        return Projection(day, day, moment.moment, False, moment.explanation)
    earliest = _due(clock, ledger(clock), calendar, as_of)
    if _is_suspended(clock, calendar):
        return Projection(None, None, None, False, earliest.explanation)
    return Projection(earliest.raw, earliest.due, None, earliest.provisional, earliest.explanation)


def remaining_budget(clock: Clock, calendar: LegalCalendar, today: date) -> int:
    """Return what is left of the budget: working days for a working-day clock, else calendar days.

    For a suspended clock that is what will be left when it is resumed; negative when the due date is past.
    """
    suspension = clock.open_suspension
    if suspension is None or clock.due is not None:
        assert clock.due is not None  # only a suspended clock has no date
        return count_in_unit(today, clock.due, clock.unit, calendar)
    closed = _due(clock, [pause for pause in ledger(clock) if pause.end is not None], calendar, today)
    return count_in_unit(suspension.started_on, closed.raw, clock.unit, calendar)


def count_in_unit(first: date, last: date, unit: str, calendar: LegalCalendar) -> int:
    """Return the days in (first, last] in the clock's unit: working days, or calendar days for everything else."""
    if unit == Unit.WORKING_DAY:
        return count_working_days(first, last, calendar)
    return count_calendar_days(first, last)


def ledger(clock: Clock) -> list[Pause]:
    """Return the suspensions as pauses of the law's arithmetic."""
    return [Pause(item.started_on, item.ended_on) for item in clock.ledger]


def _is_suspended(clock: Clock, calendar: LegalCalendar) -> bool:
    suspension = clock.open_suspension
    if suspension is None:
        return False
    closed = [pause for pause in ledger(clock) if pause.end is not None]
    return _due(clock, closed, calendar, suspension.started_on).due > suspension.started_on


def _due(clock: Clock, pauses: list[Pause], calendar: LegalCalendar, as_of: date) -> DueDate:
    return due_date(
        clock.started_on,
        clock.n,
        Unit(clock.unit),
        calendar,
        pauses,
        as_of=as_of,
        roll_forward=clock.roll_forward,
        rule=clock.rule,
    )
