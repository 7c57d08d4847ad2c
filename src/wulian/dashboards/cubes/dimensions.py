"""By what rows are counted: a column, a linked record, a span of time, something computed.

A dimension knows three things, so that a number and its list can never disagree: the expression rows are grouped by,
the condition that picks the rows of one value, and the words for a value. A value is text, as it stands in an address.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from django.db.models import Case, CharField, DateField, F, Func, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

EMPTY: Final = "-"
"""The value of rows that have none."""

Choices = Callable[[], Iterable[tuple[str, Any]]]
Unit = Literal["month", "quarter", "year"]


@dataclass(frozen=True)
class Dimension:
    """A column with a list of values; rows with a value outside the list keep their code as their word."""

    code: str
    label: Any
    path: str
    choices: Choices | None = None

    def columns(self) -> dict[str, Any]:
        """The expressions to group by: `key_<code>`, and `name_<code>` where the word comes from the row."""
        return {f"key_{self.code}": F(self.path)}

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The rows of one value."""
        if value == EMPTY:
            return rows.filter(Q(**{self.path: ""}) | Q(**{f"{self.path}__isnull": True}))
        return rows.filter(**{self.path: value})

    def value(self, key: Any) -> str:
        """What the database gave for `key_<code>` as the text of an address."""
        return EMPTY if key in (None, "") else str(key)

    def options(self) -> list[tuple[str, str]]:
        """The known values with their words, in their order; empty when there are too many to list."""
        return [(str(value), str(label)) for value, label in self.choices()] if self.choices else []

    def word(self, value: str) -> str:
        """The word for a value that is not among the options."""
        return value

    def sort_key(self, value: str, name: str, order: Mapping[str, int]) -> Any:
        """Where a value stands: as in the options, unknown ones after them, rows without a value last."""
        return (value == EMPTY, order.get(value, len(order)), name)

    @property
    def is_time(self) -> bool:
        return False


@dataclass(frozen=True)
class Link(Dimension):
    """A linked record, counted by its number and shown by the text at `name`."""

    name: str = ""

    def columns(self) -> dict[str, Any]:
        return {f"key_{self.code}": F(f"{self.path}_id"), f"name_{self.code}": F(f"{self.path}__{self.name}")}

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value == EMPTY:
            return rows.filter(**{f"{self.path}__isnull": True})
        return rows.filter(**{f"{self.path}_id": value}) if _is_number(value) else rows.none()


@dataclass(frozen=True)
class Computed(Dimension):
    """A word that is worked out from several columns; `expression` gives it as text."""

    expression: Callable[[], Any] = lambda: Value("")

    def columns(self) -> dict[str, Any]:
        return {f"key_{self.code}": self.expression()}

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        name, expression = f"_{self.code}", self.expression()
        first = expression.cases[0] if isinstance(expression, Case) else None
        if first and first.result == Value(value):
            # Nothing comes before it: its own condition can be read off an index, which the word for it cannot.
            return rows.filter(first.condition)
        found = rows.alias(**{name: expression})
        return found.filter(**{name: "" if value == EMPTY else value})


class LocalMonth(Func):
    """The month 2026-05 of a day or, in local time, of a moment, in a function of each database's own.

    Django's TruncMonth calls Python for each row of SQLite, which takes seconds for a city. Local time is taken to keep
    its distance from UTC, as Beijing time has since 1991.
    """

    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        offset = timezone.localtime().utcoffset() or dt.timedelta()
        shift = "" if self._is_date() else f", '{offset.total_seconds() / 60:+.0f} minutes'"
        return super().as_sql(
            compiler, connection, template=f"strftime('%%%%Y-%%%%m', %(expressions)s{shift})", **extra
        )

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        zone = "" if self._is_date() else f" AT TIME ZONE '{timezone.get_current_timezone_name()}'"
        return super().as_sql(
            compiler, connection, template=f"to_char(%(expressions)s{zone}, 'YYYY-MM')", **extra
        )

    def _is_date(self) -> bool:
        # A moment is a day too, by inheritance of the fields.
        return type(self.get_source_expressions()[0].output_field) is DateField


@dataclass(frozen=True)
class Span(Dimension):
    """A month, quarter or year of local time; `is_date` when the column holds days and not moments."""

    unit: Unit = "month"
    is_date: bool = False

    @property
    def is_time(self) -> bool:
        return True

    def columns(self) -> dict[str, Any]:
        return {f"key_{self.code}": LocalMonth(self.path)}

    def narrow(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value == EMPTY:
            return rows.filter(**{f"{self.path}__isnull": True})
        bounds = bounds_of(value)
        if bounds is None or span_of(bounds[0], self.unit) != value:
            return rows.none()
        start, end = (day if self.is_date else _midnight(day) for day in bounds)
        return rows.filter(**{f"{self.path}__gte": start, f"{self.path}__lt": end})

    def value(self, key: Any) -> str:
        return EMPTY if key is None else span_of(dt.date(int(key[:4]), int(key[5:7]), 1), self.unit)

    def word(self, value: str) -> str:
        year, _dash, part = value.partition("-")
        if part.startswith("Q"):
            return _("%(year)s Q%(quarter)s") % {"year": year, "quarter": part[1:]}
        return value

    def sort_key(self, value: str, name: str, order: Mapping[str, int]) -> Any:
        return (value == EMPTY, value)


def span_of(day: dt.date, unit: Unit) -> str:
    """The span that a day lies in: 2026-05, 2026-Q2 or 2026."""
    if unit == "year":
        return f"{day.year:04d}"
    return (
        f"{day.year:04d}-Q{(day.month + 2) // 3}" if unit == "quarter" else f"{day.year:04d}-{day.month:02d}"
    )


def bounds_of(value: str) -> tuple[dt.date, dt.date] | None:
    """The first day of a span and the day after its last; None for text that names no span."""
    year, _dash, part = value.partition("-")
    if not _is_number(year) or len(year) != 4 or not 1 <= int(year) <= 9998:
        return None
    quarter = part.startswith("Q")
    number = part[1:] if quarter else part
    if not part:
        month, length = 1, 12
    elif _is_number(number) and 1 <= int(number) <= (4 if quarter else 12):
        month, length = (int(number) * 3 - 2, 3) if quarter else (int(number), 1)
    else:
        return None
    return dt.date(int(year), month, 1), _month_after(int(year), month, length)


def spans_between(first: str, last: str, unit: Unit) -> list[str]:
    """Every span from `first` to `last`, both included."""
    found, start, end = [], bounds_of(first), bounds_of(last)
    while start and end and start[0] < end[1]:
        found.append(span_of(start[0], unit))
        start = bounds_of(span_of(start[1], unit))
    return found


def choose(*cases: tuple[Q, str], default: str = "") -> Case:
    """The word of the first condition that holds."""
    whens = [When(condition, then=Value(word)) for condition, word in cases]
    return Case(*whens, default=Value(default), output_field=CharField())


def _month_after(year: int, month: int, length: int) -> dt.date:
    months = year * 12 + month - 1 + length
    return dt.date(months // 12, months % 12 + 1, 1)


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
