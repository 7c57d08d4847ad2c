"""A cube is data: rows from `visible_to`, what may be measured of them, and by what they may be counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import resolve, reverse
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.models import User
from wulian.dashboards.cubes.dimensions import Dimension, Span
from wulian.dashboards.cubes.measures import Measure


@dataclass(frozen=True, eq=False)
class Cube:
    """One kind of record to ask questions about.

    `page` is the list page that shows the rows: the name of its address, or the class where the room has no address
    for it. `time` is the column of the period; `derived` are columns that are worked out, only when they are asked for.
    """

    code: str
    label: Any
    model: Callable[[], type[Model]]
    page: str | type
    time: str
    time_label: Any
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    is_date: bool = False
    current: Q = field(default_factory=Q)
    derived: Mapping[str, Callable[[], Any]] = field(default_factory=dict)

    def rows(self, user: User) -> QuerySet[Any]:
        """The records that `user` may see."""
        return self.model()._default_manager.visible_to(user).filter(self.current)  # type: ignore[attr-defined]

    def prepared(self, rows: QuerySet[Any], paths: Iterable[str]) -> QuerySet[Any]:
        """`rows` with those of the derived columns that `paths` name."""
        wanted = {path: self.derived[path]() for path in paths if path in self.derived}
        return rows.alias(**wanted) if wanted else rows

    def narrow(self, rows: QuerySet[Any], code: str, value: str) -> QuerySet[Any]:
        """The rows of one value of one dimension."""
        dimension = self.by_code[code]
        return dimension.narrow(self.prepared(rows, [dimension.path]), value)

    @cached_property
    def by_code(self) -> dict[str, Dimension]:
        """Every dimension, the spans of time included."""
        return {dimension.code: dimension for dimension in (*self.dimensions, *self._spans())}

    @cached_property
    def measure_by_code(self) -> dict[str, Measure]:
        return {measure.code: measure for measure in self.measures}

    @cached_property
    def view(self) -> type[Any]:
        """The list page of the rows."""
        if isinstance(self.page, type):
            return self.page
        shown: Any = resolve(reverse(self.page)).func
        return shown.view_class

    def _spans(self) -> list[Span]:
        labels = {"month": _("Month"), "quarter": _("Quarter"), "year": _("Year")}
        return [
            Span(unit, label, self.time, unit=unit, is_date=self.is_date)  # type: ignore[arg-type]
            for unit, label in labels.items()
        ]
