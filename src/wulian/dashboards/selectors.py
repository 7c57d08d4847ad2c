"""What the page of a report shows beside the frozen content."""

from __future__ import annotations

from typing import Any

from wulian.casework.cases.models import Lead
from wulian.core.accounts.models import User
from wulian.dashboards.cubes.charts import GRID
from wulian.dashboards.models import BriefingReport


def leads_by_row(report: BriefingReport, user: User) -> dict[str, Lead]:
    """Row key → the newest lead on its subject that `user` may see; one query."""
    keys = {row["key"] for index in report.content.get("indices", []) for row in index["rows"]}
    found: dict[str, Lead] = {}
    rows = Lead.objects.visible_to(user).filter(source_key__startswith="dashboards:").order_by("pk")
    for lead in rows:
        key = lead.source_key.removeprefix("dashboards:").partition("#")[0]
        if key in keys:
            found[key] = lead
    return found


def ahead_of(trend: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The months ahead of a trend, each with the forecast and its span."""
    ahead = trend["forecast"]
    return (
        list(zip(*(ahead[name] for name in ("months", "values", "lower", "upper")), strict=True))
        if ahead
        else []
    )


def trend_chart(trend: dict[str, Any]) -> dict[str, Any]:
    """A monthly series with its forecast and the span of the errors on the past."""
    ahead = trend["forecast"] or {"months": [], "values": [], "lower": [], "upper": []}
    past, values = trend["months"], trend["values"]
    blank = [None] * len(past)
    joined = [*blank[:-1], values[-1]] if ahead["months"] else blank
    series = [
        {"type": "line", "name": "实际", "data": values, "symbol": "none"},
        {
            "type": "line",
            "name": "预测",
            "data": [*joined, *ahead["values"]],
            "lineStyle": {"type": "dashed"},
        },
        {
            "type": "line",
            "name": "预测下限",
            "data": [*blank, *ahead["lower"]],
            "symbol": "none",
            "lineStyle": {"type": "dotted", "width": 1},
        },
        {
            "type": "line",
            "name": "预测上限",
            "data": [*blank, *ahead["upper"]],
            "symbol": "none",
            "lineStyle": {"type": "dotted", "width": 1},
        },
    ]
    return {
        "tooltip": {"trigger": "axis", "confine": True},
        "legend": {"type": "scroll", "top": 4},
        "grid": GRID,
        "xAxis": {"type": "category", "data": [*past, *ahead["months"]]},
        "yAxis": {"type": "value", "min": 0},
        "series": series if ahead["months"] else series[:1],
    }
