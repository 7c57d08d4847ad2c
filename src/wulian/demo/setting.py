"""What every dossier of one city shares, and how its days and amounts are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from wulian.demo.market import Market
from wulian.exchange.records import BEIJING
from wulian.law.calendar import LegalCalendar

Lot = dict[str, Any]


@dataclass
class Setting:
    """The city while it is being told; ``until`` is the moment up to which things have happened."""

    random: Random
    market: Market
    calendar: LegalCalendar
    until: datetime
    bidders: Sequence[int]
    scores: bool
    names: Counter[str] = field(default_factory=Counter)
    turns: Counter[str] = field(default_factory=Counter)
    waiting: list[str] = field(default_factory=list)
    owed: float = 0.0

    def at(self, day: date, working_days: int, hour: int, minute: int = 0) -> datetime:
        """``hour:minute`` of the n-th working day after ``day``."""
        return self.moment(self.calendar.nth_working_day_after(day, working_days), hour, minute)

    def within(self, day: date, working_days: int, calendar_days: int, hour: int) -> datetime:
        """The n-th working day after ``day``, or the next calendar day when holidays would make it too late."""
        found = self.calendar.nth_working_day_after(day, working_days)
        if (found - day).days > calendar_days:
            found = day + timedelta(days=1)
        return self.moment(found, hour)

    def on_or_after(self, day: date, hour: int, minute: int = 0) -> datetime:
        """``hour:minute`` of ``day``, or of the next working day."""
        return self.moment(self.calendar.working_day_on_or_after(day), hour, minute)

    def moment(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A moment in Beijing time."""
        return datetime.combine(day, time(hour, minute), BEIJING)


def money(value: float | Decimal, step: int = 100) -> Decimal:
    """An amount in 元, rounded to ``step`` 元."""
    return Decimal(round(float(value) / step) * step).quantize(Decimal("0.01"))


def shift(row: Any, delay: timedelta) -> None:
    """Move every time in a row, and in the rows below it, by ``delay``."""
    for holder, key, value in times_in(row):
        holder[key] = value + delay


def times_in(row: Any) -> Iterator[tuple[dict[str, Any], str, datetime]]:
    """Every time in a row and the rows below it, with the place where it stands."""
    if isinstance(row, list):
        for item in row:
            yield from times_in(item)
    elif isinstance(row, dict):
        for key, value in row.items():
            if isinstance(value, datetime):
                yield row, key, value
            else:
                yield from times_in(value)
