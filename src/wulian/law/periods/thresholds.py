"""The two-threshold practice (REFERENCE 0.5, an engineering default): never call red what one counting would allow."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from wulian.law.calendar import LegalCalendar
from wulian.law.periods.counting import count_calendar_days, count_working_days
from wulian.law.periods.units import Unit


class Level(StrEnum):
    """How bad: 红 breach under every counting, 橙 past the strict date, 黄 near miss, 绿 fine, 灰 nothing runs."""

    RED = "红"
    ORANGE = "橙"
    YELLOW = "黄"
    GREEN = "绿"
    GREY = "灰"


@dataclass(frozen=True)
class Finding:
    """A level, or None when all is well, with `margin` in days: how many are left, negative when they are missing."""

    level: Level | None
    margin: int


def check_minimum(
    first: date, last: date, n: int, unit: Unit = Unit.CALENDAR_DAY, calendar: LegalCalendar | None = None
) -> Finding:
    """Judge "not less than n days from `first` to `last`" (不得少于, e.g. 招标投标法 第二十四条: 20 日).

    红 only if the period is short even when both ends are counted; 黄 (临界) if it is short only under strict counting.
    The margin is the strict count minus n. Raises ValueError for working days without a calendar, and for other units.
    """
    counted = _count(first, last, unit, calendar)
    level = Level.RED if counted + 1 < n else Level.YELLOW if counted < n else None
    return Finding(level, counted - n)


def check_deadline(due_raw: date, due_rolled: date, today: date) -> Finding:
    """Judge "within n days": 橙 past the date without roll-forward, 红 also past the rolled date.

    The margin is the number of calendar days left until `due_rolled`. Raises ValueError when it is before `due_raw`.
    """
    if due_rolled < due_raw:
        raise ValueError(f"the rolled date {due_rolled} cannot be before the raw date {due_raw}")
    level = Level.RED if today > due_rolled else Level.ORANGE if today > due_raw else None
    return Finding(level, count_calendar_days(today, due_rolled))


BOUND_WORDS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "以上": operator.ge,
    "以下": operator.le,
    "以内": operator.le,
    "届满": operator.ge,
    "不满": operator.lt,
    "超过": operator.gt,
    "以外": operator.gt,
}


def holds(value: Decimal, word: str, bound: Decimal) -> bool:
    """Say whether `value` is "`bound` 以上", "不满 `bound`" and so on (DT-3, 民法典 第一千二百五十九条).

    Raises ValueError for a word that the article does not define.
    """
    try:
        return BOUND_WORDS[word](value, bound)
    except KeyError:
        raise ValueError(f"{word!r} is none of {'、'.join(BOUND_WORDS)}") from None


def _count(first: date, last: date, unit: Unit, calendar: LegalCalendar | None) -> int:
    if unit is Unit.CALENDAR_DAY:
        return count_calendar_days(first, last)
    if unit is Unit.WORKING_DAY and calendar is not None:
        return count_working_days(first, last, calendar)
    raise ValueError(f"a minimum in {unit} needs a calendar and days as unit")
