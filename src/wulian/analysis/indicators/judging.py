"""Runs the indicators over a store, whole or for what changed, and gives the result in Cardinal's shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from wulian.analysis.flags.backends import DuckDB, Engine, connect
from wulian.analysis.flags.compiled import Statement, compile_query, without_collection
from wulian.analysis.indicators.catalogue import BY_CODE, GROUPS
from wulian.analysis.indicators.expressions import CONTRIBUTIONS, PLACES, Contributions
from wulian.analysis.indicators.findings import Findings, find
from wulian.analysis.indicators.reading import read_lines
from wulian.analysis.indicators.settings import Settings
from wulian.analysis.indicators.standing import Standing
from wulian.analysis.indicators.store import SCHEMAS, Intake, Store

Results = dict[str, dict[str, dict[str, float | None]]]


def contributions(engine: Engine, settings: Settings, currency: int) -> dict[str, pa.Table]:
    """Compute what the processes in the engine's tables contribute; `currency` is the key of the main currency."""
    found = {}
    for name, statement in _statements(engine.dialect, settings, currency).items():
        rows = engine.fetch(statement.sql)
        schema = CONTRIBUTIONS[name]
        found[name] = schema.empty_table() if rows is None else rows.select(schema.names).cast(schema)
    return found


@dataclass(frozen=True)
class Currency:
    """The key of the main currency, and the process in which it was first met; None when it was not looked for."""

    key: int = -1
    process: int | None = None


def main_currency(store: Store, engine: Engine, settings: Settings) -> Currency:
    """Return the main currency: the set one, else the first that the indicators meet in the order of the lines."""
    if settings.currency is not None:
        key = store.key("currencies", settings.currency)
        return Currency() if key is None else Currency(key)
    if not settings.runs("R024", "R036", "R058"):
        return Currency()
    rows = engine.fetch(_currency_statement(engine.dialect, settings).sql)
    if rows is None:
        return Currency()
    met = [
        (row["place"] // PLACES, row["turn"], row["place"] % PLACES)
        for row in rows.to_pylist()
        if row["place"] is not None
    ]
    process, _turn, key = min(met, default=(None, 0, Currency().key))
    return Currency(key, process)


def results(store: Store, findings: Findings) -> Results:
    """Return group → id → indicator → value, with the group `Meta`; groups without findings are left out."""
    found: Results = {}
    codes = {indicator.number: code for code, indicator in BY_CODE.items()}
    # So many small dictionaries, and none of them in a cycle.
    with without_collection():
        for place, group in enumerate(GROUPS):
            rows = findings.group == place
            if not rows.any():
                continue
            keys, places = np.unique(findings.key[rows], return_inverse=True)
            listed: list[dict[str, float | None]] = [{} for _key in keys]
            columns = places, findings.indicator[rows], findings.value[rows]
            for at, number, value in zip(*(column.tolist() for column in columns), strict=True):
                listed[at][codes[number]] = value
            names = store.names("ocids" if group == "OCID" else "organisations", keys)
            found[group] = dict(zip(names, listed, strict=True))
    found["Meta"] = findings.rounded_meta()
    return found


def judge(store: Store, settings: Settings, engine: Engine) -> Findings:
    """Judge everything in the store on an engine that holds its tables."""
    currency = main_currency(store, engine, settings)
    standing = Standing()
    standing.add(contributions(engine, settings, currency.key))
    return find(standing, settings)


def engine_for(store: Store, name: str = "duckdb", threads: int | None = None) -> Engine:
    """Return the store itself as an engine, or another one with the store's tables; ValueError, EngineMissing."""
    if name == "duckdb":
        return DuckDB.over(store.connection)
    tables = {table: store.arrow(table) for table in SCHEMAS}
    engine = connect(name, max(rows.num_rows for rows in tables.values()), threads)
    for table, rows in tables.items():
        engine.load(table, rows)
    return engine


def run_indicators(
    path: Path, settings: Settings, *, engine: str = "duckdb", threads: int | None = None
) -> tuple[Results, Intake]:
    """Judge a file of compiled releases, one a line; return group → id → indicator → value, and what was read.

    Raises UnreadableFile, EngineMissing. The result does not depend on engine and `threads`.
    """
    with Store(threads=threads) as store:
        intake = store.fill(read_lines(path))
        found = judge(store, settings, chosen := engine_for(store, engine, threads))
        if engine != "duckdb":
            chosen.close()
        return results(store, found), intake


@lru_cache(maxsize=64)
def _statements(dialect: str, settings: Settings, currency: int) -> Mapping[str, Statement]:
    with without_collection():
        tables = Contributions(settings, currency).tables()
        return {name: compile_query(table, dialect) for name, table in tables.items()}


@lru_cache(maxsize=64)
def _currency_statement(dialect: str, settings: Settings) -> Statement:
    return compile_query(Contributions(settings, Currency().key).currencies(), dialect)
