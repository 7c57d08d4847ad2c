"""Findings kept up to date: a changed process costs its own computation, and the fences.

A changed process is taken out of the whole with what its old rows contribute and put back with its new ones, by the same
expressions as a full run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from wulian.analysis.flags.backends import DuckDB
from wulian.analysis.indicators.findings import Findings, changes, find
from wulian.analysis.indicators.judging import Results, contributions, main_currency, results
from wulian.analysis.indicators.reading import read_batch
from wulian.analysis.indicators.settings import Settings
from wulian.analysis.indicators.standing import Standing
from wulian.analysis.indicators.store import ORGANISATIONS, Intake, Store, Tables

ADDING_UP = ("tallies", "varieties")
APART = 2**30
"""Added to the keys of old rows while they are computed beside the new ones."""
MOVED = ORGANISATIONS | {"process"}


@dataclass(frozen=True)
class Change:
    """What an update did: lines read, and findings that came, went, or stand on both sides with another value."""

    intake: Intake
    raised: Findings
    withdrawn: Findings


class Judgement:
    """What the indicators find in a store, for some settings. Making one judges everything."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store, self.settings = store, settings
        self._scratch = _Scratch()
        self.refresh()

    def refresh(self) -> Findings:
        """Judge everything again."""
        engine = DuckDB.over(self.store.connection)
        self.store.known()
        self._currency = main_currency(self.store, engine, self.settings)
        self._standing = Standing()
        self._standing.add(contributions(engine, self.settings, self._currency.key))
        self.findings = find(self._standing, self.settings)
        return self.findings

    def update(self, lines: Iterable[bytes]) -> Change:
        """Read a few new or changed releases into the store, all or nothing, and judge what depends on them."""
        before, intake = self.findings, Intake()
        batch = read_batch(1, list(lines))
        with self.store.transaction():
            old, new = self.store.put(batch, intake, self.store.known())
            gone, come = self._contributions(old, new)
        processes = new["processes"]["process"].to_pylist()
        if self._is_another_currency(processes):
            self.refresh()
        else:
            self._standing.add(gone, sign=-1)
            self._standing.drop(processes)
            self._standing.add(come)
            self.findings = find(self._standing, self.settings)
        return Change(intake, *changes(before, self.findings))

    def results(self) -> Results:
        """Return group → id → indicator → value, with the group `Meta`."""
        return results(self.store, self.findings)

    def close(self) -> None:
        """Give the memory back; the store stays open."""
        self._scratch.close()

    def _is_another_currency(self, processes: list[int]) -> bool:
        """Tell whether the main currency is another one now; only a change up to where it was first met can move it."""
        before, first = self._currency, min(processes, default=None)
        if first is None:
            return False
        if self.settings.currency is None and before.process is not None and first > before.process:
            return False
        self._currency = main_currency(self.store, DuckDB.over(self.store.connection), self.settings)
        return before.key != self._currency.key

    def _contributions(self, old: Tables, new: Tables) -> tuple[Tables, Tables]:
        """Compute what the old and the new rows of some processes contribute, in one go: the old ones under keys apart."""
        self._scratch.hold({name: pa.concat_tables([_apart(old[name]), new[name]]) for name in new})
        both = contributions(self._scratch, self.settings, self._currency.key)
        gone, come = {}, {}
        for name, rows in both.items():
            by = "organisation" if name in ADDING_UP else "process"
            is_old = pc.greater_equal(rows[by], APART)
            come[name] = rows.filter(pc.invert(is_old))
            if name in ADDING_UP:
                gone[name] = _shifted(rows.filter(is_old), "organisation", -APART)
        return gone, come


def _apart(rows: pa.Table) -> pa.Table:
    """Move the keys of processes and organisations out of the way of all others."""
    for name in rows.column_names:
        if name in MOVED:
            rows = _shifted(rows, name, APART)
    return rows


def _shifted(rows: pa.Table, name: str, by: int) -> pa.Table:
    keys = rows[name]
    moved = pc.if_else(pc.greater_equal(keys, 0), pc.add(keys, pa.scalar(by, keys.type)), keys)
    return rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), moved)


class _Scratch(DuckDB):
    """A store for the rows of a few processes: statements are planned once, plainly, and give few rows."""

    def __init__(self) -> None:
        self._store = Store(threads=1)
        self._connection = self._store.connection
        # With so few rows, looking for the best plan takes longer than a plain one.
        self._connection.execute("PRAGMA disable_optimizer")
        self._planned: dict[str, str] = {}

    def hold(self, rows: Mapping[str, pa.Table]) -> None:
        """Hold these rows and no others."""
        with self._store.transaction():
            for name, table in rows.items():
                self._connection.execute(f"TRUNCATE {name}")
                self._store.insert(name, table)

    def fetch(self, sql: str) -> pa.Table | None:
        """Return the rows of a query, None when there are none."""
        if sql not in self._planned:
            self._planned[sql] = f"planned_{len(self._planned)}"
            self._connection.execute(f"PREPARE {self._planned[sql]} AS {sql}")
        found = self._connection.execute(f"EXECUTE {self._planned[sql]}")
        names = [column[0] for column in found.description]
        rows = found.fetchall()
        return pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))) if rows else None
