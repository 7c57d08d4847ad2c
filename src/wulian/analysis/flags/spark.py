"""Apache Spark as an engine, for tables that one machine cannot hold (extra `cluster`)."""

from __future__ import annotations

import logging
import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlglot.expressions as sge
from ibis.backends.sql.compilers.base import NULL
from ibis.backends.sql.compilers.pyspark import PySparkCompiler

from wulian.analysis.flags.backends import ROW_GROUP, EngineMissing


class Compiler(PySparkCompiler):
    """What Ibis leaves out for Spark, or asks its own connection to Spark for, which is not used here."""

    __slots__ = ()

    def visit_Field(self, op: Any, *, rel: Any, name: str) -> Any:
        """Name a column; a number that is none stays what it is."""
        return super(PySparkCompiler, self).visit_Field(op, rel=rel, name=name)

    def visit_NonNullLiteral(self, op: Any, *, value: Any, dtype: Any) -> Any:
        """Write a literal; a number that is none stays what it is."""
        above: Any = super(PySparkCompiler, self) if dtype.is_floating() else super()
        return above.visit_NonNullLiteral(op, value=value, dtype=dtype)

    def visit_GroupConcat(self, op: Any, *, arg: Any, sep: Any, where: Any, order_by: Any) -> Any:
        """Join texts in an order: as pairs of key and text, sorted, of which the text is kept."""
        if not order_by:
            return super().visit_GroupConcat(op, arg=arg, sep=sep, where=where, order_by=order_by)
        there = arg.is_(sge.Not(this=NULL))
        pair = self.f.struct(*(key.this for key in order_by), arg.as_("text"))
        kept = there if where is None else sge.and_(there, where)
        pairs = self.f.array_sort(self.f.collect_list(self.if_(kept, pair, NULL)))
        item = sge.to_identifier("item")
        text = sge.Lambda(this=sge.Dot(this=item, expression=sge.to_identifier("text")), expressions=[item])
        return self.f.nullif(self.f.array_join(self.f.transform(pairs, text), sep), "")


COMPILER = Compiler()


class Spark:
    """Apache Spark: on this machine, or on the cluster that Spark's own configuration names."""

    dialect = "pyspark"

    def __init__(self, largest: int, threads: int | None = None) -> None:
        self._session = _spark_session(threads)
        # Compiling a statement to Java takes seconds, which only pays over many rows.
        compiled = largest > ROW_GROUP
        self._session.conf.set("spark.sql.codegen.wholeStage", str(compiled).lower())
        self._session.conf.set("spark.sql.codegen.factoryMode", "FALLBACK" if compiled else "NO_CODEGEN")
        self._views: list[str] = []

    def load(self, name: str, table: pa.Table) -> None:
        """Give `table` to Spark."""
        self._hold(name, self._session.createDataFrame(table))

    def define_day(self, name: str, day: date) -> None:
        """Define ``name()`` as a function of the session."""
        self._session.sql(
            f"CREATE OR REPLACE TEMPORARY FUNCTION {name}() RETURNS DATE RETURN DATE '{day.isoformat()}'"
        )

    def create(self, name: str, sql: str) -> None:
        """Compute the rows of a query once, and keep them under `name`.

        As a checkpoint: of a cached table Spark still reads the whole plan, and of the tables below it, in each statement.
        """
        self._hold(name, self._session.sql(sql).localCheckpoint())

    def fetch(self, sql: str) -> pa.Table | None:
        """Return the rows of a query, None when there are none."""
        rows = self._session.sql(sql).toArrow()
        return rows if rows.num_rows else None

    def close(self) -> None:
        """Forget the tables; the session stays for the next run."""
        for name in self._views:
            self._session.catalog.dropTempView(name)
        self._views.clear()

    def stop(self) -> None:
        """End the session of this process, for all who use it."""
        self._session.stop()

    def _hold(self, name: str, frame: Any) -> None:
        frame.createOrReplaceTempView(name)
        self._views.append(name)


def _spark_session(threads: int | None) -> Any:
    """Return the session of this process; EngineMissing when Spark or Java is not there."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise EngineMissing(
            f"引擎 spark 需要附加包 cluster（pip install -r requirements/cluster.txt）：{error}"
        ) from None
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else "java"
    if shutil.which(java) is None:
        raise EngineMissing(f"引擎 spark（附加包 cluster）还需要 Java 17 或更新版本：找不到 {java}")
    builder = SparkSession.builder.appName("wulian")
    for key in ("spark.ui.enabled", "spark.ui.showConsoleProgress"):
        builder = builder.config(key, "false")
    if threads:
        builder = builder.master(f"local[{threads}]")
    try:
        session = builder.getOrCreate()
    except Exception as error:  # what a broken installation raises is of no fixed kind
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise EngineMissing(f"引擎 spark（附加包 cluster）无法启动：{reason}") from None
    session.sparkContext.setLogLevel("ERROR")
    # The bridge to Java reports each connection it closes, long after the run.
    logging.getLogger("py4j").setLevel(logging.ERROR)
    # Times of the tables are wall-clock times without zone; what cannot be computed is null, as in DuckDB.
    session.conf.set("spark.sql.session.timeZone", "UTC")
    session.conf.set("spark.sql.timestampType", "TIMESTAMP_NTZ")
    session.conf.set("spark.sql.ansi.enabled", "false")
    # Plans of rules are long; as text, for pages nobody opens, they would fill the memory.
    session.conf.set("spark.sql.maxPlanStringLength", "1000")
    if str(session.sparkContext.master).startswith("local"):
        session.conf.set("spark.sql.shuffle.partitions", str(session.sparkContext.defaultParallelism))
        session.conf.set("spark.sql.adaptive.enabled", "false")
    return session
