"""What each condition of the catalogue computes: small functions that add hit, value, threshold and severity columns.

Hit is true, false or unknown (null). The two-threshold practice of REFERENCE 0.5 is here, in `min_days` and
`within_days`: counting that could be read in the party's favour never gives 红.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, cast

import ibis
import ibis.expr.types as ir

from wulian.analysis.flags.expressions import day, evaluate
from wulian.law.rules import SEVERITIES
from wulian.law.rules import conditions as shapes
from wulian.law.rules.expressions import Expression

PARTS = 1_000_000
WIDE = "decimal(24, 2)"
HIT, VALUE, THRESHOLD, SEVERITY = "hit", "value", "threshold", "severity"
Handler = Callable[[ir.Table, Any, "Context"], ir.Table]
_HANDLERS: dict[str, Handler] = {}


@dataclass(frozen=True)
class Context:
    """What a condition needs besides its row: the rule's severity, the as-of date, the calendar, other tables.

    `prefix` names the columns the condition adds.
    """

    severity: str
    as_of: ir.DateValue
    calendar: ir.Table
    tables: Mapping[str, ir.Table] = field(repr=False)
    prefix: str = "_"

    def eval(self, expression: Expression, table: ir.Table) -> Any:
        """Return the expression's value on `table`."""
        return evaluate(expression, table, self.as_of)

    def day(self, expression: Expression, table: ir.Table) -> ir.DateValue:
        """Return the calendar date of the expression's value on `table`."""
        return day(self.eval(expression, table))

    def milder(self, severity: str) -> str:
        """Return `severity`, or the rule's own when that is milder."""
        return max(severity, self.severity, key=SEVERITIES.index)


def judge(table: ir.Table, condition: shapes.Condition, context: Context) -> ir.Table:
    """Add the verdict of `condition` to each row: ``<prefix>hit``, ``value``, ``threshold``, ``severity``."""
    judged = _HANDLERS[condition.fn](table, condition, context)
    if condition.when is None:
        return judged
    name = context.prefix + HIT
    scope = cast(ir.BooleanValue, context.eval(condition.when, judged))
    return judged.mutate(**{name: scope & judged[name]})


def _handles(fn: str) -> Callable[[Handler], Handler]:
    def register(handler: Handler) -> Handler:
        _HANDLERS[fn] = handler
        return handler

    return register


def _verdict(
    table: ir.Table,
    context: Context,
    hit: Any,
    value: Any = None,
    threshold: Any = None,
    severity: Any = None,
) -> ir.Table:
    columns = {
        HIT: hit,
        VALUE: _number(value),
        THRESHOLD: _number(threshold),
        SEVERITY: ibis.literal(context.severity) if severity is None else severity,
    }
    return table.mutate(**{context.prefix + name: column for name, column in columns.items()})


def _number(value: Any) -> ir.Value:
    if value is None:
        return ibis.null("float64")
    value = value if isinstance(value, ir.Value) else ibis.literal(value)
    return (
        value.cast("float64")
        if value.type().is_numeric() or value.type().is_boolean()
        else ibis.null("float64")
    )


def _rolled(table: ir.Table, due: ir.Value, context: Context) -> tuple[ir.Table, str]:
    """Add the date to which DT-2 rolls `due` (the same date where the calendar does not reach)."""
    raw, rolled = f"{context.prefix}due", f"{context.prefix}rolled"
    table = table.mutate(**{raw: due})
    calendar = context.calendar.select(**{f"{rolled}_day": "day", rolled: "rolled"})
    table = table.left_join(calendar, table[raw] == calendar[f"{rolled}_day"])
    return table.mutate(**{rolled: ibis.coalesce(table[rolled], table[raw])}), rolled


@_handles("min_days")
def _min_days(table: ir.Table, condition: shapes.MinDays, context: Context) -> ir.Table:
    last = condition.days
    rolled = ""
    if condition.whole_last_day:
        table, rolled = _rolled(table, _plus_days(context.day(condition.start, table), last), context)
    start, end = context.day(condition.start, table), context.day(condition.end, table)
    count = end.delta(start, unit="day")
    short = (count < last) | (end < table[rolled]) if rolled else count < last
    severity = (count + 1 < last).ifelse(context.severity, context.milder("黄"))
    return _verdict(table, context, short, count, last, severity)


@_handles("within_days")
def _within_days(table: ir.Table, condition: shapes.WithinDays, context: Context) -> ir.Table:
    start = context.day(condition.start, table)
    end = ibis.coalesce(context.day(condition.done, table), context.as_of)
    days = context.eval(condition.days, table).cast("int64")
    names = {name: f"{context.prefix}{name}" for name in ("from", "to", "days")}
    table = table.mutate(**{names["from"]: start, names["to"]: end, names["days"]: days})
    if condition.unit == "working_day":
        return _within_working_days(table, names, context)
    start, days = table[names["from"]], table[names["days"]]
    due = _plus_days(start, days) if condition.unit == "day" else _plus_months(start, condition)
    severity: Any = None
    if condition.roll:
        table, rolled = _rolled(table, due, context)
        due = table[f"{context.prefix}due"]
        if context.severity in ("红", "橙"):
            severity = (table[names["to"]] > table[rolled]).ifelse("红", "橙")
    end, start, days = table[names["to"]], table[names["from"]], table[names["days"]]
    limit = due.delta(start, unit="day")
    return _verdict(table, context, end > due, end.delta(start, unit="day"), limit, severity)


def _within_working_days(table: ir.Table, names: dict[str, str], context: Context) -> ir.Table:
    for side in ("from", "to"):
        name = f"{context.prefix}worked_{side}"
        calendar = context.calendar.select(**{f"{name}_day": "day", name: "worked"})
        table = table.left_join(calendar, table[names[side]] == calendar[f"{name}_day"])
    passed = table[f"{context.prefix}worked_to"] - table[f"{context.prefix}worked_from"]
    return _verdict(table, context, passed > table[names["days"]], passed, table[names["days"]])


def _plus_days(start: ir.Value, days: Any) -> ir.Value:
    step = ibis.interval(days=days) if isinstance(days, int) else days.as_interval("D")
    return (start + step).cast("date")


def _plus_months(start: ir.Value, condition: shapes.WithinDays) -> ir.Value:
    return (start + ibis.interval(months=int(condition.days.text))).cast("date")


@_handles("max_ratio")
def _max_ratio(table: ir.Table, condition: shapes.MaxRatio, context: Context) -> ir.Table:
    amount, base = context.eval(condition.amount, table), context.eval(condition.base, table)
    # Whole numbers keep the comparison exact to the cent on every engine: amount × 10⁶ against base × ratio × 10⁶.
    amount, base = amount.cast(WIDE), base.cast(WIDE)
    exceeds = amount * PARTS > base * int(condition.ratio * PARTS)
    return _verdict(table, context, exceeds, amount, base.cast("float64") * float(condition.ratio))


@_handles("at_most")
def _at_most(table: ir.Table, condition: shapes.AtMost, context: Context) -> ir.Table:
    value, limit = context.eval(condition.value, table), context.eval(condition.limit, table)
    return _verdict(table, context, value > limit, value, limit)


@_handles("at_least")
def _at_least(table: ir.Table, condition: shapes.AtLeast, context: Context) -> ir.Table:
    value, limit = context.eval(condition.value, table), context.eval(condition.limit, table)
    return _verdict(table, context, value < limit, value, limit)


@_handles("missing")
def _missing(table: ir.Table, condition: shapes.Missing, context: Context) -> ir.Table:
    gone = context.eval(condition.field, table).isnull()
    if condition.since is not None:
        # A missing start says nothing; the gap counts from the day after it.
        gone = (context.day(condition.since, table) < context.as_of) & gone
    return _verdict(table, context, gone, 0, 1)


@_handles("present")
def _present(table: ir.Table, condition: shapes.Present, context: Context) -> ir.Table:
    value = context.eval(condition.field, table)
    shown = value if value.type().is_numeric() else 1
    return _verdict(table, context, value.notnull(), shown, 0)


@_handles("holds")
def _holds(table: ir.Table, condition: shapes.Holds, context: Context) -> ir.Table:
    value = context.eval(condition.value, table) if condition.value is not None else 1
    threshold = context.eval(condition.threshold, table) if condition.threshold is not None else 0
    return _verdict(table, context, context.eval(condition.that, table), value, threshold)


@_handles("not_after")
def _not_after(table: ir.Table, condition: shapes.NotAfter, context: Context) -> ir.Table:
    what, limit = context.day(condition.what, table), context.day(condition.limit, table)
    late = limit.notnull() & what.isnull() | (what > limit)
    return _verdict(table, context, late, what.delta(limit, unit="day"), 0)


@_handles("max_gap")
def _max_gap(table: ir.Table, condition: shapes.MaxGap, context: Context) -> ir.Table:
    start, end = context.eval(condition.start, table), context.eval(condition.end, table)
    seconds = (end.epoch_seconds() - start.epoch_seconds()).abs()
    wide: Any = seconds > condition.minutes * 60
    if condition.missing_counts:
        wide = (end.isnull() & start.notnull()) | wide
    return _verdict(table, context, wide, seconds / 60, condition.minutes)


@_handles("step_between")
def _step_between(table: ir.Table, condition: shapes.StepBetween, context: Context) -> ir.Table:
    start = context.eval(condition.start, table)
    until = ibis.coalesce(context.eval(condition.until, table), context.as_of.cast("timestamp"))
    inside = []
    for expression in condition.steps:
        step = context.eval(expression, table)
        # A step that has not been taken lies nowhere; only a missing start leaves the question open.
        inside.append(((step > start) & (step < until)).fill_null(False))
    taken = [item.cast("int64") for item in inside]
    known = start.notnull().ifelse(True, ibis.null("boolean"))
    return _verdict(table, context, known & reduce(operator.or_, inside), reduce(operator.add, taken), 0)


@_handles("equal_values_between_bids")
def _equal_values_between_bids(
    table: ir.Table, condition: shapes.EqualBetweenBids, context: Context
) -> ir.Table:
    spared: Any = ibis.literal(False)
    if condition.unless is not None:
        spared = cast(ir.BooleanValue, context.eval(condition.unless, table)).fill_null(False)
    keys = {
        f"{context.prefix}key{place}": context.eval(value, table)
        for place, value in enumerate(condition.values)
    }
    table = table.mutate(
        **{f"{context.prefix}spared": spared},
        **{key: spared.ifelse(ibis.null(value.type()), value) for key, value in keys.items()},
    )
    counts = []
    for key in keys:
        count = f"{key}_same"
        shared = table.filter(table[key].notnull()).group_by("lot_id", key)
        owners = shared.agg(**{count: ibis._.bid__tenderer.nunique()})
        table = table.left_join(owners, ["lot_id", key], rname="{name}_right")
        table = table.drop([name for name in ("lot_id_right", f"{key}_right") if name in table.columns])
        counts.append(count)
    most = reduce(ibis.greatest, [table[name].fill_null(0) for name in counts])
    decidable = reduce(
        operator.or_, [table[name].notnull() for name in counts], table[f"{context.prefix}spared"]
    )
    return _verdict(table, context, decidable.ifelse(most > 1, ibis.null("boolean")), most, 1)


@_handles("not_among")
def _not_among(table: ir.Table, condition: shapes.NotAmong, context: Context) -> ir.Table:
    table, known, listed = _listed(table, condition, context)
    return _verdict(table, context, known.ifelse(~listed, ibis.null("boolean")), 0, 1)


@_handles("among")
def _among(table: ir.Table, condition: shapes.Among, context: Context) -> ir.Table:
    table, known, listed = _listed(table, condition, context)
    return _verdict(table, context, known.ifelse(listed, ibis.null("boolean")), 1, 0)


def _listed(table: ir.Table, condition: shapes.NotAmong | shapes.Among, context: Context) -> Any:
    """Add whether the value can be compared, and whether the lot has it in the other table."""
    other = context.tables[condition.table]
    if condition.table == "awards":
        other = other.filter(~other.status.isin(("cancelled", "unsuccessful")).fill_null(False))
    key, seen, rows = (f"{context.prefix}{name}" for name in ("key", "seen", "rows"))
    column = other[condition.column]
    other = other.filter(column.notnull())
    listed = other.group_by("lot_id", **{key: other[condition.column]}).agg(**{seen: other.count()})
    totals = other.group_by("lot_id").agg(**{rows: other.count()})
    table = table.mutate(**{key: context.eval(condition.value, table)})
    table = table.left_join(listed, ["lot_id", key], rname="{name}_right").drop(
        "lot_id_right", f"{key}_right"
    )
    table = table.left_join(totals, ["lot_id"], rname="{name}_right").drop("lot_id_right")
    return table, table[key].notnull() & table[rows].notnull(), table[seen].notnull()


@_handles("combined_total")
def _combined_total(table: ir.Table, condition: shapes.CombinedTotal, context: Context) -> ir.Table:
    """Join each counted row with the days of its group that lie before it and within the months."""
    value, limit = context.eval(condition.value, table), context.eval(condition.limit, table)
    counted: Any = value < limit
    if condition.when is not None:
        counted = counted & context.eval(condition.when, table)
    names = [f"{context.prefix}by{place}" for place in range(len(condition.by))]
    at, amount, total, parts = (f"{context.prefix}{name}" for name in ("at", "amount", "total", "parts"))
    table = table.mutate(
        **{name: context.eval(item, table) for name, item in zip(names, condition.by, strict=True)},
        **{at: context.day(condition.at, table), amount: counted.ifelse(value.cast(WIDE), ibis.null(WIDE))},
    )
    own = table.filter(table[amount].notnull()).select("row_id", at, amount, *names)
    # Day by day first: an owner with ten thousand small contracts has but 366 days to look back on.
    daily = own.group_by(at, *names).agg(**{total: own[amount].sum(), parts: own.count()})
    daily = daily.rename(**{f"{name}_": name for name in (at, *names)})
    since = own[at] - ibis.interval(months=condition.months)
    near = [own[name] == daily[f"{name}_"] for name in names]
    pairs = own.inner_join(daily, [*near, daily[f"{at}_"] <= own[at], daily[f"{at}_"] >= since])
    sums = pairs.group_by("row_id").agg(**{total: pairs[total].sum(), parts: pairs[parts].sum()})
    table = table.left_join(sums, "row_id", rname="{name}_right").drop("row_id_right")
    hit = (table[total] >= limit) & (table[parts] > 1)
    return _verdict(table, context, hit.fill_null(False), table[total], limit)


@_handles("any_of")
def _any_of(table: ir.Table, condition: shapes.AnyOf, context: Context) -> ir.Table:
    prefixes = [f"{context.prefix}{position}_" for position in range(len(condition.conditions))]
    for prefix, part in zip(prefixes, condition.conditions, strict=True):
        table = judge(table, part, replace(context, prefix=prefix))
    hits = [table[prefix + HIT] for prefix in prefixes]
    ranks = [_rank(table, prefix) for prefix in prefixes]
    worst = ibis.least(*ranks)
    chosen = {
        name: ibis.cases(
            *[(rank == worst, table[prefix + name]) for rank, prefix in zip(ranks, prefixes, strict=True)]
        )
        for name in (VALUE, THRESHOLD, SEVERITY)
    }
    return _verdict(
        table, context, reduce(operator.or_, hits), chosen[VALUE], chosen[THRESHOLD], chosen[SEVERITY]
    )


def _rank(table: ir.Table, prefix: str) -> ir.Value:
    """0 for a hit of the worst severity, rising; a part that does not hit comes last."""
    places = [(table[prefix + SEVERITY] == name, place) for place, name in enumerate(SEVERITIES)]
    severity = ibis.cases(*places, else_=len(SEVERITIES))
    return table[prefix + HIT].fill_null(False).ifelse(severity, len(SEVERITIES) + 1)
