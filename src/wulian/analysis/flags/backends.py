"""The engines a rule can run on. An expression is written once, in Ibis; an engine only has to hold the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

ENGINES = ("duckdb",)
BEIJING = "Asia/Shanghai"


def connect(engine: str) -> Any:
    """Open an in-process engine; ValueError when its name is not known."""
    if engine not in ENGINES:
        raise ValueError(f"引擎 {engine!r} 不可用，可选：{'、'.join(ENGINES)}")
    return ibis.duckdb.connect()


def register(connection: Any, name: str, table: pa.Table) -> ir.Table:
    """Put one table into the engine, times as Beijing wall-clock times, and return it as an expression."""
    return cast(ir.Table, connection.create_table(f"t_{name}", wall_clock(table)))


class EngineTables(Mapping[str, ir.Table]):
    """The tables inside an engine; each is put there when it is first read."""

    def __init__(self, connection: Any, tables: Mapping[str, pa.Table]) -> None:
        self._connection, self._arrow = connection, tables
        self._registered: dict[str, ir.Table] = {}

    def __getitem__(self, name: str) -> ir.Table:
        if name not in self._registered:
            self._registered[name] = register(self._connection, name, self._arrow[name])
        return self._registered[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrow)

    def __len__(self) -> int:
        return len(self._arrow)


def wall_clock(table: pa.Table) -> pa.Table:
    """Turn every UTC time into the Beijing wall-clock time without zone.

    Rules count Beijing calendar dates; a plain time without zone has the same date on every engine, whatever its session.
    """
    for position, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            local = pc.local_timestamp(table.column(position).cast(pa.timestamp("us", tz=BEIJING)))
            table = table.set_column(position, field.name, local)
    return table
