"""Runs the catalogue over the analysis tables: which subjects meet which rule, and where the data do not suffice."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from wulian.analysis.flags import conditions
from wulian.analysis.flags.backends import EngineTables, connect, register
from wulian.analysis.flags.calendar import Calendar, calendar_table
from wulian.analysis.flags.columns import column, path_of
from wulian.analysis.flags.expressions import evaluate
from wulian.analysis.flags.sources import conform, read_table
from wulian.analysis.flags.tables import empty_table
from wulian.analysis.flags.views import Views
from wulian.exchange.records import TABLES
from wulian.law.calendar import packaged_calendar
from wulian.law.rules import SEVERITIES, Rule, all_rules
from wulian.law.rules.expressions import Expression

BEIJING = ZoneInfo("Asia/Shanghai")
HIT_SCHEMA = pa.schema(
    [
        pa.field("rule", pa.string()),
        pa.field("subject_kind", pa.string()),
        pa.field("subject_id", pa.string()),
        pa.field("severity", pa.string()),
        pa.field("value", pa.float64()),
        pa.field("threshold", pa.float64()),
        pa.field("evidence", pa.string()),
        pa.field("title", pa.string()),
        pa.field("rule_version", pa.int32()),
        pa.field("conduct_date", pa.date32()),
        pa.field("project_id", pa.string()),
        pa.field("tender_id", pa.string()),
        pa.field("lot_id", pa.string()),
    ]
)
# Rows of one subject that are written out in the evidence; the rest is counted.
SHOWN_ROWS = 20
_IDS = ("project_id", "tender_id", "lot_id", "bid_id", "contract_id", "row_id")
_NAMES = (
    "project.name",
    "tender.name",
    "lot.name",
    "entity.name",
    "tenderer.name",
    "supplier.name",
    "contract.contract_no",
)


class UnknownRule(ValueError):
    """A rule code that the catalogue does not have, or that is switched off."""


class TableSource(Protocol):
    """Anything that can give the analysis tables."""

    def tables(self) -> Mapping[str, pa.Table]:
        """Return the tables by name; missing ones are empty."""
        ...


@dataclass(frozen=True)
class FlagResult:
    """What a run found: `hits` in the shape of HIT_SCHEMA, and per rule how many subjects lacked data to decide."""

    hits: pa.Table
    insufficient: dict[str, int]
    rules: tuple[Rule, ...] = field(repr=False, default=())

    def count_by(self, name: str) -> dict[str, int]:
        """Count hits by the values of a column, e.g. ``severity``."""
        counts: dict[str, int] = defaultdict(int)
        for value in self.hits.column(name).to_pylist():
            counts[value] += 1
        return dict(sorted(counts.items()))


def run_flags(
    tables: Mapping[str, pa.Table | Path] | TableSource,
    *,
    rules: Iterable[str | Rule] | None = None,
    as_of: date | None = None,
    engine: str = "duckdb",
    calendar: Calendar | None = None,
) -> FlagResult:
    """Judge every rule (or those of `rules`: codes, or Rule objects as a platform changed them) over the tables.

    `as_of` is the day on which open periods are judged, today in Beijing by default. Each rule is applied in the version
    in force on the date of the conduct. Raises UnknownRule, SourceError for a table that does not fit, ValueError for an
    unknown engine.
    """
    chosen = choose_rules(rules)
    run = FlagRun(tables, chosen, as_of=as_of, engine=engine, calendar=calendar)
    try:
        hits: list[dict[str, Any]] = []
        insufficient: dict[str, int] = defaultdict(int)
        for rule in chosen:
            found, unknown = run.run(rule)
            hits.extend(found)
            insufficient[rule.id] += unknown
    finally:
        run.close()
    hits.sort(key=lambda hit: (hit["rule"], hit["subject_kind"], hit["subject_id"], hit["rule_version"]))
    return FlagResult(pa.Table.from_pylist(hits, schema=HIT_SCHEMA), dict(insufficient), chosen)


def choose_rules(rules: Iterable[str | Rule] | None) -> tuple[Rule, ...]:
    """Return the rule versions to run: all enabled ones, or those asked for; raises UnknownRule."""
    if rules is None:
        return tuple(rule for rule in all_rules() if rule.enabled)
    chosen: dict[str, Rule] = {}
    for wanted in rules:
        versions = [wanted] if isinstance(wanted, Rule) else _versions(wanted)
        chosen.update({rule.key: rule for rule in versions})
    return tuple(sorted(chosen.values(), key=lambda rule: (rule.id, rule.version)))


def _versions(code: str) -> list[Rule]:
    versions = [rule for rule in all_rules() if rule.id == code]
    if not versions:
        raise UnknownRule(f"规则编号 {code} 不存在")
    enabled = [rule for rule in versions if rule.enabled]
    if not enabled:
        raise UnknownRule(f"规则 {code} 未启用（可信度 {versions[-1].confidence}）")
    return enabled


class FlagRun:
    """One snapshot inside one engine, on which rules are judged."""

    def __init__(
        self,
        tables: Mapping[str, pa.Table | Path] | TableSource,
        rules: Iterable[Rule],
        *,
        as_of: date | None = None,
        engine: str = "duckdb",
        calendar: Calendar | None = None,
    ) -> None:
        self.as_of = as_of or datetime.now(BEIJING).date()
        self.calendar = calendar or packaged_calendar()
        self.connection = connect(engine)
        self.tables = EngineTables(self.connection, conform_all(tables))
        self.days = register(self.connection, "calendar", calendar_table(self.calendar, self.as_of))
        self._kept: list[ir.Table] = []
        wanted = {name for rule in rules for name in _wanted(rule)}
        self.views = Views(self.tables, wanted, self._keep)

    def close(self) -> None:
        """Give the memory back."""
        self._kept.clear()
        self.connection.disconnect()

    def _keep(self, view: ir.Table) -> ir.Table:
        kept = self.connection.create_table(f"view_{len(self._kept)}", view)
        self._kept.append(kept)
        return cast(ir.Table, kept)

    def judged(self, rule: Rule) -> ir.Table:
        """Return the rows of the rule with `verdict` (true, false or null for undecidable) and what explains it."""
        view = self.views.view(rule.rows, self._columns(rule))
        context = conditions.Context(rule.severity, self.as_of, self.days, self.tables)
        judged = conditions.judge(view, rule.condition, context)
        conduct = _conduct(rule, judged, self.as_of)
        in_force = conduct >= ibis.literal(rule.valid_from)
        if rule.valid_to is not None:
            in_force = in_force & (conduct <= ibis.literal(rule.valid_to))
        verdict = judged._hit
        if rule.applies_if is not None:
            verdict = evaluate(rule.applies_if, judged, self.as_of) & verdict
        return judged.mutate(
            subject_id=judged[f"{rule.subject}_id"],
            conduct_date=conduct,
            verdict=in_force.ifelse(verdict, ibis.literal(False)),
        )

    def run(self, rule: Rule) -> tuple[list[dict[str, Any]], int]:
        """Return one hit a subject, and the number of subjects of which nothing decides whether the rule is met."""
        judged = self.judged(rule)
        wanted = judged.subject_id.notnull() & judged.verdict.fill_null(True)
        open_or_hit = judged.filter(wanted).to_pyarrow()
        unknown = open_or_hit.filter(pc.is_null(open_or_hit["verdict"]))["subject_id"]
        by_subject: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in open_or_hit.filter(open_or_hit["verdict"]).to_pylist():
            by_subject[row["subject_id"]].append(row)
        hits = [self._hit(rule, rows) for rows in by_subject.values()]
        return hits, pc.count_distinct(unknown).as_py()

    def _columns(self, rule: Rule) -> list[str]:
        wanted = _wanted(rule)
        there = self.views.columns(rule.rows)
        if missing := [path for path in _paths(rule) if column(path) not in there]:
            raise ValueError(f"rule {rule.id}: rows {rule.rows!r} have no field {', '.join(missing)}")
        return wanted

    def _hit(self, rule: Rule, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
        rows = sorted(
            rows, key=lambda row: (SEVERITIES.index(row["_severity"]), _margin(row), row.get("row_id") or "")
        )
        worst = rows[0]
        return {
            "rule": rule.id,
            "subject_kind": rule.subject,
            "subject_id": worst["subject_id"],
            "severity": worst["_severity"],
            "value": worst["_value"],
            "threshold": worst["_threshold"],
            "evidence": json.dumps(self._evidence(rule, rows), ensure_ascii=False),
            "title": rule.title,
            "rule_version": rule.version,
            "conduct_date": worst["conduct_date"],
            "project_id": worst.get("project_id"),
            "tender_id": worst.get("tender_id") if len({row.get("tender_id") for row in rows}) == 1 else None,
            "lot_id": worst.get("lot_id") if len({row.get("lot_id") for row in rows}) == 1 else None,
        }

    def _evidence(self, rule: Rule, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
        worst = rows[0]
        evidence = {path: _plain(worst[column(path)]) for path in rule.fields()}
        evidence |= {path_of(name): worst[name] for name in map(column, _NAMES) if worst.get(name)}
        evidence |= {name: worst[name] for name in _IDS if worst.get(name)}
        evidence |= self._dates(worst)
        if len(rows) > 1:
            evidence["row_count"] = len(rows)
            evidence["rows"] = [self._row(rule, row) for row in rows[:SHOWN_ROWS]]
        return evidence

    def _dates(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The day a period ended, the day it was rolled to, and whether the calendar of that year is only assumed."""
        dates: dict[str, Any] = {}
        for name, value in row.items():
            label = (
                {"due": "due", "rolled": "due_rolled"}.get(name.rsplit("_", 1)[-1])
                if name[0] == "_"
                else None
            )
            if label and value is not None:
                dates.setdefault(label, value.isoformat())
        if dates and not all(self.calendar.is_loaded(int(value[:4])) for value in dates.values()):
            dates["provisional"] = True
        return dates

    def _row(self, rule: Rule, row: Mapping[str, Any]) -> dict[str, Any]:
        shown = {path: _plain(row[column(path)]) for path in rule.fields()}
        shown |= {path_of(name): row[name] for name in ("tenderer__name", "lot__name") if row.get(name)}
        return {"row_id": row.get("row_id"), **shown}


def conform_all(tables: Mapping[str, pa.Table | Path] | TableSource) -> dict[str, pa.Table]:
    """Return every analysis table with its exact schema; paths are read, missing tables are empty."""
    given = tables if isinstance(tables, Mapping) else tables.tables()
    return {name: _conformed(name, given.get(name)) for name in TABLES}


def _conformed(name: str, table: pa.Table | Path | None) -> pa.Table:
    if table is None:
        return empty_table(name)
    return read_table(name, table) if isinstance(table, Path) else conform(name, table, origin=name)


def _paths(rule: Rule) -> list[str]:
    return [*rule.fields(), *(rule.conduct_date.fields if rule.conduct_date else ())]


def _wanted(rule: Rule) -> list[str]:
    """The columns a rule reads, and those that name its subject."""
    return [*_IDS, *map(column, _NAMES), *map(column, _paths(rule)), "bid__tenderer"]


def _conduct(rule: Rule, view: ir.Table, as_of: date) -> ir.DateValue:
    """The date of the conduct, which decides the version; the as-of date while it is not known."""
    today = ibis.literal(as_of)
    if rule.conduct_date is None:
        return cast(ir.DateValue, today)
    return ibis.coalesce(evaluate(Expression(f"date({rule.conduct_date.text})"), view, as_of), today)


def _margin(row: Mapping[str, Any]) -> float:
    """How far a row is from its limit, the furthest first."""
    value, threshold = row["_value"], row["_threshold"]
    return -abs(value - threshold) if value is not None and threshold is not None else 0.0


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=BEIJING).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def iterate_hits(result: FlagResult) -> Iterator[dict[str, Any]]:
    """Yield each hit with its evidence parsed, in the order of the result."""
    for hit in result.hits.to_pylist():
        yield {**hit, "evidence": json.loads(hit["evidence"])}
