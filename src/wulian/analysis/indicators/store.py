"""The store: what contracting processes say by themselves, in small tables with integer keys, in DuckDB (memory or file).

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

from wulian.analysis.indicators.process import Batch, RefusedLine
from wulian.analysis.indicators.reading import UnreadableFile, batches, read_batch

SCHEMAS = {
    "processes": pa.schema(
        {
            "process": pa.int32(),
            "method": pa.string(),
            "details": pa.string(),
            "days": pa.int64(),
            "single": pa.bool_(),
            "buyer": pa.int32(),
            "entity": pa.int32(),
            "submitted": pa.int32(),
            "disqualified": pa.int32(),
            "contested": pa.int32(),
            "priced": pa.int32(),
        }
    ),
    "parties": pa.schema(
        {
            "process": pa.int32(),
            "organisation": pa.int32(),
            "submitted": pa.int32(),
            "disqualified": pa.int32(),
            "tried": pa.int32(),
            "won": pa.int32(),
            "supplied": pa.int32(),
        }
    ),
    "marks": pa.schema(
        {
            "process": pa.int32(),
            "indicator": pa.int16(),
            "organisation": pa.int32(),
            "value": pa.int32(),
            "currency": pa.int32(),
        }
    ),
    "differences": pa.schema(
        {
            "process": pa.int32(),
            "currency": pa.int32(),
            "ratio": pa.float64(),
            "winner": pa.int32(),
            "runner_up": pa.int32(),
        }
    ),
    "classes": pa.schema({"process": pa.int32(), "organisation": pa.int32(), "code": pa.string()}),
}
"""The tables of processes, of which cancelled ones have nothing but their key. `processes.single`: one tenderer is stated;
`days`: of the tender period; `submitted` and `disqualified` bids; `contested` and `priced`: the first currency of the bids
for the award to a single winner, and of all bids where an award is active. `parties`: what an organisation did in a process,
its bids, and 0 or 1 for `tried` (it bid alone where there was a single winner), `won` and `supplied`. `marks`: what the
indicators R028, R030, R035 and R036 find at a process by itself, `organisation` null for the process, `value` of R035 the
others that were disqualified, `currency` of R036. `differences`: of the second lowest price to the winning one."""
Tables = dict[str, pa.Table]
"""Rows by the names of SCHEMAS."""
NAME_TABLES = {"ocids": "process", "organisations": "organisation", "currencies": "currency"}
CURRENCIES = {"currency", "contested", "priced"}
ORGANISATIONS = {"buyer", "entity", "organisation", "winner", "runner_up"}
FEW = 32
"""Rows up to which values in the statement cost less than a table beside it."""


@dataclass
class Intake:
    """What reading some lines did: how many processes were `added` and `replaced`, and which lines were refused."""

    added: int = 0
    replaced: int = 0
    refused: list[RefusedLine] = field(default_factory=list)


class Store:
    """The tables of SCHEMAS, and the names behind the keys; UnreadableFile for a file that another version wrote."""

    def __init__(self, path: Path | None = None, threads: int | None = None) -> None:
        self.connection = duckdb.connect(str(path) if path else ":memory:")
        self._names: dict[str, dict[str, int]] = {}
        self.connection.execute("SET TimeZone = 'UTC'")
        self.connection.execute("SET python_enable_replacements = false")
        if threads:
            self.connection.execute(f"SET threads = {int(threads)}")
        tables = {name: _columns(schema) for name, schema in SCHEMAS.items()}
        tables.update((name, {key: "INTEGER", "name": "VARCHAR"}) for name, key in NAME_TABLES.items())
        held = self._held()
        if held and held != tables:
            self.close()
            raise UnreadableFile(f"{path}: 不是本版本的指标库，请用原始数据重新生成")
        for name, columns in tables.items() if not held else ():
            listed = ", ".join(f"{column} {kind}" for column, kind in columns.items())
            self.connection.execute(f"CREATE TABLE {name} ({listed})")

    def _held(self) -> dict[str, dict[str, str]]:
        """Return the columns and their types by the tables that the file has."""
        found: dict[str, dict[str, str]] = {}
        rows = self.connection.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY column_index"
        )
        for table, column, kind in rows.fetchall():
            found.setdefault(table, {})[column] = kind
        return found

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
            self._names.clear()
            raise
        self.connection.execute("COMMIT")

    def fill(self, lines: Iterable[bytes]) -> Intake:
        """Read lines into the store, all or nothing; of two lines with one `ocid` the later one counts.

        All names are held in memory meanwhile. For a few changed lines there is `Judgement.update`.
        """
        intake = Intake()
        known = self.known()
        self._names = {}
        with self.transaction():
            for first, chunk in batches(lines):
                self.put(read_batch(first, chunk), intake, known)
        return intake

    def known(self) -> dict[str, dict[str, int]]:
        """Return the keys of all names by table: read once, then held (about 120 bytes a name), since `put` adds the new ones."""
        if not self._names:
            self._names.update((name, self.keys(name)) for name in NAME_TABLES)
        return self._names

    def put(self, batch: Batch, intake: Intake, known: Mapping[str, dict[str, int]]) -> tuple[Tables, Tables]:
        """Put the rows of a batch in the place of those its processes had; return these and the new ones.

        `known` has the keys of the names that the store has; new ones are added to it.
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
        if 0 < table.num_rows <= FEW:
            marks = ", ".join(f"({', '.join('?' * table.num_columns)})" for _row in range(table.num_rows))
            values = [value for row in zip(*table.to_pydict().values(), strict=True) for value in row]
            self.connection.execute(f"INSERT INTO {name} VALUES {marks}", values)
        elif table.num_rows:
            self.connection.register("given", table)
            self.connection.execute(f"INSERT INTO {name} SELECT * FROM given")
            self.connection.unregister("given")

    def arrow(self, name: str) -> pa.Table:
        """Return a table whole."""
        return self.connection.table(name).to_arrow_table()

    def names(self, table: str, keys: np.ndarray[Any, Any]) -> list[str]:
        """Return the names behind keys, in their order."""
        found = self.connection.sql(f"SELECT {NAME_TABLES[table]}, name FROM {table}").to_arrow_table()
        # Keys are 0, 1, 2 …: after sorting, a key is a place.
        order = np.argsort(found[NAME_TABLES[table]].to_numpy(), kind="stable")
        return found["name"].take(pa.array(order[keys])).to_pylist()

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


def _columns(schema: pa.Schema) -> dict[str, str]:
    kinds = {
        "int16": "SMALLINT",
        "int32": "INTEGER",
        "int64": "BIGINT",
        "bool": "BOOLEAN",
        "double": "DOUBLE",
    }
    return {field.name: kinds.get(str(field.type), "VARCHAR") for field in schema}


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
        elif field_.name in CURRENCIES:
            column = pa.array(keys["currencies"]).take(column)
        elif field_.name in ORGANISATIONS:
            column = pa.array(keys["organisations"]).take(column)
        columns.append(column)
    return pa.Table.from_arrays(columns, schema=schema)
