"""Due dates and counts of days: DT-1, DT-2, DT-9, months and years, pauses (see `pauses` for their exact meaning)."""

from __future__ import annotations

import calendar as month_lengths
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wulian.law.calendar import LegalCalendar
from wulian.law.periods.explain import (
    Step,
    count_step,
    ending_step,
    holiday_step,
    hours_step,
    open_pause_step,
    pause_step,
    period_step,
    provisional_step,
    start_step,
)
from wulian.law.periods.pauses import ONE_DAY, Pause, PausedSpan, merge_pauses
from wulian.law.periods.units import Unit

COMPLAINT_DAYS = 10  # 招标投标法实施条例 第六十条
OBJECTION_REPLY_DAYS = 3  # 招标投标法实施条例 第二十二条、第五十四条


@dataclass(frozen=True)
class DueDate:
    """The last day of a period.

    `raw` is the n-th counted day, `due` the same after DT-2. `provisional` (暂定) says that the answer leans on a year whose
    calendar is not loaded, or on a pause that still lasts. `explanation` is data; `render_explanation` words it.
    """

    raw: date
    due: date
    provisional: bool
    explanation: tuple[Step, ...]


@dataclass(frozen=True)
class DueMoment:
    """The last moment of a period in hours."""

    moment: datetime
    explanation: tuple[Step, ...]


def count_calendar_days(first: date, last: date) -> int:
    """Return cd(first, last): the calendar days in (first, last]; negative when `last` is earlier (DT-1)."""
    return (last - first).days


def count_working_days(first: date, last: date, calendar: LegalCalendar) -> int:
    """Return wd(first, last): the working days in (first, last]; negative when `last` is earlier (DT-1, DT-9)."""
    if last < first:
        return -calendar.working_days_in(last, first)
    return calendar.working_days_in(first, last)


def due_date(
    start: date,
    n: int,
    unit: Unit,
    calendar: LegalCalendar,
    pauses: Iterable[Pause] = (),
    *,
    as_of: date | None = None,
    roll_forward: bool = True,
    rule: str = "",
) -> DueDate:
    """Return the last day of a period of `n` units that starts on `start`, which is not counted (DT-1).

    Days are counted one by one, paused days skipped. A period in months or years ends on the corresponding day
    (民法典 第二百零二条), then later by the paused calendar days. A raw end on a day off rolls to the next working day
    (DT-2) unless `roll_forward` is False (DT-8). A pause that still lasts counts until `as_of`, which gives the earliest
    possible date, marked provisional. `rule` (DT-4 … DT-8) is quoted in the explanation.

    Raises ValueError for n < 1, for hours (use `due_moment`) and for an open pause without `as_of`.
    """
    if n < 1:
        raise ValueError(f"a period has at least one {unit}, not {n}")
    ledger = tuple(pauses)
    spans = merge_pauses(ledger, start, as_of)
    raw, years = _raw_end(start, n, unit, calendar, spans)
    due = _roll(raw, calendar, spans) if roll_forward else raw
    still_open = any(pause.end is None and pause.start < due for pause in ledger)
    missing = sorted(year for year in years | {raw.year, due.year} if not calendar.is_loaded(year))
    steps = (
        period_step(n, unit, rule),
        start_step(start),
        pause_step(spans, due),
        open_pause_step(as_of) if still_open and as_of else None,
        holiday_step(start, raw, calendar) if unit is Unit.WORKING_DAY else None,
        count_step(n, unit, raw),
        ending_step(raw, due, unit, roll_forward, calendar),
        provisional_step(missing),
    )
    return DueDate(raw, due, bool(missing) or still_open, tuple(step for step in steps if step))


def due_moment(start: datetime, hours: int) -> DueMoment:
    """Return the last moment of a period of hours, counted from the moment the law names, never rolled (DT-8).

    Raises ValueError for fewer than one hour.
    """
    if hours < 1:
        raise ValueError(f"a period has at least one hour, not {hours}")
    moment = start + timedelta(hours=hours)
    return DueMoment(moment, (period_step(hours, Unit.HOUR, "DT-8"), hours_step(start, moment)))


def latest_day_before(end: date, n: int, unit: Unit, calendar: LegalCalendar) -> date:
    """Return the latest day from which at least `n` days run until `end`, strictly counted (cd or wd ≥ n).

    For "n 日前" rules: an objection 10 日 before the bid deadline (招标投标法实施条例 第二十二条), the notice of a hearing
    7 工作日 before it (行政处罚法 第六十四条). Raises ValueError for n < 1 and for units that are not days.
    """
    if n < 1:
        raise ValueError(f"a period has at least one {unit}, not {n}")
    if unit is Unit.CALENDAR_DAY:
        return end - timedelta(days=n)
    if unit is Unit.WORKING_DAY:
        return calendar.nth_working_day_before(end, n) - ONE_DAY
    raise ValueError(f"counting back is defined for days, not for {unit}")


def complaint_due(
    knew_on: date,
    calendar: LegalCalendar,
    *,
    objection_received: date | None = None,
    replied_on: date | None = None,
) -> DueDate:
    """Return the last day of the 10 日 to complain (招标投标法实施条例 第六十条), the objection's reply time excluded.

    Without a reply in time, the objection counts as replied on its own 3-day due date (REFERENCE D.3, our reading).
    Raises ValueError when the reply is earlier than the objection.
    """
    pauses: tuple[Pause, ...] = ()
    if objection_received is not None:
        reply_due = due_date(objection_received, OBJECTION_REPLY_DAYS, Unit.CALENDAR_DAY, calendar).due
        pauses = (Pause(objection_received, min(replied_on or reply_due, reply_due)),)
    return due_date(knew_on, COMPLAINT_DAYS, Unit.CALENDAR_DAY, calendar, pauses, rule="DT-4")


def _raw_end(
    start: date, n: int, unit: Unit, calendar: LegalCalendar, spans: tuple[PausedSpan, ...]
) -> tuple[date, set[int]]:
    """Return the n-th counted day, and the years whose working days were counted on the way."""
    if unit is Unit.WORKING_DAY:
        return _nth_free_working_day(start, n, calendar, spans)
    if unit is Unit.CALENDAR_DAY:
        budget = n
    elif unit in (Unit.MONTH, Unit.YEAR):
        budget = (_add_months(start, n if unit is Unit.MONTH else 12 * n) - start).days
    else:
        raise ValueError("a period in hours ends at a moment: use due_moment")
    return _nth_free_day(start, budget, spans), set()


def _nth_free_day(start: date, n: int, spans: tuple[PausedSpan, ...]) -> date:
    end = start + timedelta(days=n)
    for span in spans:
        if end < span.first:
            break
        end += timedelta(days=span.days)
    return end


def _nth_free_working_day(
    start: date, n: int, calendar: LegalCalendar, spans: tuple[PausedSpan, ...]
) -> tuple[date, set[int]]:
    cursor, years = start, set[int]()
    for span in spans:
        in_gap = calendar.working_days_in(cursor, span.first - ONE_DAY)
        if in_gap >= n:
            break
        years |= _years(cursor + ONE_DAY, span.first - ONE_DAY)
        n -= in_gap
        cursor = span.last
    end = calendar.nth_working_day_after(cursor, n)
    return end, years | _years(cursor + ONE_DAY, end)


def _years(first: date, last: date) -> set[int]:
    return set(range(first.year, last.year + 1)) if first <= last else set()


def _roll(raw: date, calendar: LegalCalendar, spans: tuple[PausedSpan, ...]) -> date:
    day = calendar.working_day_on_or_after(raw)
    for span in spans:
        if span.first <= day <= span.last:
            day = calendar.working_day_on_or_after(span.last + ONE_DAY)
    return day


def _add_months(start: date, months: int) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last_day = month_lengths.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last_day))
