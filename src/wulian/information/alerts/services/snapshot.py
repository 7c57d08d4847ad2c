"""The registry as Parquet tables under WULIAN_VAR/snapshot, in the schema of `wulian.analysis.flags`.

Each table is a folder `<table>.parquet/` of one file per bucket of project ids (parties: of party ids), so that a change rewrites
a few small files. `wulian flags` reads the folder as it is.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings
from django.db.models import Q

from wulian.analysis.flags import arrow_schema, parent_columns, to_arrow
from wulian.exchange.records import LIST_SEPARATOR, PARTY_FIELDS, TABLES, own_fields
from wulian.information.registry.models import TABLE_MODELS, Bid

BUCKET = 500
"""Projects in a file."""
PARTY_BUCKET = 5000
PARTIES = "parties"
_REFERENCES = {"scores": ("member", "bid")}


def folder() -> Path:
    """Return the folder of the snapshot."""
    return Path(settings.VAR_DIR) / "snapshot"


@contextmanager
def locked() -> Iterator[None]:
    """Hold the snapshot for writing and judging; other processes wait."""
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write_snapshot(*, project_ids: Iterable[int] | None = None) -> None:
    """Write the buckets of these projects and of the parties they name, or everything."""
    everything = project_ids is None
    buckets = _buckets(_keys("projects") if project_ids is None else project_ids, BUCKET)
    named: set[int] = set()
    for bucket in buckets:
        for table in TABLES:
            if table != PARTIES:
                named |= _write_bucket(table, bucket)
    party_buckets = _buckets(_keys(PARTIES) if everything else named, PARTY_BUCKET)
    for bucket in party_buckets:
        first = bucket * PARTY_BUCKET
        _write(PARTIES, bucket, _rows(PARTIES, Q(pk__gte=first, pk__lt=first + PARTY_BUCKET)))
    if everything:
        for table in TABLES:
            _remove_others(table, party_buckets if table == PARTIES else buckets)


def read_snapshot() -> dict[str, pa.Table]:
    """Return all tables."""
    return {table: _read(table) for table in TABLES}


def read_projects(project_ids: Collection[int]) -> dict[str, pa.Table]:
    """Return the tables of these projects alone, as the registry has them now; the parties are those of the snapshot, all."""
    found = {}
    for table in TABLES:
        key = "pk" if table == "projects" else "project_id"
        of_projects = Q(**{f"{key}__in": project_ids})
        found[table] = _read(table) if table == PARTIES else to_arrow(table, _rows(table, of_projects))
    return found


def _read(table: str) -> pa.Table:
    parts = [pq.read_table(file) for file in sorted((folder() / f"{table}.parquet").glob("*.parquet"))]
    return pa.concat_tables(parts) if parts else arrow_schema(table).empty_table()


def _keys(table: str) -> Iterator[int]:
    """Every key of a table; those of a sequence may leave thousands of buckets empty."""
    model: Any = TABLE_MODELS[table]
    yield from model.objects.order_by().values_list("pk", flat=True).iterator(chunk_size=5000)


def _buckets(keys: Iterable[int], size: int) -> list[int]:
    return sorted({key // size for key in keys})


def _write_bucket(table: str, bucket: int) -> set[int]:
    """Write one file of a table; return the parties its rows name."""
    key = "pk" if table == "projects" else "project_id"
    first = bucket * BUCKET
    rows = _rows(table, Q(**{f"{key}__gte": first, f"{key}__lt": first + BUCKET}))
    _write(table, bucket, rows)
    names = PARTY_FIELDS.get(table, ())
    return {
        int(part)
        for row in rows
        for name in names
        if row[name]
        for part in str(row[name]).split(LIST_SEPARATOR)
    }


def _rows(table: str, scope: Q) -> list[dict[str, Any]]:
    model: Any = TABLE_MODELS[table]
    consortia = _consortia(scope) if table == "bids" else {}
    references = {*PARTY_FIELDS.get(table, ()), *_REFERENCES.get(table, ())} - {"consortium"}
    columns = {"id": "id", **{name: name for name in parent_columns(table)}}
    for name in own_fields(table):
        if name not in ("id", "consortium"):
            columns[name] = model._meta.get_field(name).attname
    queryset = model.objects.filter(scope, ended_at=None).order_by("pk").values_list("pk", *columns.values())
    keys = {"id", *parent_columns(table), *references}
    rows = []
    for pk, *values in queryset.iterator(chunk_size=5000):
        row = {name: _value(value, name in keys) for name, value in zip(columns, values, strict=True)}
        if table == "bids":
            row["consortium"] = consortia.get(pk)
        rows.append(row)
    return rows


def _value(value: Any, is_key: bool) -> Any:
    if value is None or value == "":
        return None
    return str(value) if is_key else value


def _consortia(scope: Q) -> dict[int, str]:
    """Return the consortium members of bids as one text each."""
    found: dict[int, list[str]] = {}
    pairs = Bid.objects.filter(scope, ended_at=None, consortium__isnull=False).order_by("pk", "consortium")
    for bid, party in pairs.values_list("pk", "consortium"):
        found.setdefault(bid, []).append(str(party))
    return {bid: LIST_SEPARATOR.join(parties) for bid, parties in found.items()}


def _file_name(bucket: int) -> str:
    return f"{bucket:06d}.parquet"


def _write(table: str, bucket: int, rows: list[Mapping[str, Any]] | list[dict[str, Any]]) -> None:
    """Write one file under another name and rename it, so that a reader never sees half of it."""
    target = folder() / f"{table}.parquet" / _file_name(bucket)
    if not rows:
        target.unlink(missing_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(f".{os.getpid()}.tmp")
    pq.write_table(to_arrow(table, rows), draft, compression="zstd")
    draft.replace(target)


def _remove_others(table: str, buckets: list[int]) -> None:
    kept = {_file_name(bucket) for bucket in buckets}
    for path in (folder() / f"{table}.parquet").glob("*"):
        if path.name not in kept:
            path.unlink()
