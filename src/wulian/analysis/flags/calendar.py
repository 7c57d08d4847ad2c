"""The legal calendar as a table, so that roll-forward and counting of working days are joins on every engine."""

from __future__ import annotations

from datetime import date
from typing import Protocol

import pyarrow as pa

from wulian.law.calendar import days_between

FIRST_DAY = date(2000, 1, 1)
YEARS_AHEAD = 3


class Calendar(Protocol):
    """What the table needs from ``wulian.law.calendar.LegalCalendar``."""

    def is_working_day(self, day: date) -> bool:
        """Say whether `day` is worked."""
        ...

    def is_loaded(self, year: int) -> bool:
        """Say whether the notice of `year` was entered."""
        ...


def calendar_table(calendar: Calendar, as_of: date) -> pa.Table:
    """Return one row a day from 2000 to three years past `as_of`.

    Columns: day; rolled, the date a period ending on that day really ends (DT-2); worked, working days up to and
    including it; provisional, the year's notice is not loaded.
    """
    days = list(days_between(FIRST_DAY, date(as_of.year + YEARS_AHEAD, 12, 31)))
    working = [calendar.is_working_day(day) for day in days]
    worked, total = [], 0
    for is_worked in working:
        total += is_worked
        worked.append(total)
    rolled: list[date] = []
    following = days[-1]
    for day, is_worked in zip(reversed(days), reversed(working), strict=True):
        following = day if is_worked else following
        rolled.append(following)
    return pa.table(
        {
            "day": pa.array(days, pa.date32()),
            "rolled": pa.array(list(reversed(rolled)), pa.date32()),
            "worked": pa.array(worked, pa.int64()),
            "provisional": pa.array([not calendar.is_loaded(day.year) for day in days], pa.bool_()),
        }
    )
