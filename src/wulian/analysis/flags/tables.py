"""The analysis tables: one per record class of ``wulian.exchange.records``, with a fixed schema.

Amounts are decimal(18,2) and ratios decimal(7,6), not floating point: the legal limits are inclusive or exclusive to the
cent (DT-3), and 2 % of an estimate must compare exactly. Times are UTC microseconds. An empty text is a null.
"""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic.fields import FieldInfo

from wulian.exchange.records import (
    LIST_SEPARATOR,
    PARENTS,
    PARTY_FIELDS,
    TABLES,
    DossierRecord,
    PartyRecord,
    Record,
    iterate_rows,
    own_fields,
)

MONEY = pa.decimal128(18, 2)
RATIO = pa.decimal128(7, 6)
TIME = pa.timestamp("us", tz="UTC")

_SIMPLE: dict[Any, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    bool: pa.bool_(),
    date: pa.date32(),
    datetime: TIME,
    Decimal: MONEY,
}
_EXTRA_PARENTS = {"nodes": ("lot",)}
# Columns that name a row of another table of the same lot.
_ROW_REFERENCES = {"scores": {"member": "members", "bid": "bids"}}

Row = dict[str, Any]


@cache
def arrow_schema(table: str) -> pa.Schema:
    """Return the columns of `table`: id, parents, then its own fields; KeyError for a table that does not exist."""
    fields = own_fields(table)
    columns = [pa.field("id", pa.string(), nullable=False)]
    columns += [pa.field(name, pa.string()) for name in parent_columns(table)]
    columns += [pa.field(name, _arrow_type(info)) for name, info in fields.items() if name != "id"]
    return pa.schema(columns)


def parent_columns(table: str) -> tuple[str, ...]:
    """Return the columns of `table` that name its parent rows, e.g. ``("lot_id",)`` for bids."""
    nearest = (PARENTS[table],) if table in PARENTS else ()
    return tuple(f"{parent}_id" for parent in (*nearest, *_EXTRA_PARENTS.get(table, ())))


def _arrow_type(info: FieldInfo) -> pa.DataType:
    base, metadata = _unwrap(info.annotation, list(info.metadata))
    if base is Decimal and _max_digits(metadata) == RATIO.precision:
        return RATIO
    if get_origin(base) in (list, Literal):
        return pa.string()
    return _SIMPLE[base]


def _unwrap(annotation: Any, metadata: list[Any]) -> tuple[Any, list[Any]]:
    """Strip Annotated and Optional; collect the metadata on the way."""
    if hasattr(annotation, "__metadata__"):
        return _unwrap(annotation.__origin__, [*metadata, *annotation.__metadata__])
    if get_origin(annotation) in (Union, types.UnionType):
        (inner,) = [part for part in get_args(annotation) if part is not type(None)]
        return _unwrap(inner, metadata)
    return annotation, metadata


def _max_digits(metadata: list[Any]) -> int | None:
    for item in metadata:
        nested = getattr(item, "metadata", None)
        found = getattr(item, "max_digits", None) or (_max_digits(list(nested)) if nested else None)
        if found:
            return int(found)
    return None


def empty_table(table: str) -> pa.Table:
    """Return `table` without rows."""
    return arrow_schema(table).empty_table()


def to_arrow(table: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Build one table from rows; missing columns are null, unknown ones are ignored."""
    schema = arrow_schema(table)
    listed = list(rows)
    columns = [pa.array([row.get(field.name) for row in listed], type=field.type) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def rows_from_dossiers(dossiers: Iterable[DossierRecord]) -> dict[str, list[Row]]:
    """Flatten dossiers into rows by table.

    Ids become unique across dossiers: ``<source id>/<row id>``; a party is its uscc, or its key within the source system.
    """
    rows: dict[str, list[Row]] = {table: [] for table in TABLES}
    parties: dict[str, Row] = {}
    for dossier in dossiers:
        _Flattener(dossier, rows, parties).run()
    rows["parties"] = list(parties.values())
    return rows


class _Flattener:
    """Flattens one dossier: gives every row its id in the tables and translates references."""

    def __init__(self, dossier: DossierRecord, rows: dict[str, list[Row]], parties: dict[str, Row]) -> None:
        self.dossier, self.rows, self.parties = dossier, rows, parties
        self.party_keys = {party.id: _party_key(dossier, party) for party in dossier.parties}
        self.taken: dict[str, set[str]] = {table: set() for table in TABLES}
        self.keys: dict[int, str] = {}
        self.local: dict[tuple[str, str, str], str] = {}

    def run(self) -> None:
        for table, row, ancestors in iterate_rows(self.dossier):
            if isinstance(row, PartyRecord):
                key = self.party_keys[row.id]
                self.parties.setdefault(key, {**_values(table, row), "id": key})
            else:
                self.rows[table].append(self._flat(table, row, ancestors))

    def _flat(self, table: str, row: Record, ancestors: Mapping[str, Record]) -> Row:
        flat = _values(table, row)
        flat["id"] = self._key(table, row, ancestors)
        for column in parent_columns(table):
            parent = ancestors.get(column.removesuffix("_id"))
            flat[column] = self.keys.get(id(parent)) if parent is not None else None
        for name in PARTY_FIELDS.get(table, ()):
            flat[name] = self._party_reference(getattr(row, name))
        lot = self.keys.get(id(ancestors.get("lot")), "")
        for name, target in _ROW_REFERENCES.get(table, {}).items():
            flat[name] = self.local.get(
                (lot, target, getattr(row, name)), f"{self.dossier.source_id}/{flat[name]}"
            )
        return flat

    def _key(self, table: str, row: Record, ancestors: Mapping[str, Record]) -> str:
        key = f"{self.dossier.source_id}/{row.id}"
        repeat = 1
        while key in self.taken[table]:
            repeat += 1
            key = f"{self.dossier.source_id}/{row.id}~{repeat}"
        self.taken[table].add(key)
        self.keys[id(row)] = key
        lot = self.keys.get(id(ancestors.get("lot")), "")
        self.local.setdefault((lot, table, row.id), key)
        return key

    def _party_reference(self, value: Any) -> str | None:
        if isinstance(value, list):
            return LIST_SEPARATOR.join(self.party_keys[item] for item in value) or None
        return self.party_keys[value] if value else None


def _party_key(dossier: DossierRecord, party: PartyRecord) -> str:
    if party.uscc:
        return party.uscc
    if party.scheme and party.scheme_id:
        return f"{party.scheme}:{party.scheme_id}"
    return f"{dossier.source_system}/{party.id}"


def _values(table: str, row: Record) -> Row:
    values: Row = {}
    for name in own_fields(table):
        value = getattr(row, name)
        if isinstance(value, list):
            value = LIST_SEPARATOR.join(value)
        values[name] = None if value == "" else value
    return values


def arrow_from_dossiers(dossiers: Iterable[DossierRecord]) -> dict[str, pa.Table]:
    """Flatten dossiers into Arrow tables, every table of the schema present."""
    return {table: to_arrow(table, rows) for table, rows in rows_from_dossiers(dossiers).items()}


def write_parquet(tables: Mapping[str, pa.Table], folder: Path) -> list[Path]:
    """Write each table as ``<folder>/<table>.parquet`` and return the paths; the folder is made when it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, table in tables.items():
        target = folder / f"{name}.parquet"
        pq.write_table(table.cast(arrow_schema(name)), target, compression="zstd")
        written.append(target)
    return written
