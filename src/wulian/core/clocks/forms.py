"""Entering a calendar year as the official notice words it, and giving reasons."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wulian.core.clocks.choices import DayKind
from wulian.core.clocks.models import CalendarDay, CalendarYear
from wulian.core.clocks.services import DayEntry
from wulian.law.calendar import days_between

DAY = r"(\d{4}-\d{1,2}-\d{1,2})"
SPAN = re.compile(rf"{DAY}(?:\s*(?:至|到|~|～|—|–|to)\s*{DAY})?\s*(.*)")
LONGEST_HOLIDAY = 31


class CalendarYearForm(forms.Form):
    """Days off one span a line, make-up working days one day a line."""

    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=200,
        help_text=gettext_lazy("The notice these days come from."),
    )
    days_off = forms.CharField(
        label=gettext_lazy("Days off"),
        widget=forms.Textarea(attrs={"rows": 9}),
        required=False,
        help_text=gettext_lazy(
            "One holiday a line: first day, last day, name, e.g. 2027-01-01 至 2027-01-03 元旦"
        ),
    )
    working_days = forms.CharField(
        label=gettext_lazy("Make-up working days"),
        widget=forms.Textarea(attrs={"rows": 7}),
        required=False,
        help_text=gettext_lazy("One Saturday or Sunday a line, e.g. 2026-10-10"),
    )

    def clean_days_off(self) -> list[DayEntry]:
        return list(self._entries("days_off", DayKind.OFF))

    def clean_working_days(self) -> list[DayEntry]:
        return list(self._entries("working_days", DayKind.WORKING))

    @property
    def entries(self) -> list[DayEntry]:
        """The days of both fields, once the form is valid."""
        return [*self.cleaned_data["days_off"], *self.cleaned_data["working_days"]]

    def _entries(self, field: str, kind: DayKind) -> Iterator[DayEntry]:
        for number, line in enumerate(self.cleaned_data[field].splitlines(), start=1):
            if not line.strip():
                continue
            first, last, note = _parse_span(number, line.strip())
            for day in days_between(first, last):
                yield DayEntry(day, kind, note[:40])


class ReasonForm(forms.Form):
    """Why; it is kept with the publication or the batch."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


def initial_of(item: CalendarYear | None) -> dict[str, Any]:
    """Word the working copy of a year the way the form reads it."""
    if item is None:
        return {}
    days = list(item.days.all())
    return {
        "source": item.source,
        "days_off": "\n".join(_spans([day for day in days if day.kind == DayKind.OFF])),
        "working_days": "\n".join(day.date.isoformat() for day in days if day.kind == DayKind.WORKING),
    }


def _spans(days: list[CalendarDay]) -> Iterator[str]:
    run: list[CalendarDay] = []
    for day in [*days, None]:
        if run and (day is None or (day.date - run[-1].date).days != 1 or day.note != run[-1].note):
            first, last = run[0].date.isoformat(), run[-1].date.isoformat()
            yield (
                f"{first} 至 {last} {run[0].note}".strip()
                if first != last
                else f"{first} {run[0].note}".strip()
            )
            run = []
        if day is not None:
            run.append(day)


def _parse_span(number: int, line: str) -> tuple[date, date, str]:
    match = SPAN.fullmatch(line)
    if match is None:
        message = _("Line %(number)s: expected a date such as 2027-01-01, found “%(line)s”.")
        raise forms.ValidationError(message % {"number": number, "line": line})
    first, last = _parse_day(number, match[1]), _parse_day(number, match[2] or match[1])
    if not 0 <= (last - first).days < LONGEST_HOLIDAY:
        message = _("Line %(number)s: expected a last day after the first, at most %(longest)s days in all.")
        raise forms.ValidationError(message % {"number": number, "longest": LONGEST_HOLIDAY})
    return first, last, match[3].strip()


def _parse_day(number: int, text: str) -> date:
    try:
        year, month, day = (int(part) for part in text.split("-"))
        return date(year, month, day)
    except ValueError:
        message = _("Line %(number)s: there is no day %(text)s.")
        raise forms.ValidationError(message % {"number": number, "text": text}) from None
