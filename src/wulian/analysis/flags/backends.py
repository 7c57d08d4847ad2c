"""The engines a rule can run on. An expression is written once, in Ibis; an engine only has to hold tables and run SQL."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol, Self, cast

import duckdb
import ibis.backends.sql.compilers as compilers
import pyarrow as pa
import pyarrow.compute as pc

ENGINES = ("duckdb", "spark")
BEIJING = "Asia/Shanghai"
ROW_GROUP = 122_880
"""Rows that DuckDB gives to one thread."""


class EngineMissing(RuntimeError):
    """An engine that is not installed; the message says what to install."""


class Engine(Protocol):
    """What a run needs of an engine. `dialect` is the name under which Ibis compiles for it."""

    dialect: str

    def load(self, name: str, table: pa.Table) -> None:
        """Hold `table` under `name`."""
        ...

    def define_day(self, name: str, day: date) -> None:
        """Make ``name()`` mean `day` in every query."""
        ...

    def create(self, name: str, sql: str) -> None:
        """Hold the rows of a query under `name`."""
        ...

    def fetch(self, sql: str) -> pa.Table | None:
        """Return the rows of a query, None when there are none."""
        ...

    def close(self) -> None:
        """Give the memory back."""
        ...


class DuckDB:
    """DuckDB in this process, in memory."""

    dialect = "duckdb"

    def __init__(self, largest: int, threads: int | None = None) -> None:
        self._connection = duckdb.connect()
        if threads or largest <= ROW_GROUP:
            # Threads share the row groups of a table among them; with one group they only wait for each other.
            self._connection.execute(f"SET threads = {threads or 1}")
        self._connection.execute("SET TimeZone = 'UTC'")
        # No variable of the calling code is to be taken for a table.
        self._connection.execute("SET python_enable_replacements = false")

    @classmethod
    def over(cls, connection: duckdb.DuckDBPyConnection) -> Self:
        """Work on the tables of a connection that somebody else opened, and closes."""
        engine = cls.__new__(cls)
        engine._connection = connection
        return engine

    def load(self, name: str, table: pa.Table) -> None:
        """Copy `table` into the engine."""
        self._connection.register(f"given_{name}", table)
        self.create(name, f"SELECT * FROM given_{name}")
        self._connection.unregister(f"given_{name}")

    def define_day(self, name: str, day: date) -> None:
        """Define ``name()`` as a macro, which the planner replaces by the literal."""
        self._connection.execute(f"CREATE MACRO {name}() AS DATE '{day.isoformat()}'")

    def create(self, name: str, sql: str) -> None:
        """Store the rows of a query under `name`."""
        self._connection.execute(f'CREATE TABLE "{name}" AS {sql}')

    def fetch(self, sql: str) -> pa.Table | None:
        """Return the rows of a query, None when there are none.

        By way of a table: most rules find nothing, and a table tells so for half the price of an empty Arrow result.
        """
        made = self._connection.execute(f"CREATE OR REPLACE TEMP TABLE fetched AS {sql}").fetchone()
        if made is None or made[0] == 0:
            return None
        return cast(pa.Table, self._connection.table("fetched").to_arrow_table())

    def close(self) -> None:
        """Give the memory back."""
        self._connection.close()


def connect(engine: str, largest: int, threads: int | None = None) -> Engine:
    """Open an engine for tables of at most `largest` rows; ValueError for an unknown name, EngineMissing."""
    if engine not in ENGINES:
        raise ValueError(f"引擎 {engine!r} 不可用，可选：{'、'.join(ENGINES)}")
    if engine == "spark":
        from wulian.analysis.flags.spark import Spark

        return Spark(largest, threads)
    return DuckDB(largest, threads)


def compiler_for(dialect: str) -> Any:
    """Return the Ibis compiler behind the `dialect` of an engine."""
    if dialect == "pyspark":
        from wulian.analysis.flags.spark import COMPILER

        return COMPILER
    return getattr(compilers, dialect).compiler


def wall_clock(table: pa.Table) -> pa.Table:
    """Turn every UTC time into the Beijing wall-clock time without zone.

    Rules count Beijing calendar dates; a plain time without zone has the same date on every engine, whatever its session.
    """
    for position, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type):
            local = pc.local_timestamp(table.column(position).cast(pa.timestamp("us", tz=BEIJING)))
            table = table.set_column(position, field.name, local)
    return table
