"""Runs the catalogue over the analysis tables: which subjects meet which rule, and where the data do not suffice."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from wulian.analysis.flags.backends import connect, wall_clock
from wulian.analysis.flags.calendar import Calendar, calendar_table
from wulian.analysis.flags.catalogue import Judged, catalogue
from wulian.analysis.flags.compiled import CALENDAR, CompiledRules, Statement, unpacked, without_collection
from wulian.analysis.flags.hits import BEIJING, HIT_SCHEMA, collect, hits_of
from wulian.analysis.flags.sources import conform, read_table
from wulian.analysis.flags.tables import empty_table
from wulian.analysis.indicators.hints import PublicIndicator, judge_dossiers, public_indicators
from wulian.analysis.redflags import RedFlag
from wulian.exchange.records import TABLES
from wulian.law.calendar import packaged_calendar
from wulian.law.rules import Rule


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
    rules: tuple[Judged, ...] = field(repr=False, default=())

    def count_by(self, name: str) -> dict[str, int]:
        """Count hits by the values of a column, e.g. ``severity``."""
        counts: dict[str, int] = defaultdict(int)
        for value in self.hits.column(name).to_pylist():
            counts[value] += 1
        return dict(sorted(counts.items()))


def run_flags(
    tables: Mapping[str, pa.Table | Path] | TableSource,
    *,
    rules: Iterable[str | Judged] | None = None,
    as_of: date | None = None,
    engine: str = "duckdb",
    calendar: Calendar | None = None,
) -> FlagResult:
    """Judge every rule (or those of `rules`: codes, or Rule objects as a platform changed them) over the tables.

    `as_of` is the day on which open periods are judged, today in Beijing by default. Each rule is applied in the version
    in force on the date of the conduct. Public indicators (R003 …) run when they are asked for; by whatever `engine`, they
    are judged over their own store. Raises UnknownRule, SourceError for a table that does not fit, ValueError for an unknown
    engine.
    """
    chosen = choose_rules(rules)
    public = [rule for rule in chosen if isinstance(rule, PublicIndicator)]
    others = [rule for rule in chosen if not isinstance(rule, PublicIndicator)]
    run = FlagRun(tables, others, as_of=as_of, engine=engine, calendar=calendar)
    try:
        hits: list[tuple[str, pa.Table]] = []
        insufficient: dict[str, int] = defaultdict(int)
        for rule in others:
            found, unknown = run.run(rule)
            hits.append((rule.id, found))
            insufficient[rule.id] += unknown
        for code, judged in judge_dossiers(run.tables, public, as_of=run.day).items():
            hits.append((code, judged.hits))
            insufficient[code] += judged.insufficient
    finally:
        run.close()
    return FlagResult(collect(hits), dict(insufficient), chosen)


def choose_rules(rules: Iterable[str | Judged] | None) -> tuple[Judged, ...]:
    """Return the rule versions to run: all enabled ones, or those asked for; raises UnknownRule."""
    if rules is None:
        return tuple(rule for rule in catalogue() if rule.enabled and rule.computed)
    chosen: dict[str, Judged] = {}
    for wanted in rules:
        versions = [wanted] if isinstance(wanted, (Rule, RedFlag)) else _versions(wanted)
        chosen.update({rule.key: rule for rule in versions})
    return tuple(sorted(chosen.values(), key=lambda rule: (rule.id, rule.version)))


def _versions(code: str) -> list[Judged]:
    versions: list[Judged] = [rule for rule in (*catalogue(), *public_indicators()) if rule.id == code]
    if not versions:
        raise UnknownRule(f"规则编号 {code} 不存在")
    enabled = [rule for rule in versions if rule.enabled and rule.computed]
    if enabled:
        return enabled
    newest = versions[-1]
    if isinstance(newest, Rule) and not newest.computed:
        raise UnknownRule(f"规则 {code} 不由数据计算（{newest.needs or '由人核查'}）")
    raise UnknownRule(f"规则 {code} 未启用（可信度 {newest.confidence}）")


def check_rule(rule: Judged) -> None:
    """Try a rule on empty tables; raises ValueError, naming the rule, for a field or an expression the engine cannot take."""
    if isinstance(rule, PublicIndicator):
        rule.check()
    if not rule.computed or isinstance(rule, PublicIndicator):
        return
    try:
        run = FlagRun({}, [rule])
    except ValueError:
        raise
    except Exception as error:  # Ibis refuses expressions with errors of its own
        raise ValueError(f"rule {rule.id}: field condition: {error}") from None
    try:
        run.run(rule)
    except Exception as error:  # so does the engine, when it meets a wrong type or regular expression
        raise ValueError(f"rule {rule.id}: field condition: {error}") from None
    finally:
        run.close()


class FlagRun:
    """One snapshot inside one engine, on which rules are judged."""

    def __init__(
        self,
        tables: Mapping[str, pa.Table | Path] | TableSource,
        rules: Iterable[Judged],
        *,
        as_of: date | None = None,
        engine: str = "duckdb",
        calendar: Calendar | None = None,
    ) -> None:
        self.day = day = as_of or datetime.now(BEIJING).date()
        self.calendar = calendar or packaged_calendar()
        self.tables = conform_all(tables)
        self._tables = {**self.tables, CALENDAR: calendar_table(self.calendar, day)}
        self._engine = connect(engine, max(table.num_rows for table in self._tables.values()))
        self._engine.define_day("as_of_day", day)
        self._held: set[str] = set()
        chosen = list(rules)
        with without_collection():
            self._compiled = CompiledRules(self._engine.dialect, chosen)
            self._statements = {rule.key: self._compiled.rule(rule) for rule in chosen}

    def close(self) -> None:
        """Give the memory back."""
        self._engine.close()

    def judged(self, rule: Judged) -> pa.Table:
        """Return the rows of the rule with `verdict` (true, false or null for undecidable) and what explains it."""
        statement = self._prepared(rule)
        return self._fetch(statement.sql, statement.schema)

    def run(self, rule: Judged) -> tuple[pa.Table, int]:
        """Return one hit a subject, and the number of subjects of which nothing decides whether the rule is met."""
        statement = self._prepared(rule)
        sql = f"SELECT * FROM ({statement.sql}) AS judged WHERE subject_id IS NOT NULL AND coalesce(verdict, TRUE)"
        open_or_hit = self._fetch(sql, statement.schema)
        if not open_or_hit.num_rows:
            return HIT_SCHEMA.empty_table(), 0
        unknown = open_or_hit.filter(pc.is_null(open_or_hit["verdict"]))["subject_id"]
        met = open_or_hit.filter(open_or_hit["verdict"])
        return hits_of(rule, met, self.calendar.is_loaded), pc.count_distinct(unknown).as_py()

    def _fetch(self, sql: str, schema: pa.Schema) -> pa.Table:
        rows = self._engine.fetch(sql)
        return unpacked(schema.empty_table() if rows is None else rows.cast(schema))

    def _prepared(self, rule: Judged) -> Statement:
        statement = self._statements[rule.key]
        self._hold(statement.reads)
        return statement

    def _hold(self, names: Iterable[str]) -> None:
        """Put tables and views into the engine that are not there yet; a view needs those it reads."""
        for name in sorted(names):
            if name in self._held:
                continue
            if name in self._compiled.views:
                view = self._compiled.views[name]
                self._hold(view.reads)
                self._engine.create(name, view.sql)
            else:
                self._engine.load(name, wall_clock(self._tables[name.removeprefix("t_")]))
            self._held.add(name)


def conform_all(tables: Mapping[str, pa.Table | Path] | TableSource) -> dict[str, pa.Table]:
    """Return every analysis table with its exact schema; paths are read, missing tables are empty."""
    given = tables if isinstance(tables, Mapping) else tables.tables()
    return {name: _conformed(name, given.get(name)) for name in TABLES}


def _conformed(name: str, table: pa.Table | Path | None) -> pa.Table:
    if table is None:
        return empty_table(name)
    return read_table(name, table) if isinstance(table, Path) else conform(name, table, origin=name)


def iterate_hits(result: FlagResult) -> Iterator[dict[str, Any]]:
    """Yield each hit with its evidence parsed, in the order of the result."""
    for hit in result.hits.to_pylist():
        yield {**hit, "evidence": json.loads(hit["evidence"])}
