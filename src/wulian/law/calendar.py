"""The legal calendar: which days are working days (年度节假日安排), per year, from data.

A year is *loaded* when its State Council notice has been entered. An unloaded year is answered by Monday to Friday, and
whoever asks must mark the result 暂定 (provisional): `is_loaded` says so.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

SATURDAY = 5


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield every day from `first` to `last`, both included; nothing when `last` is earlier."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


@dataclass(frozen=True)
class YearTable:
    """One year of the notice: days off besides normal weekends, and weekend days that are worked (DT-9).

    Raises ValueError when a day lies outside the year, is in both lists, or a working weekend is not a weekend.
    """

    year: int
    days_off: frozenset[date]
    working_weekends: frozenset[date]
    source: str = ""
    confidence: str = "U"
    names: Mapping[date, str] = field(default_factory=dict, compare=False, hash=False)

    def __post_init__(self) -> None:
        for day in self.days_off | self.working_weekends:
            if day.year != self.year:
                raise ValueError(f"{day} is not in the calendar year {self.year}")
        if both := self.days_off & self.working_weekends:
            raise ValueError(f"{min(both)} is both a day off and a working day")
        for day in self.working_weekends:
            if day.weekday() < SATURDAY:
                raise ValueError(f"{day} is no weekend day, so it cannot be a make-up working day")

    def is_working_day(self, day: date) -> bool:
        """Say whether `day` of this year is worked."""
        if day in self.working_weekends:
            return True
        return day not in self.days_off and day.weekday() < SATURDAY


@dataclass(frozen=True)
class LegalCalendar:
    """The published years together; answers for every date, and says which years it does not know."""

    years: Mapping[int, YearTable]
    _cache: dict[int, tuple[int, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False, hash=False
    )

    @classmethod
    def of(cls, tables: Iterable[YearTable]) -> LegalCalendar:
        """Build a calendar from year tables; a later table of the same year replaces an earlier one."""
        return cls({table.year: table for table in tables})

    def is_loaded(self, year: int) -> bool:
        """Say whether the official notice for `year` has been entered."""
        return year in self.years

    def is_working_day(self, day: date) -> bool:
        """Say whether `day` is worked; in an unloaded year Monday to Friday are (provisional)."""
        table = self.years.get(day.year)
        return table.is_working_day(day) if table else day.weekday() < SATURDAY

    def name_of(self, day: date) -> str:
        """Return the holiday's name when `day` is a listed day off, else an empty text."""
        table = self.years.get(day.year)
        return table.names.get(day, "") if table else ""

    def working_days_in(self, after: date, until: date) -> int:
        """Count working days in (after, until]; zero when `until` is not later."""
        if until <= after:
            return 0
        if after.year == until.year:
            days = self._ordinals(after.year)
            return bisect_right(days, until.toordinal()) - bisect_right(days, after.toordinal())
        first, last = self._ordinals(after.year), self._ordinals(until.year)
        total = len(first) - bisect_right(first, after.toordinal()) + bisect_right(last, until.toordinal())
        return total + sum(len(self._ordinals(year)) for year in range(after.year + 1, until.year))

    def nth_working_day_after(self, day: date, n: int) -> date:
        """Return the n-th working day later than `day` (n ≥ 1)."""
        year, skip = day.year, bisect_right(self._ordinals(day.year), day.toordinal())
        while n > len(self._ordinals(year)) - skip:
            n -= len(self._ordinals(year)) - skip
            year, skip = year + 1, 0
        return date.fromordinal(self._ordinals(year)[skip + n - 1])

    def nth_working_day_before(self, day: date, n: int) -> date:
        """Return the n-th working day counted back from `day`, `day` itself being the first when it is worked (n ≥ 1)."""
        year, left = day.year, bisect_right(self._ordinals(day.year), day.toordinal())
        while n > left:
            n -= left
            year -= 1
            left = len(self._ordinals(year))
        return date.fromordinal(self._ordinals(year)[left - n])

    def working_day_on_or_after(self, day: date) -> date:
        """Return `day` when it is worked, else the next day that is."""
        return day if self.is_working_day(day) else self.nth_working_day_after(day, 1)

    def _ordinals(self, year: int) -> tuple[int, ...]:
        if year not in self._cache:
            days = days_between(date(year, 1, 1), date(year, 12, 31))
            self._cache[year] = tuple(day.toordinal() for day in days if self.is_working_day(day))
        return self._cache[year]


def year_table_from_data(data: Mapping[str, Any]) -> YearTable:
    """Build one year from the shape of the packaged YAML files (`days_off` are named spans, both ends included)."""
    names: dict[date, str] = {}
    for span in data["days_off"]:
        for day in days_between(span["from"], span["to"]):
            names[day] = span["name"]
    return YearTable(
        year=data["year"],
        days_off=frozenset(names),
        working_weekends=frozenset(data["working_weekends"]),
        source=data["source"],
        confidence=data["confidence"],
        names=names,
    )


@cache
def packaged_calendar() -> LegalCalendar:
    """Return the calendar shipped with the package (one YAML file per published year)."""
    folder = files("wulian.law") / "data" / "calendar"
    texts = [item.read_text(encoding="utf-8") for item in folder.iterdir() if item.name.endswith(".yaml")]
    return LegalCalendar.of(year_table_from_data(yaml.safe_load(text)) for text in texts)
