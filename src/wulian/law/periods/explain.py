"""How a date was computed: structured steps that can be stored as JSON (`wording` puts them into Chinese or English)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from itertools import groupby
from typing import Any

import yaml

from wulian.law.calendar import LegalCalendar
from wulian.law.periods.pauses import PausedSpan
from wulian.law.periods.units import Unit


@dataclass(frozen=True)
class DateRule:
    """One rule of counting (DT-1 …) with its text, its article and its confidence code."""

    key: str
    zh: str
    en: str
    citation: str
    confidence: str


def _load_rules() -> dict[str, DateRule]:
    text = (files("wulian.law") / "data" / "date_rules.yaml").read_text(encoding="utf-8")
    return {key: DateRule(key=key, **row) for key, row in yaml.safe_load(text).items()}


DATE_RULES: Mapping[str, DateRule] = _load_rules()


@dataclass(frozen=True)
class Step:
    """One step of a computation: a code, the rule it rests on (a key of DATE_RULES or empty) and JSON-ready data."""

    code: str
    rule: str
    data: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Return the step as plain JSON data."""
        return {"code": self.code, "rule": self.rule, "data": dict(self.data)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Step:
        """Build the step again from what `to_json` gave."""
        return cls(data["code"], data["rule"], data["data"])


def period_step(n: int, unit: Unit, rule: str) -> Step:
    """The length of the period, and the rule that gives 日 its meaning."""
    return Step("period", rule, {"n": n, "unit": unit.value})


def start_step(start: date) -> Step:
    """The start day is not counted."""
    return Step("start", "DT-1", {"start": start.isoformat()})


def pause_step(spans: Sequence[PausedSpan], due: date) -> Step | None:
    """The excluded spans that begin before the end, or nothing."""
    effective = [span for span in spans if span.first <= due]
    if not effective:
        return None
    rows = [{"first": _iso(span.first), "last": _iso(span.last), "days": span.days} for span in effective]
    return Step("pause", "PAUSE", {"spans": rows, "days": sum(span.days for span in effective)})


def open_pause_step(as_of: date) -> Step:
    """A pause that still lasts: the date is the earliest possible."""
    return Step("open_pause", "PAUSE", {"as_of": as_of.isoformat()})


def holiday_step(start: date, raw: date, calendar: LegalCalendar) -> Step | None:
    """The holidays skipped and the weekend days worked on the way, or nothing."""
    tables = [calendar.years[year] for year in range(start.year, raw.year + 1) if year in calendar.years]
    off = sorted(day for table in tables for day in table.days_off if start < day <= raw)
    worked = sorted(day for table in tables for day in table.working_weekends if start < day <= raw)
    if not off and not worked:
        return None
    skipped = []
    for (_, name), group in groupby(off, key=lambda day: (day.year, calendar.name_of(day))):
        days = list(group)
        skipped.append({"name": name, "first": _iso(days[0]), "last": _iso(days[-1])})
    return Step("holidays", "DT-9", {"skipped": skipped, "worked": [_iso(day) for day in worked]})


def count_step(n: int, unit: Unit, raw: date) -> Step:
    """The n-th counted day."""
    rule = "MFD-202" if unit in (Unit.MONTH, Unit.YEAR) else ""
    return Step("count", rule, {"n": n, "unit": unit.value, "raw": raw.isoformat()})


def ending_step(raw: date, due: date, unit: Unit, roll_forward: bool, calendar: LegalCalendar) -> Step | None:
    """Whether the last day moved, and why (not); nothing for a working day, which cannot be a day off."""
    if not roll_forward:
        return Step("not_rolled", "DT-8", {"due": _iso(due)})
    if raw != due:
        return Step("rolled", "DT-2", {"raw": _iso(raw), "due": _iso(due), "name": calendar.name_of(raw)})
    if unit is Unit.WORKING_DAY:
        return None
    return Step("ends", "DT-2", {"due": _iso(due)})


def provisional_step(years: Sequence[int]) -> Step | None:
    """The years whose calendar is not loaded, or nothing."""
    return Step("provisional", "", {"years": list(years)}) if years else None


def hours_step(start: datetime, moment: datetime) -> Step:
    """A period of hours from moment to moment."""
    return Step("hours", "MFD-201", {"start": start.isoformat(), "moment": moment.isoformat()})


def _iso(day: date) -> str:
    return day.isoformat()
