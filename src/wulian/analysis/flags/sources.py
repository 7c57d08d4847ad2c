"""Where the tables come from: a folder of Parquet or CSV files, or OCDS JSON lines."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from wulian.analysis.flags.tables import arrow_from_dossiers, arrow_schema
from wulian.exchange.ocds import iterate_dossiers
from wulian.exchange.records import BEIJING, TABLES, DossierRecord

OCDS_ENDINGS = (".jsonl", ".jsonl.gz", ".json", ".json.gz", ".ndjson", ".ndjson.gz")
_TRUE = frozenset({"true", "t", "1", "yes", "y", "是"})
_FALSE = frozenset({"false", "f", "0", "no", "n", "否"})


class SourceError(ValueError):
    """A source that cannot be read; the message names the file, the column and the row."""


@dataclass
class FolderSource:
    """A folder with ``<table>.parquet`` or ``<table>.csv``; a table without a file is empty."""

    folder: Path
    warnings: list[str] = field(default_factory=list)

    def tables(self) -> dict[str, pa.Table]:
        """Read every table that has a file; SourceError when none has."""
        found = {name: path for name in TABLES if (path := _table_file(self.folder, name))}
        if not found:
            raise SourceError(f"{self.folder}: 没有可用的数据表（应有 lots.parquet、bids.csv 等文件）")
        return {name: read_table(name, path, self.warnings) for name, path in found.items()}


@dataclass
class OcdsSource:
    """OCDS releases or records, one JSON a line (plain or gzip); what the reader refuses is counted in `refused`."""

    path: Path
    warnings: list[str] = field(default_factory=list)
    refused: int = 0

    def tables(self) -> dict[str, pa.Table]:
        """Read every dossier; the newest release of a process wins."""
        newest: dict[tuple[str, str], DossierRecord] = {}
        for item in iterate_dossiers(self.path):
            if not isinstance(item, DossierRecord):
                self.refused += 1
                continue
            key = (item.source_system, item.source_id)
            if key not in newest or _released(item) >= _released(newest[key]):
                newest[key] = item
        if not newest:
            raise SourceError(f"{self.path.name}: 没有可读入的记录（{self.refused} 条不合规范）")
        if self.refused:
            self.warnings.append(f"{self.path.name}: {self.refused} 条记录不合规范，未读入")
        return arrow_from_dossiers(newest.values())


def _released(dossier: DossierRecord) -> datetime:
    return dossier.released_at or datetime.min.replace(tzinfo=BEIJING)


def open_source(path: Path) -> FolderSource | OcdsSource:
    """Return the source behind a path; SourceError when there is nothing or its kind is not known."""
    if path.is_dir():
        return FolderSource(path)
    if not path.exists():
        raise SourceError(f"{path}: 文件或文件夹不存在")
    if not path.name.lower().endswith(OCDS_ENDINGS):
        raise SourceError(f"{path}: 应为数据表文件夹，或以 {'、'.join(OCDS_ENDINGS)} 结尾的 OCDS 文件")
    return OcdsSource(path)


def _table_file(folder: Path, name: str) -> Path | None:
    found = [
        folder / f"{name}{ending}" for ending in (".parquet", ".csv") if (folder / f"{name}{ending}").exists()
    ]
    if len(found) > 1:
        raise SourceError(f"{folder}: {found[0].name} 与 {found[1].name} 只能有一个")
    return found[0] if found else None


def read_table(name: str, path: Path, warnings: list[str] | None = None) -> pa.Table:
    """Read one table file; missing columns are null, unknown columns are left out and reported in `warnings`.

    Raises SourceError that names file, column and row when a value has the wrong type.
    """
    table = _read_csv(path) if path.suffix.lower() == ".csv" else _read_parquet(path)
    unknown = [column for column in table.column_names if column not in arrow_schema(name).names]
    if unknown and warnings is not None:
        warnings.append(f"{path.name}: 忽略未知列 {'、'.join(unknown)}")
    return conform(name, table, origin=path.name, first_row=2 if path.suffix.lower() == ".csv" else 1)


def _read_parquet(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"{path.name}: 不是可读的 Parquet 文件（{str(error).splitlines()[0]}）") from None


def _read_csv(path: Path) -> pa.Table:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            columns: dict[str, list[str | None]] = {name: [] for name in reader.fieldnames or []}
            for number, row in enumerate(reader, start=2):
                if None in row:
                    raise SourceError(f"{path.name}: 第 {number} 行的列数多于表头")
                for name, cells in columns.items():
                    cells.append(row[name] or None)
    except UnicodeDecodeError:
        raise SourceError(f"{path.name}: 应为 UTF-8 编码") from None
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


def conform(name: str, table: pa.Table, origin: str, first_row: int = 1) -> pa.Table:
    """Bring a table to its exact schema: order, types, nulls for missing columns and empty texts.

    Raises SourceError naming `origin`, column and row (counted from `first_row`) for a value of the wrong type, a missing
    or repeated id.
    """
    schema = arrow_schema(name)
    columns = []
    for wanted in schema:
        if wanted.name in table.column_names:
            given = table.column(wanted.name).combine_chunks()
            columns.append(_convert(given, wanted.type, f"{origin}: 列 {wanted.name}", first_row))
        else:
            columns.append(pa.nulls(table.num_rows, wanted.type))
    _check_ids(columns[0], origin, first_row)
    return pa.Table.from_arrays(columns, schema=schema)


def _check_ids(ids: pa.Array, origin: str, first_row: int) -> None:
    if not ids.null_count and pc.count_distinct(ids).as_py() == len(ids):
        return
    seen: dict[str, int] = {}
    for row, value in enumerate(ids.to_pylist(), start=first_row):
        if value is None:
            raise SourceError(f"{origin}: 列 id: 第 {row} 行为空，每行须有编号")
        if value in seen:
            raise SourceError(f"{origin}: 列 id: 第 {row} 行的 {value} 与第 {seen[value]} 行重复")
        seen[value] = row


def _convert(values: pa.Array, wanted: pa.DataType, label: str, first_row: int) -> pa.Array:
    if pa.types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if pa.types.is_string(wanted):
        return _to_text(values, label, first_row)
    if values.type == wanted or pa.types.is_null(values.type):
        return values.cast(wanted)
    if pa.types.is_timestamp(values.type) and pa.types.is_timestamp(wanted):
        # A time without zone is Beijing time (rule of the exchange records).
        return (values if values.type.tz else pc.assume_timezone(values, "Asia/Shanghai")).cast(wanted)
    if pa.types.is_decimal(values.type) and pa.types.is_decimal(wanted):
        return _cast_or_find(values, wanted, label, first_row)
    if pa.types.is_integer(values.type) and (pa.types.is_integer(wanted) or pa.types.is_decimal(wanted)):
        return _cast_or_find(values, wanted, label, first_row)
    return _one_by_one(values, wanted, label, first_row)


def _cast_or_find(values: pa.Array, wanted: pa.DataType, label: str, first_row: int) -> pa.Array:
    try:
        return values.cast(wanted)
    except pa.ArrowInvalid:
        return _one_by_one(values, wanted, label, first_row)


def _to_text(values: pa.Array, label: str, first_row: int) -> pa.Array:
    if pa.types.is_nested(values.type) or pa.types.is_binary(values.type):
        raise SourceError(f"{label}: 应为文本，实为 {values.type}（第 {first_row} 行起）")
    text = values.cast(pa.string())
    return pc.if_else(pc.equal(pc.utf8_trim_whitespace(text), ""), pa.scalar(None, pa.string()), text)


def _one_by_one(values: pa.Array, wanted: pa.DataType, label: str, first_row: int) -> pa.Array:
    parse, kind = _parser(wanted)
    parsed = []
    for row, value in enumerate(values.to_pylist(), start=first_row):
        try:
            parsed.append(None if value is None or value == "" else parse(value))
        except (ValueError, TypeError, InvalidOperation, OverflowError):
            raise SourceError(f"{label}: 第 {row} 行的 {value!r} 不是{kind}") from None
    try:
        return pa.array(parsed, type=wanted)
    except (pa.ArrowException, ValueError, OverflowError) as error:
        raise SourceError(f"{label}: {str(error).splitlines()[0]}") from None


def _parser(wanted: pa.DataType) -> tuple[Callable[[Any], Any], str]:
    if pa.types.is_boolean(wanted):
        return _parse_bool, "是否值（true/false、是/否、1/0）"
    if pa.types.is_integer(wanted):
        return _parse_int, "整数"
    if pa.types.is_decimal(wanted):
        return lambda value: _parse_decimal(value, wanted), f"最多 {wanted.scale} 位小数的数"
    if pa.types.is_date(wanted):
        return _parse_date, "日期（YYYY-MM-DD）"
    return _parse_time, "时间（ISO 8601）"


def _parse_bool(value: Any) -> bool:
    text = str(value).strip().lower()
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise ValueError(value)


def _parse_int(value: Any) -> int:
    number = Decimal(str(value).strip())
    if number != number.to_integral_value():
        raise ValueError(value)
    return int(number)


def _parse_decimal(value: Any, wanted: pa.DataType) -> Decimal:
    number = Decimal(str(value).strip())
    exact = number.quantize(Decimal(1).scaleb(-wanted.scale))
    if not number.is_finite() or (exact != number and not isinstance(value, float)):
        raise ValueError(value)
    return exact


def _parse_date(value: Any) -> date:
    if isinstance(value, datetime):
        return (value if value.tzinfo is None else value.astimezone(BEIJING)).date()
    return value if isinstance(value, date) else date.fromisoformat(str(value).strip()[:10])


def _parse_time(value: Any) -> datetime:
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    return found if found.tzinfo else found.replace(tzinfo=BEIJING)
