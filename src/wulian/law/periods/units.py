"""Units of a period, and which unit 日 means in each statute (DT-4 … DT-8)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a period is counted in."""

    CALENDAR_DAY = "calendar_day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"
    HOUR = "hour"


@dataclass(frozen=True)
class Counting:
    """How a period of n 日 is counted: unit, the rule that says so, and whether a day off at the end moves it (DT-2)."""

    unit: Unit
    rule: str
    roll_forward: bool = True


PENALTY_LAW_WORKING_DAYS = frozenset({2, 3, 5, 7})  # 行政处罚法 第八十五条
ENFORCEMENT_LAW_WORKING_DAYS = range(1, 11)  # 行政强制法 第六十九条: 十日以内
REVIEW_LAW_WORKING_DAYS = frozenset({3, 5, 7, 10})  # 行政复议法 第八十八条


def counting_for(instrument: str, n: int) -> Counting:
    """Return how "n 日" is counted in the instrument with key ZBF, TL, CF, QZ, FY or YS.

    It answers for the word 日 only: where the text says 工作日 (TL 61) the caller says `Unit.WORKING_DAY` itself.
    Raises ValueError for an instrument whose counting rule has not been established, or for n < 1.
    """
    if n < 1:
        raise ValueError(f"a period has at least one day, not {n}")
    match instrument:
        case "ZBF" | "TL":
            return Counting(Unit.CALENDAR_DAY, "DT-4")
        case "CF":
            return _working_if(n in PENALTY_LAW_WORKING_DAYS, "DT-5")
        case "QZ":
            return _working_if(n in ENFORCEMENT_LAW_WORKING_DAYS, "DT-6")
        case "FY":
            return _working_if(n in REVIEW_LAW_WORKING_DAYS, "DT-7")
        case "YS":
            return Counting(Unit.CALENDAR_DAY, "DT-8", roll_forward=False)
    raise ValueError(f"no rule says how 日 is counted in {instrument!r}; known are ZBF, TL, CF, QZ, FY, YS")


def unit_for(instrument: str, n: int) -> Unit:
    """Return the unit of "n 日" in an instrument; errors as in `counting_for`."""
    return counting_for(instrument, n).unit


def _working_if(condition: bool, rule: str) -> Counting:
    return Counting(Unit.WORKING_DAY if condition else Unit.CALENDAR_DAY, rule)
