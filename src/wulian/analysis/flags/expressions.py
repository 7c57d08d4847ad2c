"""Turns a checked expression of the catalogue into a column of a view."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from decimal import Decimal
from functools import reduce
from typing import Any, cast

import ibis
import ibis.expr.types as ir

from wulian.analysis.flags.columns import column
from wulian.law.rules.expressions import AS_OF, CONSTANTS, Expression

_OPERATORS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Mod: operator.mod,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class UnknownField(ValueError):
    """A rule reads a field that its rows do not have."""


def evaluate(expression: Expression, table: ir.Table, as_of: ir.Value) -> ir.Value:
    """Return the value of `expression` on `table`; raises UnknownField for a field the table does not have."""
    return (
        ibis.literal(found)
        if not isinstance(found := _Evaluator(table, as_of)(expression.body), ir.Value)
        else found
    )


def day(value: ir.Value) -> ir.DateValue:
    """Return the Beijing calendar date of a time of a view; a date stays as it is."""
    return cast(ir.DateValue, value if value.type().is_date() else value.cast("timestamp").date())


class _Evaluator:
    def __init__(self, table: ir.Table, as_of: ir.Value) -> None:
        self.table, self.as_of = table, as_of

    def __call__(self, node: ast.expr) -> Any:
        return getattr(self, f"_{type(node).__name__.lower()}")(node)

    def _boolop(self, node: ast.BoolOp) -> Any:
        join = operator.and_ if isinstance(node.op, ast.And) else operator.or_
        return reduce(join, [_boolean(self(part)) for part in node.values])

    def _unaryop(self, node: ast.UnaryOp) -> Any:
        inner = self(node.operand)
        return ~_boolean(inner) if isinstance(node.op, ast.Not) else -inner

    def _binop(self, node: ast.BinOp) -> Any:
        left, right = _value(self(node.left)), _value(self(node.right))
        if isinstance(node.op, (ast.Add, ast.Sub)):
            left, right = _aligned(left, right)
        return _OPERATORS[type(node.op)](left, right)

    def _compare(self, node: ast.Compare) -> Any:
        left, (op,), (right,) = _value(self(node.left)), node.ops, node.comparators
        if isinstance(op, (ast.In, ast.NotIn)):
            found = left.isin(self(right))
            return found if isinstance(op, ast.In) else ~found
        return _OPERATORS[type(op)](*_aligned(left, _value(self(right))))

    def _call(self, node: ast.Call) -> Any:
        arguments = [self(item) for item in node.args]
        return getattr(self, f"_do_{cast(ast.Name, node.func).id}")(*arguments)

    def _name(self, node: ast.Name) -> Any:
        return self.as_of if node.id == AS_OF else CONSTANTS[node.id]

    def _attribute(self, node: ast.Attribute) -> Any:
        path = f"{cast(ast.Name, node.value).id}.{node.attr}"
        if column(path) not in self.table.columns:
            raise UnknownField(f"the rows of this rule have no field {path}")
        return self.table[column(path)]

    def _constant(self, node: ast.Constant) -> Any:
        # A written 0.02 is exactly 0.02: legal limits are decimal numbers.
        return Decimal(str(node.value)) if isinstance(node.value, float) else node.value

    def _list(self, node: ast.List | ast.Tuple) -> Any:
        return [self(item) for item in node.elts]

    _tuple = _list

    def _do_coalesce(self, *values: Any) -> Any:
        return ibis.coalesce(*_aligned(*map(_value, values)))

    def _do_date(self, value: ir.Value) -> Any:
        return day(value)

    def _do_days(self, first: ir.Value, last: ir.Value) -> Any:
        return day(last).delta(day(first), unit="day")

    def _do_contains(self, text: ir.StringValue, *words: str) -> Any:
        return reduce(operator.or_, [text.contains(word) for word in words])

    def _do_has_word(self, text: ir.StringValue, *words: str) -> Any:
        return self._do_contains(text, *words).fill_null(False)

    def _do_matches(self, text: ir.StringValue, pattern: str) -> Any:
        return text.re_search(pattern)

    def _do_known(self, value: ir.Value) -> Any:
        return value.notnull()

    def _do_unknown(self, value: ir.Value) -> Any:
        return value.isnull()


def _value(item: Any) -> Any:
    if isinstance(item, Decimal):
        # A type as narrow as the number, so that its product with an amount still fits a decimal.
        return ibis.literal(item, type=f"decimal(18, {max(0, -int(item.as_tuple().exponent))})")
    return item if isinstance(item, (ir.Value, list)) else ibis.literal(item)


def _aligned(*values: Any) -> tuple[Any, ...]:
    """Give decimals of different scale one type; engines compare them exactly, Ibis refuses to mix them."""
    kinds = [value.type() for value in values]
    if len({kind for kind in kinds if kind.is_decimal()}) < 2:
        return values
    common = f"decimal(38, {max(kind.scale or 0 for kind in kinds if kind.is_decimal())})"
    return tuple(
        value.cast(common) if kind.is_decimal() else value for value, kind in zip(values, kinds, strict=True)
    )


def _boolean(item: Any) -> ir.BooleanValue:
    return cast(ir.BooleanValue, _value(item))
