"""The drawing of an answer: a line over time, stacks of parts, bars side by side, a heat map of two long lists."""

from __future__ import annotations

from typing import Any, Final

from wulian.dashboards.cubes.measures import plain
from wulian.dashboards.cubes.question import ALL, Answer

FEW: Final = 8
SEVERITY_COLOURS: Final = {"红": "#d12b22", "橙": "#ee7b11", "黄": "#e6b800", "蓝": "#2a74cc"}
GRID: Final = {"left": 8, "right": 16, "top": 40, "bottom": 8, "containLabel": True}


SCALES: Final = {"percent": (100, "{value}%"), "money": (0.0001, "{value}万元")}
"""Unit of a measure → what its numbers are multiplied by, and how the axis writes them."""


def suitable(answer: Answer) -> str:
    """The chart that fits the shape of an answer."""
    question = answer.question
    if question.by.is_time:
        few = len(answer.columns.values) <= FEW
        return "stacked" if question.over and question.measure.is_additive and few else "line"
    if not question.over:
        return "bar"
    if question.over.is_time:
        return "line" if len(answer.rows.values) <= FEW else "heat"
    if max(len(answer.rows.values), len(answer.columns.values)) > 2 * FEW or len(answer.columns.values) > FEW:
        return "heat"
    return "stacked" if question.measure.is_additive else "bar"


def draw(answer: Answer) -> dict[str, Any] | None:
    """The options of ECharts for an answer; None when nothing is to be drawn."""
    kind = answer.question.chart
    kind = suitable(answer) if kind == "auto" else kind
    if kind == "none" or not answer.rows.values:
        return None
    if kind == "heat" and answer.question.over:
        return _heat(answer)
    turned = bool(answer.question.over and answer.question.over.is_time and kind in ("line", "stacked"))
    return _series(answer, "line" if kind == "line" else "bar", kind == "stacked", turned)


def _series(answer: Answer, kind: str, stacked: bool, turned: bool) -> dict[str, Any]:
    along, across = (answer.columns, answer.rows) if turned else (answer.rows, answer.columns)
    series = []
    for value in across.values:
        points = []
        for place in along.values:
            cell = (value, place) if turned else (place, value)
            points.append({"value": _scaled(answer, *cell), "url": answer.url(*cell)})
        item: dict[str, Any] = {
            "type": kind,
            "data": points,
            "name": _name(answer, across.words[value], value),
        }
        if value in SEVERITY_COLOURS:
            item["itemStyle"] = {"color": SEVERITY_COLOURS[value]}
        if stacked:
            item["stack"] = "all"
        if kind == "bar":
            item["barMaxWidth"] = 36
        series.append(item)
    labels: dict[str, Any] = {"type": "category", "data": [along.words[place] for place in along.values]}
    numbers: dict[str, Any] = {"type": "value"}
    if answer.question.measure.kind == "count":
        numbers["minInterval"] = 1
    if answer.question.measure.unit in SCALES:
        numbers["axisLabel"] = {"formatter": SCALES[answer.question.measure.unit][1]}
    # Long words stand better beside lying bars.
    lying = kind == "bar" and not (answer.question.by.is_time or turned) and len(along.values) > FEW
    if lying:
        labels["inverse"] = True
    return {
        "tooltip": {"trigger": "axis", "confine": True},
        "legend": {"type": "scroll", "top": 4, "show": len(series) > 1},
        "grid": GRID,
        "xAxis": numbers if lying else labels,
        "yAxis": labels if lying else numbers,
        "series": series,
    }


def _heat(answer: Answer) -> dict[str, Any]:
    points = []
    largest = 0.0
    for y, row in enumerate(answer.rows.values):
        for x, column in enumerate(answer.columns.values):
            value = _scaled(answer, row, column)
            if value is not None:
                largest = max(largest, float(value))
                points.append({"value": [x, y, value], "url": answer.url(row, column)})
    return {
        "tooltip": {"confine": True},
        "grid": {**GRID, "bottom": 56},
        "xAxis": {
            "type": "category",
            "data": [answer.columns.words[value] for value in answer.columns.values],
        },
        "yAxis": {
            "type": "category",
            "data": [answer.rows.words[value] for value in answer.rows.values],
            "inverse": True,
        },
        "visualMap": {
            "min": 0,
            "max": largest or 1,
            "calculable": True,
            "orient": "horizontal",
            "left": "center",
            "bottom": 0,
            "inRange": {"color": ["#eef3f9", "#1d4f91"]},
        },
        "series": [{"type": "heatmap", "data": points, "label": {"show": len(points) <= 120}}],
    }


def _scaled(answer: Answer, row: str, column: str) -> Any:
    value = plain(answer.result(row, column))
    factor, _format = SCALES.get(answer.question.measure.unit, (1, ""))
    return value if value is None or factor == 1 else round(value * factor, 2)


def _name(answer: Answer, word: str, value: str) -> str:
    return str(answer.question.measure.label) if value == ALL else word


def height_of(answer: Answer, options: dict[str, Any] | None) -> int:
    """Pixels: lying bars and heat maps grow with their rows."""
    if not options:
        return 0
    tall = options["series"][0]["type"] == "heatmap" or options["yAxis"].get("type") == "category"
    return max(280, 26 * len(answer.rows.values) + 90) if tall else 320
