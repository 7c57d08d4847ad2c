"""The store: contracting processes as small tables with integer keys, in DuckDB (in memory or in a file).

A process keeps its key for ever; keys follow the order in which processes and organisations were first read. What is in the
store depends on the lines alone, not on threads.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wulian.analysis.indicators.reading import Batch, RefusedLine, batches, read_batch

SCHEMAS = {
    "processes": pa.schema(
        {
            "process": pa.int32(),
            "cancelled": pa.bool_(),
            "method": pa.string(),
            "details": pa.string(),
            "days": pa.int64(),
            "single": pa.bool_(),
            "buyer": pa.int32(),
            "entity": pa.int32(),
        }
    ),
    "bids": pa.schema(
        {
            "process": pa.int32(),
            "number": pa.int32(),
            "valid": pa.bool_(),
            "disqualified": pa.bool_(),
            "amount": pa.float64(),
            "currency": pa.int32(),
            "side": pa.int32(),
            "tenderer": pa.int32(),
            "late": pa.bool_(),
        }
    ),
    "members": pa.schema({"process": pa.int32(), "side": pa.int32(), "organisation": pa.int32()}),
    "awards": pa.schema({"process": pa.int32(), "active": pa.bool_(), "supplier": pa.int32()}),
    "suppliers": pa.schema({"process": pa.int32(), "organisation": pa.int32()}),
    "classes": pa.schema({"process": pa.int32(), "organisation": pa.int32(), "code": pa.string()}),
}
"""The tables of processes. `processes.single`: one tenderer is stated; `days`: of the tender period; `bids.side`: who bids,
an organisation or, negative, the `members` of a consortium; `bids.tenderer`: an organisation that bids alone; `bids.late`:
dated after the deadline; `awards.active`: else still open; `awards.supplier`: an only supplier."""
Tables = dict[str, pa.Table]
"""Rows by the names of SCHEMAS."""
NAME_TABLES = {"ocids": "process", "organisations": "organisation", "currencies": "currency"}
ORGANISATIONS = {"buyer", "entity", "tenderer", "supplier", "organisation"}


@dataclass
class Intake:
    """What reading some lines did: how many processes were `added` and `replaced`, and which lines were refused."""

    added: int = 0
    replaced: int = 0
    refused: list[RefusedLine] = field(default_factory=list)


class Store:
    """The tables of SCHEMAS, and the names behind the keys."""

    def __init__(self, path: Path | None = None, threads: int | None = None) -> None:
        self.connection = duckdb.connect(str(path) if path else ":memory:")
        self.connection.execute("SET TimeZone = 'UTC'")
        self.connection.execute("SET python_enable_replacements = false")
        if threads:
            self.connection.execute(f"SET threads = {int(threads)}")
        for name, schema in SCHEMAS.items():
            self.connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({_columns(schema)})")
        for name, key in NAME_TABLES.items():
            self.connection.execute(f"CREATE TABLE IF NOT EXISTS {name} ({key} INTEGER, name VARCHAR)")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the memory and the file back."""
        self.connection.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all of what happens inside, or nothing."""
        self.connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    def fill(self, lines: Iterable[bytes]) -> Intake:
        """Read lines into the store, all or nothing; of two lines with one `ocid` the later one counts.

        Made for many lines: all names are held in memory. For a few changed ones there is `Judgement.update`.
        """
        intake = Intake()
        known = {name: self.keys(name) for name in NAME_TABLES}
        with self.transaction():
            for first, chunk in batches(lines):
                self.put(read_batch(first, chunk), intake, known)
        return intake

    def known(self, batch: Batch) -> dict[str, dict[str, int]]:
        """Return the keys of the names in a batch, of those that the store has."""
        return {
            "ocids": self.keys("ocids", batch.ocids),
            "organisations": self.keys("organisations", batch.names),
            "currencies": self.keys("currencies", batch.currencies),
        }

    def put(self, batch: Batch, intake: Intake, known: Mapping[str, dict[str, int]]) -> tuple[Tables, Tables]:
        """Put the rows of a batch in the place of those its processes had; return these and the new ones.

        `known` has the keys of names that the store has, at least of those in the batch; new ones are added to it.
        """
        held = self.connection.execute("SELECT count(*) FROM ocids").fetchall()[0][0]
        keys = {
            name: self._keys(name, names, known[name])
            for name, names in (
                ("ocids", batch.ocids),
                ("organisations", batch.names),
                ("currencies", batch.currencies),
            )
        }
        old = self.remove(keys["ocids"][keys["ocids"] < held])
        tables = {name: _keyed(name, getattr(batch, name), keys) for name in SCHEMAS}
        for name, table in tables.items():
            self.insert(name, table)
        replaced = int((keys["ocids"] < held).sum())
        intake.replaced += replaced
        intake.added += len(batch.ocids) - replaced
        intake.refused += batch.refused
        return old, tables

    def remove(self, processes: Iterable[int]) -> Tables:
        """Delete the rows of processes, and return them; the keys of the processes stay."""
        keys = sorted(map(int, processes))
        if not keys:
            return {name: schema.empty_table() for name, schema in SCHEMAS.items()}
        # With its bounds, a table need not be read whole.
        where = f"process BETWEEN {keys[0]} AND {keys[-1]} AND process IN ({', '.join(map(str, keys))})"
        return {
            name: _table(
                self.connection.execute(f"DELETE FROM {name} WHERE {where} RETURNING *").fetchall(), schema
            )
            for name, schema in SCHEMAS.items()
        }

    def insert(self, name: str, table: pa.Table) -> None:
        """Append the rows of `table` to the table `name`."""
        if table.num_rows:
            self.connection.register("given", table)
            self.connection.execute(f"INSERT INTO {name} SELECT * FROM given")
            self.connection.unregister("given")

    def arrow(self, name: str) -> pa.Table:
        """Return a table whole."""
        return self.connection.table(name).to_arrow_table()

    def names(self, table: str, keys: np.ndarray[Any, Any]) -> list[str]:
        """Return the names behind keys, in their order."""
        found = self.connection.sql(
            f"SELECT name FROM {table} ORDER BY {NAME_TABLES[table]}"
        ).to_arrow_table()
        return found["name"].take(pa.array(keys)).to_pylist()

    def key(self, table: str, name: str) -> int | None:
        """Return the key of a name, None when the store does not have it."""
        return self.keys(table, [name]).get(name)

    def keys(self, table: str, names: Iterable[str] | None = None) -> dict[str, int]:
        """Return the keys of those names that the store has; without `names` of all."""
        sql = f"SELECT name, {NAME_TABLES[table]} FROM {table}"
        if names is None:
            return dict(self.connection.execute(sql).fetchall())
        listed = list(names)
        if not listed:
            return {}
        marks = ", ".join("?" * len(listed))
        return dict(self.connection.execute(f"{sql} WHERE name IN ({marks})", listed).fetchall())

    def _keys(self, table: str, names: Collection[str], known: dict[str, int]) -> np.ndarray[Any, Any]:
        """Return the keys of names; names the store did not have yet get the next ones."""
        size = self.connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
        fresh = [name for name in names if name not in known]
        known.update((name, size + place) for place, name in enumerate(fresh))
        columns = [pa.array(range(size, size + len(fresh)), pa.int32()), pa.array(fresh, pa.string())]
        self.insert(table, pa.table(columns, names=[NAME_TABLES[table], "name"]))
        return np.fromiter((known[name] for name in names), dtype=np.int32, count=len(names))


def _table(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    if not rows:
        return schema.empty_table()
    columns = [
        pa.array(values, field_.type) for field_, values in zip(schema, zip(*rows, strict=True), strict=True)
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _columns(schema: pa.Schema) -> str:
    kinds = {
        "int16": "SMALLINT",
        "int32": "INTEGER",
        "int64": "BIGINT",
        "bool": "BOOLEAN",
        "double": "DOUBLE",
    }
    return ", ".join(f"{field.name} {kinds.get(str(field.type), 'VARCHAR')}" for field in schema)


def _keyed(name: str, rows: list[tuple[Any, ...]], keys: Mapping[str, np.ndarray[Any, Any]]) -> pa.Table:
    """Turn the rows of a batch into a table with the keys of the store."""
    schema = SCHEMAS[name]
    if name == "processes":
        rows = [(place, *row) for place, row in enumerate(rows)]
    if not rows:
        return schema.empty_table()
    columns = []
    for field_, values in zip(schema, zip(*rows, strict=True), strict=True):
        column = pa.array(values, field_.type)
        if field_.name == "process":
            column = pa.array(keys["ocids"]).take(column)
        elif field_.name == "currency":
            column = pa.array(keys["currencies"]).take(column)
        elif field_.name in ORGANISATIONS:
            column = pa.array(keys["organisations"]).take(column)
        elif field_.name == "side":
            column = _sides(column, pa.array(keys["organisations"]))
        columns.append(column)
    return pa.Table.from_arrays(columns, schema=schema)


def _sides(sides: pa.Array, organisations: pa.Array) -> pa.Array:
    """Translate the sides that are organisations; those of consortia are numbered within the process."""
    alone = pc.greater_equal(sides, 0)
    translated = organisations.take(pc.if_else(alone, sides, pa.scalar(None, pa.int32())))
    return pc.if_else(alone, translated, sides)
