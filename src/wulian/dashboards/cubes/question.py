"""A question: how many (or how much) X by Y over Z, read from an address and answered in one query."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from django.core.cache import cache
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.models import User
from wulian.core.config.errors import Refusal
from wulian.dashboards.cubes import CUBES
from wulian.dashboards.cubes.cube import Cube
from wulian.dashboards.cubes.dimensions import EMPTY, Dimension, Span, spans_between
from wulian.dashboards.cubes.measures import Measure, Tally
from wulian.dashboards.filters import filter_class, word_for

MAX_ROWS: Final = 100
MAX_COLUMNS: Final = 24
MAX_SPANS: Final = 240
KEPT: Final = 60
"""Seconds for which the numbers of a page that everybody opens may stay as they were counted for the same reader."""
CHARTS: Final = ("auto", "bar", "line", "stacked", "heat", "none")
ALL: Final = ""
"""The key of a total: no condition on this dimension."""


@dataclass(frozen=True)
class Question:
    """A measure of a cube by one or two dimensions under conditions; `conditions` are those of its filter set."""

    cube: Cube
    measure: Measure
    by: Dimension
    over: Dimension | None = None
    conditions: Mapping[str, str] = field(default_factory=dict)
    chart: str = "auto"

    @property
    def dimensions(self) -> list[Dimension]:
        return [self.by, self.over] if self.over else [self.by]

    def rows(self, user: User) -> QuerySet[Any]:
        """The records under the conditions that `user` may see; none when a condition cannot be understood."""
        asked = filter_class(self.cube, frozenset(self.conditions).intersection(self.cube.by_code))
        filterset = asked(dict(self.conditions), queryset=self.cube.rows(user))
        return filterset.qs if filterset.is_valid() else self.cube.rows(user).none()

    def querystring(self, **changes: str) -> str:
        """The question as an address holds it."""
        values = {
            "data": self.cube.code,
            "show": self.measure.code,
            "by": self.by.code,
            "over": self.over.code if self.over else "none",
            "chart": self.chart,
            **self.conditions,
            **changes,
        }
        return urlencode({name: value for name, value in values.items() if value not in ("", "auto")})

    def list_url(self, **values: str) -> str:
        """The address of the rows under the conditions and, in addition, `values` of dimensions."""
        chosen = {**self.conditions, **{code: value for code, value in values.items() if value != ALL}}
        address = reverse("dashboards:rows", args=[self.cube.code])
        return f"{address}?{urlencode(chosen)}" if chosen else address


def read_question(data: Mapping[str, Any]) -> Question:
    """The question of an address; what it does not name, or names wrongly, takes the first of its kind.

    Raises Refusal for a measure that may not be looked at by these dimensions or conditions (REFERENCE T-15).
    """
    cube = CUBES.get(str(data.get("data", "")), CUBES["alerts"])
    measure = cube.measure_by_code.get(str(data.get("show", "")), cube.measures[0])
    allowed = {
        code: item for code, item in cube.by_code.items() if measure.only is None or code in measure.only
    }
    by = allowed.get(str(data.get("by", "")), next(iter(allowed.values())))
    over = allowed.get(str(data.get("over", "")))
    chart = str(data.get("chart", ""))
    known = ("period_after", "period_before", *cube.by_code)
    conditions = {name: str(data[name]) for name in known if data.get(name)}
    question = Question(
        cube, measure, by, None if over is by else over, conditions, chart if chart in CHARTS else "auto"
    )
    _check_allowed(question, str(data.get("by", "")), str(data.get("over", "")))
    return question


def _check_allowed(question: Question, by: str, over: str) -> None:
    only = question.measure.only
    if only is None:
        return
    asked = {code for code in (by, over, *question.conditions) if code in question.cube.by_code}
    if wrong := sorted(asked - only):
        names = "、".join(str(question.cube.by_code[code].label) for code in wrong)
        raise Refusal(
            _("%(measure)s may not be shown by %(names)s. %(note)s")
            % {"measure": question.measure.label, "names": names, "note": question.measure.note}
        )


@dataclass
class Axis:
    """The values of one dimension in their order; `left_out` of them are not shown but are in the totals."""

    values: list[str]
    words: dict[str, str]
    left_out: int = 0


@dataclass
class Answer:
    """Cells by (row, column); ALL stands for the total. A question by one dimension has the single column ALL.

    `at` is the moment at which the rows were counted.
    """

    question: Question
    rows: Axis
    columns: Axis
    cells: dict[tuple[str, str], Tally]
    at: datetime

    def tally(self, row: str = ALL, column: str = ALL) -> Tally:
        return self.cells.get((row, column)) or Tally()

    def result(self, row: str = ALL, column: str = ALL) -> Any:
        """The number of a cell or a total; None when it has no value."""
        return self.tally(row, column).result(self.question.measure)

    def url(self, row: str = ALL, column: str = ALL) -> str:
        """The address of the rows behind a number."""
        values = {self.question.by.code: row}
        if self.question.over:
            values[self.question.over.code] = column
        return self.question.list_url(**values)


def answer(question: Question, user: User, *, kept: bool = False) -> Answer:
    """Count what `user` may see: one query, whatever the question (two words of linked records in the same one).

    With `kept`, what was counted for this user in the last minute is taken as it stands; `at` says when.
    """
    groups, at = _kept_groups(question, user) if kept else (_groups(question, user), timezone.now())
    found: dict[str, dict[str, str]] = {item.code: {} for item in question.dimensions}
    cells: dict[tuple[str, str], Tally] = {}
    for row in groups:
        key = []
        for item in question.dimensions:
            value = item.value(row[f"key_{item.code}"])
            found[item.code].setdefault(value, str(row.get(f"name_{item.code}") or ""))
            key.append(value)
        tally = _tally(question.measure, row)
        first, second = key[0], key[1] if question.over else ALL
        for place in {(first, second), (first, ALL), (ALL, second), (ALL, ALL)}:
            cells.setdefault(place, Tally()).add(tally)
    shown = _axis(question, question.by, found, MAX_ROWS, lambda value: cells[value, ALL].n)
    columns = Axis([ALL], {ALL: ""})
    if question.over:
        columns = _axis(question, question.over, found, MAX_COLUMNS, lambda value: cells[ALL, value].n)
    return Answer(question, shown, columns, cells, at)


def _kept_groups(question: Question, user: User) -> tuple[list[dict[str, Any]], datetime]:
    # Roles and department are part of the name: who loses one does not see its numbers for another minute.
    scope = (user.pk, user.department_id, *sorted(str(role.value) for role in user.role_set))
    key = f"dashboards:{_hash_of(question.querystring(), timezone.localdate(), *scope)}"
    if (found := cache.get(key)) is None:
        found = [dict(row) for row in _groups(question, user)], timezone.now()
        cache.set(key, found, KEPT)
    rows, at = found
    return rows, at


def counted_at(*answers: Answer) -> str:
    """The local time of day at which the oldest of some answers was counted."""
    return f"{timezone.localtime(min(found.at for found in answers)):%H:%M:%S}"


def _hash_of(*parts: Any) -> str:
    """A short name for some values, for keys of the cache."""
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32]


def _groups(question: Question, user: User) -> Iterable[dict[str, Any]]:
    measure = question.measure
    paths = [item.path for item in question.dimensions] + [measure.start, measure.end]
    rows = question.cube.prepared(question.rows(user), paths).order_by()
    keys = {name: value for item in question.dimensions for name, value in item.columns().items()}
    if measure.kind != "median":
        return rows.values(**keys).annotate(**measure.aggregates())
    return rows.values(**keys, start_value=F(measure.start), end_value=F(measure.end)).iterator()


def _tally(measure: Measure, row: Mapping[str, Any]) -> Tally:
    if measure.kind != "median":
        return Tally(row["n"], row.get("known", row["n"]), row.get("total") or 0)
    start, end = row["start_value"], row["end_value"]
    if start is None or end is None or end < start:
        return Tally(1)
    return Tally(1, 1, 0, [(end - start).total_seconds() / 86400])


def _axis(
    question: Question, item: Dimension, found: dict[str, dict[str, str]], limit: int, size: Any
) -> Axis:
    """The values of a dimension in order; of too many, the largest (of spans, the latest)."""
    names = found[item.code]
    if isinstance(item, Span):
        names = _without_gaps(item, names)
    options = item.options()
    order = {value: number for number, (value, _label) in enumerate(options)}
    words = {value: _word(question.cube, item, value, name, dict(options)) for value, name in names.items()}
    ordered = sorted(names, key=lambda value: item.sort_key(value, words[value], order))
    if isinstance(item, Span):
        kept = ordered[-limit:]
    elif options:
        kept = ordered[:limit]
    else:
        kept = sorted(ordered, key=lambda value: (-size(value), words[value]))[:limit]
    return Axis(kept, words, len(ordered) - len(kept))


def _without_gaps(item: Span, names: Mapping[str, str]) -> dict[str, str]:
    """Months in which nothing happened belong on a line of time."""
    spans = sorted(value for value in names if value != EMPTY)
    if not spans:
        return dict(names)
    between = spans_between(spans[0], spans[-1], item.unit)
    return (dict.fromkeys(between, "") if len(between) <= MAX_SPANS else {}) | dict(names)


def _word(cube: Cube, item: Dimension, value: str, name: str, options: Mapping[str, str]) -> str:
    if value == EMPTY:
        return str(_("Not stated"))
    return name or options.get(value) or item.word(value)


def title_of(question: Question) -> str:
    """The question in words: 预警 · 数量，按严重程度 × 区域."""
    dimensions = " × ".join(str(item.label) for item in question.dimensions)
    return _("%(cube)s · %(measure)s by %(dimensions)s") % {
        "cube": question.cube.label,
        "measure": question.measure.label,
        "dimensions": dimensions,
    }


def conditions_in_words(question: Question) -> list[str]:
    """The conditions of a question, each as 名称：值."""
    found = []
    for name, value in question.conditions.items():
        if name in question.cube.by_code:
            item = question.cube.by_code[name]
            found.append(f"{item.label}：{word_for(question.cube, item, value)}")
    start = question.conditions.get("period_after", "…")
    end = question.conditions.get("period_before", "…")
    if (start, end) != ("…", "…"):
        found.insert(0, f"{question.cube.time_label}：{start} – {end}")
    return found
