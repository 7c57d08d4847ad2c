"""The front page of numbers: what is open, what is late, where cases stand, how it went in the last twelve months."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from wulian.core.accounts.models import User
from wulian.core.ui.views import Action, PageMixin
from wulian.dashboards.cubes import CUBES
from wulian.dashboards.cubes.charts import GRID, draw
from wulian.dashboards.cubes.dimensions import span_of, spans_between
from wulian.dashboards.cubes.handling import OPEN, OVERDUE
from wulian.dashboards.cubes.question import ALL, Answer, answer, counted_at, read_question
from wulian.dashboards.views.statistics import table_of

MONTHS = 12
WORKED_ON = ("alerts", "complaints", "tip_offs", "leads", "cases")


@dataclass(frozen=True)
class Tile:
    """One large number."""

    label: Any
    number: int
    url: str
    severity: str = ""
    late: bool = False


@dataclass(frozen=True)
class Section:
    """A question with its table and drawing; `wide` takes the whole width."""

    title: Any
    answer: Answer
    url: str
    chart: dict[str, Any] | None = None
    wide: bool = False

    @property
    def table(self) -> dict[str, Any]:
        return table_of(self.answer)

    @property
    def by(self) -> Any:
        return self.answer.question.by.label


class Overview(PageMixin, TemplateView):
    """For whoever decides: the same numbers for everybody, each of what one may see."""

    template_name = "dashboards/overview.html"
    title = _("Overview")
    wing = "information"

    def get_actions(self) -> list[Action]:
        return [Action(_("Any other question"), reverse("dashboards:statistics"), "chart-histogram")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        alerts = section(
            _("Open alerts by area and severity"),
            user,
            data="alerts",
            by="region",
            over="severity",
            progress=OPEN,
        )
        late = {code: _open_by_periods(code, user) for code in WORKED_ON}
        since = _months_ago(timezone.localdate(), MONTHS - 1)
        return {
            **super().get_context_data(**kwargs),
            "severities": [
                Tile(word, alerts.answer.tally(ALL, code).n, alerts.answer.url(ALL, code), code)
                for code, word in CUBES["alerts"].by_code["severity"].options()
            ],
            "overdue": [
                Tile(CUBES[code].label, found.tally(OVERDUE).n, found.url(OVERDUE), late=True)
                for code, found in late.items()
            ],
            "open": [Tile(CUBES[code].label, found.tally().n, found.url()) for code, found in late.items()],
            "sections": [
                alerts,
                section(_("Open cases by state"), user, data="cases", by="state", progress=OPEN),
                section(
                    _("Complaints of the last twelve months: periods kept"), user,
                    data="complaints", by="quarter", over="timeliness", period_after=since.isoformat(),
                ),
                section(
                    _("Alerts of the last twelve months: what came of them"), user,
                    data="alerts", by="outcome", over="severity", period_after=since.isoformat(),
                ),
            ],
            "trend": trend(user, since),
            "page_subtitle": _("Counted at %(time)s; counted anew after a minute.") % {"time": counted_at(alerts.answer, *late.values())},
        }  # fmt: skip


def section(title: Any, user: User, **query: str) -> Section:
    """The answer to a question as a section of the page."""
    question = read_question(query)
    found = answer(question, user, kept=True)
    return Section(title, found, f"{reverse('dashboards:statistics')}?{question.querystring()}", draw(found))


def _open_by_periods(code: str, user: User) -> Answer:
    return answer(read_question({"data": code, "by": "timeliness", "progress": OPEN}), user, kept=True)


def trend(user: User, since: dt.date) -> dict[str, Any]:
    """How many came in each month, of every kind of record, the running month included."""
    months = spans_between(span_of(since, "month"), span_of(timezone.localdate(), "month"), "month")
    found = {
        code: answer(
            read_question({"data": code, "by": "month", "period_after": since.isoformat()}), user, kept=True
        )
        for code in WORKED_ON
    }
    rows = [
        {
            "word": month,
            "cells": [
                {"n": item.tally(month).n, "text": f"{item.tally(month).n:,}", "url": item.url(month)}
                for item in found.values()
            ],
        }
        for month in months
    ]
    series = [
        {
            "type": "line",
            "name": str(CUBES[code].label),
            "data": [{"value": item.tally(month).n, "url": item.url(month)} for month in months],
        }
        for code, item in found.items()
    ]
    chart = {
        "tooltip": {"trigger": "axis", "confine": True},
        "legend": {"top": 4, "type": "scroll"},
        "grid": GRID,
        "xAxis": {"type": "category", "data": months},
        "yAxis": {"type": "value", "minInterval": 1},
        "series": series,
    }
    return {"head": [CUBES[code].label for code in found], "rows": rows, "chart": chart, "plain_count": True}


def _months_ago(day: dt.date, months: int) -> dt.date:
    number = day.year * 12 + day.month - 1 - months
    return dt.date(number // 12, number % 12 + 1, 1)
