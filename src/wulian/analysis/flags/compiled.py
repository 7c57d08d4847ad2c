"""Rules as SQL text, compiled from Ibis once in a process.

Building and compiling the expressions of the whole catalogue takes seconds of pure Python, however small the data; the text
depends on the rules alone. The as-of day is therefore no literal but a function that the engine defines for each run.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from threading import RLock
from typing import Any, cast

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

from wulian.analysis.flags import conditions
from wulian.analysis.flags.backends import compiler_for, wall_clock
from wulian.analysis.flags.catalogue import Judged
from wulian.analysis.flags.columns import column
from wulian.analysis.flags.expressions import evaluate
from wulian.analysis.flags.tables import empty_table
from wulian.analysis.flags.views import Views
from wulian.analysis.redflags import RedFlag
from wulian.analysis.redflags.basis import Market
from wulian.analysis.redflags.judging import judged as judged_flag
from wulian.exchange.records import TABLES
from wulian.law.rules import Rule
from wulian.law.rules.conditions import Condition
from wulian.law.rules.expressions import Expression

CALENDAR = "calendar"
CALENDAR_SCHEMA = {"day": "date", "rolled": "date", "worked": "int64", "provisional": "boolean"}
IDS = ("project_id", "tender_id", "lot_id", "bid_id", "contract_id", "row_id")
NAMES = (
    "project.name",
    "tender.name",
    "lot.name",
    "entity.name",
    "tenderer.name",
    "supplier.name",
    "contract.contract_no",
)
# Sets of columns for which the views are kept compiled: a platform runs all rules, or those that look across projects, too.
KEPT_VIEWS = 8
# Rule versions kept compiled; rules a platform changed come on top of the catalogue.
KEPT_RULES = 1024
EXPLAINING = "explaining"
_LOCK = RLock()


@ibis.udf.scalar.builtin
def as_of_day() -> date:  # type: ignore[empty-body]
    """The day on which open periods are judged; `Engine.define_day` gives it its value."""


@dataclass(frozen=True)
class Statement:
    """A query as text, the columns it gives, and the tables it reads."""

    sql: str
    schema: pa.Schema
    reads: frozenset[str]


class CompiledViews:
    """The views with the columns of `wanted`, each a statement over ``t_<table>`` and other views."""

    def __init__(self, dialect: str, wanted: frozenset[str]) -> None:
        self.dialect = dialect
        self.statements: dict[str, Statement] = {}
        self.views = Views(_tables(), wanted, self._keep)

    def _keep(self, name: str, view: ir.Table) -> ir.Table:
        name = f"view_{name}"
        self.statements[name] = compile_query(view, self.dialect)
        return ibis.table(view.schema(), name=name)


class CompiledFlags:
    """The tables that red flags share, each a statement, and the statement of each flag."""

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self.statements: dict[str, Statement] = {}
        self.market = Market(_tables(), self._keep, as_of_day())

    def _keep(self, name: str, table: ir.Table) -> ir.Table:
        name = f"flag_{name}"
        self.statements[name] = compile_query(table, self.dialect)
        return ibis.table(table.schema(), name=name)

    def flag(self, flag: RedFlag) -> Statement:
        """Return the statement that judges `flag`; ValueError when its rows lack what it shows."""
        key = (self.dialect, repr(flag), frozenset[str]())
        if key not in _RULES:
            _RULES[key] = compile_query(judged_flag(flag, self.market), self.dialect)
        return _RULES[key]


class CompiledRules:
    """What a run of some rules executes: one statement a rule, over shared views."""

    def __init__(self, dialect: str, rules: Iterable[Judged]) -> None:
        wanted = frozenset(name for rule in rules if isinstance(rule, Rule) for name in _wanted(rule))
        with _LOCK:
            self._compiled = _views(dialect, wanted)
            self._flags = _flags(dialect)

    @property
    def views(self) -> Mapping[str, Statement]:
        """Return the statements of the views by table name."""
        return {**self._compiled.statements, **self._flags.statements}

    def rule(self, rule: Judged) -> Statement:
        """Return the statement that judges `rule`; ValueError when it reads a field its rows do not have."""
        with _LOCK:
            if isinstance(rule, RedFlag):
                return self._flags.flag(rule)
            there = self._compiled.views.columns(rule.rows)
            if missing := [path for path in _paths(rule) if column(path) not in there]:
                raise ValueError(f"rule {rule.id}: rows {rule.rows!r} have no field {', '.join(missing)}")
            key = (self._compiled.dialect, rule_text(rule), frozenset(there.intersection(_wanted(rule))))
            if key not in _RULES:
                if len(_RULES) >= KEPT_RULES:
                    _RULES.clear()
                _RULES[key] = compile_query(_judged(rule, self._compiled.views), self._compiled.dialect)
            return _RULES[key]


_RULES: dict[tuple[str, str, frozenset[str]], Statement] = {}


@cache
def _flags(dialect: str) -> CompiledFlags:
    return CompiledFlags(dialect)


@lru_cache(maxsize=KEPT_VIEWS)
def _views(dialect: str, wanted: frozenset[str]) -> CompiledViews:
    return CompiledViews(dialect, wanted)


@cache
def _tables() -> Mapping[str, ir.Table]:
    return {name: _stub(name, wall_clock(empty_table(name)).schema) for name in TABLES}


def _stub(name: str, schema: pa.Schema) -> ir.Table:
    types = ibis.Schema.from_pyarrow(schema)
    return ibis.table({field: kind.copy(nullable=True) for field, kind in types.items()}, name=f"t_{name}")


def compile_query(query: ir.Table, dialect: str) -> Statement:
    """Compile an Ibis expression to the SQL of an engine's `dialect`."""
    compiler = compiler_for(dialect)
    sql = compiler.to_sqlglot(query).sql(dialect=compiler.dialect, copy=False)
    reads = frozenset(table.name for table in query.op().find(ops.UnboundTable))
    return Statement(sql, query.schema().to_pyarrow(), reads)


@contextmanager
def without_collection() -> Iterator[None]:
    """Pause the garbage collector: compiling makes many small objects, and none of them is garbage before the end."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _judged(rule: Rule, views: Views) -> ir.Table:
    """The rows of the rule with `verdict` (true, false or null for undecidable) and what explains it."""
    as_of = as_of_day()
    calendar = ibis.table(CALENDAR_SCHEMA, name=f"t_{CALENDAR}")
    condition = _condition(rule)
    view = _packed(views.view(rule.rows, _wanted(rule)), rule)
    judged = conditions.judge(
        view, condition, conditions.Context(rule.severity, as_of, calendar, views.tables)
    )
    conduct = _conduct(rule, judged, as_of)
    in_force = conduct >= ibis.literal(rule.valid_from)
    if rule.valid_to is not None:
        in_force = in_force & (conduct <= ibis.literal(rule.valid_to))
    verdict: Any = judged._hit
    if rule.applies_if is not None:
        verdict = evaluate(rule.applies_if, judged, as_of) & verdict
    return judged.mutate(
        subject_id=judged[f"{rule.subject}_id"],
        conduct_date=conduct,
        verdict=in_force.ifelse(verdict, ibis.literal(False)),
    )


def _packed(view: ir.Table, rule: Rule) -> ir.Table:
    """Put the columns that only explain a hit into one, so that each step of the query carries one and not a dozen."""
    conduct = rule.conduct_date.fields if rule.conduct_date else ()
    scope = rule.applies_if.fields if rule.applies_if else ()
    read = {column(path) for path in (*_condition(rule).fields(), *scope, *conduct)}
    read |= {f"{rule.subject}_id", "lot_id", "row_id", "bid__tenderer"}
    explaining = {name: view[name] for name in view.columns if name not in read}
    if not explaining:
        return view
    return view.select(
        [name for name in view.columns if name in read], **{EXPLAINING: ibis.struct(explaining)}
    )


def unpacked(rows: pa.Table) -> pa.Table:
    """Return judged rows with the columns that explain a hit beside the others."""
    if EXPLAINING not in rows.column_names:
        return rows
    parts = rows.select([EXPLAINING]).flatten()
    rows = rows.drop_columns(EXPLAINING)
    for name, values in zip(parts.column_names, parts.columns, strict=True):
        rows = rows.append_column(name.removeprefix(f"{EXPLAINING}."), values)
    return rows


def _conduct(rule: Rule, view: ir.Table, as_of: ir.DateValue) -> ir.DateValue:
    """The date of the conduct, which decides the version; the as-of date while it is not known."""
    if rule.conduct_date is None:
        return as_of
    known = evaluate(Expression(f"date({rule.conduct_date.text})"), view, as_of)
    return cast(ir.DateValue, ibis.coalesce(known, as_of))


def _condition(rule: Rule) -> Condition:
    if rule.condition is None:
        raise ValueError(f"rule {rule.id} is not computed")
    return rule.condition


def rule_text(rule: Rule) -> str:
    """Return everything of a rule that its statement depends on, as one text."""
    parts = (
        rule.subject,
        rule.rows,
        rule.severity,
        rule.applies_if,
        rule.condition,
        rule.conduct_date,
        rule.valid_from,
        rule.valid_to,
    )
    return repr(parts)


def _paths(rule: Rule) -> list[str]:
    return [*rule.fields(), *(rule.conduct_date.fields if rule.conduct_date else ())]


def _wanted(rule: Rule) -> list[str]:
    """The columns a rule reads, and those that name its subject."""
    return [*IDS, *map(column, NAMES), *map(column, _paths(rule)), "bid__tenderer"]
