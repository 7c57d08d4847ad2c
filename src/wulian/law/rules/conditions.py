"""The vocabulary of conditions: one model per `fn`, the numbers and field paths it takes.

What each one computes is in ``wulian.analysis.flags.conditions``; here is only its shape, so that the catalogue can be
checked without an engine. Days are calendar days unless `unit` says otherwise (REFERENCE 0.5 DT-4).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from wulian.law.rules.expressions import Expression


class _Condition(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, arbitrary_types_allowed=True
    )

    when: Expression | None = Field(None, description="judge only where this holds")

    def fields(self) -> tuple[str, ...]:
        """Return the field paths the condition reads, each once, in order."""
        found: list[str] = []
        for name in type(self).model_fields:
            found.extend(_paths(getattr(self, name)))
        return tuple(dict.fromkeys(found))


def _paths(value: object) -> list[str]:
    if isinstance(value, Expression):
        return list(value.fields)
    if isinstance(value, _Condition):
        return list(value.fields())
    if isinstance(value, (list, tuple)):
        return [path for item in value for path in _paths(item)]
    return []


class MinDays(_Condition):
    """Not less than `days` from `start` to `end`: 红 when short under every counting, 黄 when only under the strict one.

    With `whole_last_day`, also 黄 when the period ends before the date to which DT-2 rolls its last day.
    """

    fn: Literal["min_days"]
    start: Expression = Field(alias="from")
    end: Expression = Field(alias="to")
    days: int = Field(ge=1)
    whole_last_day: bool = False


class WithinDays(_Condition):
    """Done within `days` from `start`, else by the as-of date: 橙 past the raw date, 红 also past the rolled date.

    `unit` working_day counts with the legal calendar and knows no roll; month is the corresponding day (民法典 202).
    """

    fn: Literal["within_days"]
    start: Expression = Field(alias="from")
    done: Expression
    days: Expression
    unit: Literal["day", "working_day", "month"] = "day"
    roll: bool = True


class MaxRatio(_Condition):
    """`amount` may not exceed `base` × `ratio` (exactly equal is allowed, DT-3)."""

    fn: Literal["max_ratio"]
    amount: Expression
    base: Expression
    ratio: Decimal


class AtMost(_Condition):
    """`value` may not exceed `limit`."""

    fn: Literal["at_most"]
    value: Expression
    limit: Expression


class AtLeast(_Condition):
    """`value` may not be below `limit` (a count, a number)."""

    fn: Literal["at_least"]
    value: Expression
    limit: Expression


class Missing(_Condition):
    """`field` must be there; with `since`, only after that date has passed."""

    fn: Literal["missing"]
    field: Expression
    since: Expression | None = None


class Present(_Condition):
    """`field` must not be there."""

    fn: Literal["present"]
    field: Expression


class Holds(_Condition):
    """A fact that must not be; `value` and `threshold` are shown with the alert."""

    fn: Literal["holds"]
    that: Expression
    value: Expression | None = None
    threshold: Expression | None = None


class NotAfter(_Condition):
    """`what` must be there and not lie on a later date than `limit`; the value is the number of days too late."""

    fn: Literal["not_after"]
    what: Expression
    limit: Expression


class MaxGap(_Condition):
    """Two times may not be further apart than `minutes`; with `missing_counts` a missing `end` is a breach."""

    fn: Literal["max_gap"]
    start: Expression = Field(alias="from")
    end: Expression = Field(alias="to")
    minutes: int = Field(ge=0)
    missing_counts: bool = False


class StepBetween(_Condition):
    """No step may fall after `start` and before `until` (before the as-of date while `until` is open)."""

    fn: Literal["step_between"]
    start: Expression = Field(alias="from")
    until: Expression
    steps: list[Expression] = Field(min_length=1)


class EqualBetweenBids(_Condition):
    """Two tenderers of one lot share a value of one of the `fields`; bids for which `unless` holds are left out."""

    fn: Literal["equal_values_between_bids"]
    values: list[Expression] = Field(min_length=1)
    unless: Expression | None = None


class NotAmong(_Condition):
    """`value` must be among the rows of `table`.`column` of the same lot; undecided when the lot has no such row."""

    fn: Literal["not_among"]
    value: Expression
    table: Literal["candidates", "awards", "bids"]
    column: str


class Among(_Condition):
    """`value` may not be among the rows of `table`.`column` of the same lot; undecided when the lot has no such row."""

    fn: Literal["among"]
    value: Expression
    table: Literal["candidates", "awards", "bids"]
    column: str


class CombinedTotal(_Condition):
    """Rows that belong together (all of `by` equal) may not reach `limit` together while each stays below it.

    Counted are the rows for which `when` holds, from `months` before the row's own date `at` up to that date.
    """

    fn: Literal["combined_total"]
    value: Expression
    by: list[Expression] = Field(min_length=1)
    at: Expression
    months: int = Field(ge=1)
    limit: Expression


class AnyOf(_Condition):
    """At least one of the conditions holds; the worst one gives severity, value and threshold."""

    fn: Literal["any_of"]
    conditions: list[Condition] = Field(min_length=2)


Condition = Annotated[
    MinDays
    | WithinDays
    | MaxRatio
    | AtMost
    | AtLeast
    | Missing
    | Present
    | Holds
    | NotAfter
    | MaxGap
    | StepBetween
    | EqualBetweenBids
    | NotAmong
    | Among
    | CombinedTotal
    | AnyOf,
    Field(discriminator="fn"),
]
AnyOf.model_rebuild()
