"""The content of a report: computed once, frozen as data; the page, Word and PDF print the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.utils import translation

from wulian.core.accounts.models import User
from wulian.dashboards.briefing.forecast import HORIZON, MIN_MONTHS, forecast
from wulian.dashboards.briefing.indices import CAUTION, compute_indices
from wulian.dashboards.briefing.market import read_market
from wulian.dashboards.briefing.proposals import propose
from wulian.dashboards.cubes.dimensions import EMPTY, bounds_of, span_of, spans_between
from wulian.dashboards.cubes.measures import plain
from wulian.dashboards.cubes.question import ALL, Answer, answer, read_question
from wulian.dashboards.views.statistics import shown

VERSION: Final = 1
WINDOW_MONTHS: Final = 24
HISTORY_MONTHS: Final = 60
TABLES: Final = (
    ("各行业预警及其去向", {"data": "alerts", "by": "sector", "over": "outcome"}),
    ("各区县预警及其去向", {"data": "alerts", "by": "region", "over": "outcome"}),
    ("各行业预警等级", {"data": "alerts", "by": "sector", "over": "severity"}),
    ("各规则预警及其去向", {"data": "alerts", "by": "rule", "over": "outcome"}),
    ("各行业投诉及期限", {"data": "complaints", "by": "sector", "over": "timeliness"}),
    ("各行业招标标段", {"data": "lots", "by": "sector", "over": "mode"}),
    ("各行业平均下浮率", {"data": "awards", "show": "discount", "by": "sector"}),
)
SERIES: Final = (("alerts", "预警"), ("complaints", "投诉"), ("lots", "发布公告的标段"), ("awards", "中标"))
COMPARED: Final = (
    ("alerts", "新增预警"), ("complaints", "收到投诉"), ("tip_offs", "收到举报"), ("leads", "新增线索"),
    ("cases", "立案"), ("lots", "发布公告的标段"), ("awards", "中标"),
)  # fmt: skip


def compute_content(user: User, start: dt.date, end: dt.date) -> dict[str, Any]:
    """Everything that `user` may see of the days from `start` to `end`, both included, in Chinese."""
    with translation.override("zh-hans"):
        window = _months_back(end, WINDOW_MONTHS)
        market = read_market(user, window, end)
        return {
            "version": VERSION,
            "start": start.isoformat(),
            "end": end.isoformat(),
            "window": window.isoformat(),
            "caution": CAUTION,
            "summary": [_compared(user, code, label, start, end) for code, label in COMPARED],
            "tables": [_table(user, title, query, start, end) for title, query in TABLES],
            "trends": [trend(user, code, label, end) for code, label in SERIES],
            "indices": [index.as_data() for index in compute_indices(market)],
            "undated": market.undated,
            "lots": len(market.lots),
            "proposals": [item.as_data() for item in propose(user, end)],
        }


def _compared(user: User, code: str, label: str, start: dt.date, end: dt.date) -> dict[str, Any]:
    """The number of the period and of the equally long one before it."""
    length = end - start + dt.timedelta(days=1)
    now, before = (
        answer(_asked(code, first, last), user).tally().n
        for first, last in ((start, end), (start - length, start - dt.timedelta(days=1)))
    )
    return {"label": label, "now": now, "before": before}


def _asked(code: str, start: dt.date, end: dt.date, **query: str) -> Any:
    return read_question(
        {"data": code, **query, "period_after": start.isoformat(), "period_before": end.isoformat()}
    )


def _table(user: User, title: str, query: Mapping[str, str], start: dt.date, end: dt.date) -> dict[str, Any]:
    rest = {name: value for name, value in query.items() if name != "data"}
    found = answer(_asked(query["data"], start, end, **rest), user)
    return {"title": title, "question": found.question.querystring(), **_frozen(found)}


def _frozen(found: Answer) -> dict[str, Any]:
    columns = found.columns.values if found.question.over else []
    measure = found.question.measure
    rows = [
        [
            found.rows.words.get(row) or "合计",
            *(shown(found.result(row, column), measure) for column in columns),
            shown(found.result(row), measure),
        ]
        for row in [*found.rows.values, ALL]
    ]
    total = "合计" if columns else str(measure.label)
    return {
        "head": [str(found.question.by.label), *(found.columns.words[value] for value in columns), total],
        "rows": rows,
        "left_out": found.rows.left_out,
    }


def trend(user: User, code: str, label: str, end: dt.date) -> dict[str, Any]:
    """The full months up to `end`, the forecast of the next ones, its method and its error on the past."""
    start = _months_back(end, HISTORY_MONTHS)
    found = answer(_asked(code, start, end, by="month"), user)
    seen = [value for value in found.rows.values if value != EMPTY]
    last = _last_full_month(end)
    months = spans_between(seen[0], last, "month") if seen and seen[0] <= last else []
    values = [found.tally(month).n for month in months]
    data = {"label": label, "months": months, "values": values, "needed": MIN_MONTHS}
    ahead = forecast(values)
    if ahead is None:
        return {
            **data,
            "forecast": None,
            "note": f"数据不足：完整月份{len(values)}个，少于{MIN_MONTHS}个，不作预测。",
        }
    return {**data, "forecast": _ahead(last, ahead), "note": _method_in_words(ahead, len(values))}


def _ahead(last: str, ahead: Any) -> dict[str, Any]:
    bounds = bounds_of(last)
    months: list[str] = []
    day = bounds[1] if bounds else None
    while day and len(months) < HORIZON:
        months.append(span_of(day, "month"))
        bounds = bounds_of(months[-1])
        day = bounds[1] if bounds else None
    numbers = {
        name: [plain(round(value, 1)) for value in getattr(ahead, name)]
        for name in ("values", "lower", "upper")
    }
    scores = [
        {
            "method": item.method,
            "mae": round(item.mae, 2),
            "mape": None if item.mape is None else round(item.mape, 4),
        }
        for item in ahead.scores
    ]
    return {
        "method": ahead.method,
        "months": months,
        **numbers,
        "scores": scores,
        "origins": ahead.scores[0].origins,
    }


def _method_in_words(ahead: Any, months: int) -> str:
    best = ahead.scores[0]
    mape = "有月份为零，不计算MAPE" if best.mape is None else f"MAPE {best.mape:.1%}"
    others = "；".join(f"{item.method} {item.mae:.2f}" for item in ahead.scores[1:])
    return (
        f"采用{best.method}：以{months}个完整月份滚动原点回测{best.origins}次、每次外推{HORIZON}个月，平均绝对误差最小"
        f"（MAE {best.mae:.2f}，{mape}；其他方法MAE：{others}）。区间为回测误差绝对值的80%分位。"
    )


def _last_full_month(end: dt.date) -> str:
    month = span_of(end, "month")
    bounds = bounds_of(month)
    if bounds and bounds[1] - dt.timedelta(days=1) == end:
        return month
    return span_of(end.replace(day=1) - dt.timedelta(days=1), "month")


def _months_back(day: dt.date, months: int) -> dt.date:
    """The first day of the span of `months` months that ends with the month of `day`."""
    number = day.year * 12 + day.month - months
    return dt.date(number // 12, number % 12 + 1, 1)
