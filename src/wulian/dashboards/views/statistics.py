"""The page of one question: controls, drawing, table, export, saved questions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.config.errors import Refusal
from wulian.core.ui import services, signals
from wulian.core.ui.exports import export_response
from wulian.core.ui.templatetags.ui import money
from wulian.core.ui.views import ListView
from wulian.core.ui.views.lists import active_chips
from wulian.core.ui.views.page import show_refusal
from wulian.dashboards.cubes import CUBES
from wulian.dashboards.cubes.charts import draw, height_of, suitable
from wulian.dashboards.cubes.measures import Measure, plain
from wulian.dashboards.cubes.question import ALL, Answer, answer, read_question, title_of
from wulian.dashboards.filters import filter_class

CHART_WORDS = {
    "auto": _("Fitting"),
    "bar": _("Bars"),
    "line": _("Lines"),
    "stacked": _("Stacked"),
    "heat": _("Heat map"),
    "none": _("No chart"),
}


class StatisticsPage(ListView):
    """One question of the form how many X by Y over Z; the address holds it whole, so it can be shared and saved."""

    template_name = "dashboards/statistics.html"
    list_key = "dashboards.statistics"
    title = _("Statistics")
    subtitle = _("Every number opens the list that makes it; only what you may see is counted.")
    wing = "information"

    def get_template_names(self) -> list[str]:
        htmx = getattr(self.request, "htmx", None)
        if htmx and htmx.target == "list" and not htmx.history_restore_request:
            return ["dashboards/_answer.html"]
        return [self.template_name]

    def filtered(self, data: QueryDict) -> tuple[Any, QuerySet[Any]]:
        """The records behind a saved question, for its live count."""
        question = read_question(data)
        return None, question.rows(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The frame of a page, without the table of rows of a list.
        context = super(ListView, self).get_context_data(**kwargs)
        try:
            question = read_question(self.request.GET)
        except Refusal as refusal:
            show_refusal(self.request, refusal)
            question = read_question({name: self.request.GET.get(name, "") for name in ("data", "show")})
        found = answer(question, self.request.user)
        options = draw(found)
        filterset = filter_class(question.cube)(self.request.GET, queryset=None)
        return {
            **context,
            "question": question,
            "heading": title_of(question),
            "answer": found,
            "table": table_of(found),
            "chart": options,
            "chart_height": height_of(found, options),
            "fitting": CHART_WORDS[suitable(found)],
            "charts": CHART_WORDS,
            "cubes": CUBES.values(),
            "filter": filterset,
            "chips": active_chips(filterset, self.request.GET),
            "list_url": question.list_url(),
        }

    def export(self, chosen: str) -> HttpResponseBase:
        """The table as it is shown, with totals."""
        question = read_question(self.request.GET)
        found = answer(question, self.request.user)
        title = title_of(question)
        signals.list_exported.send(
            sender=type(self),
            user=self.request.user,
            list_key=self.get_list_key(),
            title=title,
            format=chosen,
            count=found.tally().n,
            querystring=services.cleaned_querystring(self.request.GET.urlencode()),
        )
        stamp = timezone.localtime().strftime("%Y%m%d-%H%M")
        return export_response(lines_of(found), format=chosen, name=f"{title}-{stamp}")


def lines_of(found: Answer) -> Iterator[list[Any]]:
    """The table as lines of a file: headers, rows, total."""
    question = found.question
    columns = found.columns.values if question.over else []
    measure = str(question.measure.label)
    head = [str(question.by.label), *(found.columns.words[value] for value in columns)]
    yield [*head, f"{measure}（{_('Total')}）", str(_("Records"))]
    for row in [*found.rows.values, ALL]:
        word = found.rows.words.get(row) or str(_("Total"))
        cells = [plain(found.result(row, column)) for column in columns]
        yield [word, *cells, plain(found.result(row)), found.tally(row).n]


def table_of(found: Answer) -> dict[str, Any]:
    """The table for the page: each number as it is shown, with the address of its list."""
    question = found.question
    columns = found.columns.values if question.over else []

    def cell(row: str, column: str = ALL) -> dict[str, Any]:
        tally = found.tally(row, column)
        return {
            "text": shown(found.result(row, column), question.measure),
            "n": tally.n,
            "url": found.url(row, column),
        }

    return {
        "head": [found.columns.words[value] for value in columns],
        "rows": [
            {
                "word": found.rows.words[row],
                "cells": [cell(row, column) for column in columns],
                "total": cell(row),
            }
            for row in found.rows.values
        ],
        "foot": [cell(ALL, column) for column in columns],
        "total": cell(ALL),
        "plain_count": question.measure.kind == "count",
    }


def shown(value: Any, measure: Measure) -> str:
    """A number as people read it."""
    if value is None:
        return "—"
    match measure.unit:
        case "money":
            return money(value if isinstance(value, Decimal) else Decimal(str(round(value, 2))))
        case "percent":
            return f"{value * 100:.2f}%"
        case "days" | "number":
            return f"{value:.1f}"
    return f"{value:,}"
