"""What is counted or summed of the rows of a cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median
from typing import Any, Literal

from django.db.models import Case, Count, F, FloatField, Q, Sum, When
from django.db.models.functions import Cast

Kind = Literal["count", "sum", "average", "median"]
Unit = Literal["rows", "money", "percent", "number", "days"]
YUAN = Q(currency__in=("CNY", ""))


@dataclass(frozen=True)
class Measure:
    """A measure of rows. `value` gives what is summed or averaged of a row (empty: not counted in).

    For a median `start` and `end` are the two columns between which days pass. `only` names the dimensions a measure may
    be looked at by; None means all.
    """

    code: str
    label: Any
    kind: Kind = "count"
    unit: Unit = "rows"
    value: Callable[[], Any] | None = None
    start: str = ""
    end: str = ""
    only: frozenset[str] | None = None
    note: Any = ""

    def aggregates(self) -> dict[str, Any]:
        """What the database adds up for each group: rows, rows with a value, their sum."""
        if self.value is None:
            return {"n": Count("pk")}
        return {"n": Count("pk"), "known": Count(self.value()), "total": Sum(self.value())}

    @property
    def is_additive(self) -> bool:
        """Whether parts of it make a whole, so that they may be stacked."""
        return self.kind in ("count", "sum")


@dataclass
class Tally:
    """Rows added up; tallies of parts add up to the tally of the whole."""

    n: int = 0
    known: int = 0
    total: Any = 0
    days: list[float] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take in the rows of another tally."""
        self.n += other.n
        self.known += other.known
        self.total += other.total
        self.days += other.days

    def result(self, measure: Measure) -> Any:
        """The number to show; None when no row has a value."""
        match measure.kind:
            case "count":
                return self.n
            case "sum":
                return self.total if self.known else None
            case "average":
                return self.total / self.known if self.known else None
        return median(self.days) if self.days else None


def in_yuan(path: str, condition: Q | None = YUAN) -> Callable[[], Any]:
    """An amount, of those in yuan only: amounts in different currencies are never added up. None: the column is in yuan."""
    return lambda: Case(When(condition, then=F(path))) if condition else F(path)


def discount(price: str, ceiling: str, condition: Q = YUAN) -> Callable[[], Any]:
    """下浮率: how far a price lies below the ceiling, as a share of the ceiling."""
    known = condition & Q(**{f"{price}__isnull": False, f"{ceiling}__gt": 0})
    # As floats: SQLite divides two whole amounts without remainder.
    share = 1.0 - Cast(F(price), FloatField()) / Cast(F(ceiling), FloatField())
    return lambda: Case(When(known, then=share), output_field=FloatField())


def plain(value: Any) -> Any:
    """A number for a chart or a file: amounts to the cent, shares and days to four places."""
    if isinstance(value, Decimal):
        return float(round(value, 2))
    return round(value, 4) if isinstance(value, float) else value
