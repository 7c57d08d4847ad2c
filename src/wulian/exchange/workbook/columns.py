"""The columns of each sheet: header, field, and how a cell is read and written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from wulian.exchange.labels import (
    VALUE_LABELS,
    field_label,
    field_type,
    is_coded,
    parent_label,
    value_label,
    value_of_label,
)
from wulian.exchange.records import BEIJING, LIST_SEPARATOR, PARENTS, TABLES, Key, own_fields
from wulian.exchange.refusals import explain
from wulian.exchange.values import clean_text, parse_amount, parse_time

OF_PROJECT, OF_TENDER, OF_LOT, OF_CONTRACT = "所属项目", "所属招标项目", "所属标段", "所属合同"
SOURCE_COLUMNS = {"source_system": "来源系统", "source_id": "来源编号", "released_at": "发布时间"}
_ERROR_CELL = re.compile(r"#(N/A|DIV/0!|REF!|VALUE!|NAME\?|NUM!|NULL!|GETTING_DATA)")
_TRUE, _FALSE = {"是", "true", "1", "y", "yes", "√"}, {"否", "false", "0", "n", "no", "×"}
_EXACT_FLOAT = 10**15


@dataclass(frozen=True)
class Column:
    """One column; ``field`` is None for a column that names the row's parent."""

    header: str
    field: str | None
    kind: Any
    required: bool
    table: str

    @property
    def shown(self) -> str:
        return f"{self.header}*" if self.required else self.header

    @property
    def help(self) -> str:
        """What may stand in a cell, for the header's comment and for refusals."""
        parts = ["必填。" if self.required else "选填。", self.expected]
        return "".join(parts)

    @property
    def expected(self) -> str:
        if self.field is None:
            return f"填写{self.header.removeprefix('所属')}表中的编号"
        if is_coded_column(self):
            return "应为：" + "、".join(self.options)
        if self.kind is datetime:
            return "应为日期或时间，如 2026-03-01 或 2026-03-01 09:30（北京时间）"
        if self.kind is date:
            return "应为日期，如 2026-03-01"
        if self.kind is bool:
            return "应为“是”或“否”"
        if self.kind is int:
            return "应为整数"
        if self.kind is Decimal:
            ratio = "ratio" in (self.field or "")
            return "应为0到1之间的比例，如 0.1 或 10%" if ratio else "应为数字，单位元，最多两位小数"
        if self.kind is list:
            return "可填多个编号，用分号（；）隔开"
        if self.field == "uscc":
            return "应为18位统一社会信用代码，校验码正确"
        return "文字"

    @property
    def options(self) -> list[str]:
        if self.kind is bool:
            return ["是", "否"]
        return list(VALUE_LABELS.get((self.table, self.field or ""), {}).values())


def is_coded_column(column: Column) -> bool:
    return (
        column.field is not None
        and column.field in own_fields(column.table)
        and is_coded(column.table, column.field)
    )


@cache
def columns_of(table: str) -> tuple[Column, ...]:
    """The columns of a table's sheet, keys first."""
    columns = [Column("编号", "id", str, True, table)]
    if table in PARENTS:
        columns.append(Column(OF_PROJECT, None, str, True, table))
        parent = parent_label(table)
        if table not in ("tenders", "lots"):
            columns.append(Column(OF_TENDER, None, str, False, table))
        if parent == OF_CONTRACT:
            columns.append(Column(OF_LOT, None, str, False, table))
        if parent != OF_PROJECT:
            columns.append(Column(parent, None, str, table != "nodes", table))
    for name, info in own_fields(table).items():
        if name != "id":
            columns.append(
                Column(field_label(table, name), name, field_type(table, name), info.is_required(), table)
            )
    if table == "projects":
        columns += [
            Column(header, name, datetime if name == "released_at" else str, False, table)
            for name, header in SOURCE_COLUMNS.items()
        ]
    return tuple(columns)


@cache
def _adapter(table: str, field: str) -> TypeAdapter[Any]:
    if field in SOURCE_COLUMNS and table == "projects":
        return TypeAdapter(Key if field != "released_at" else datetime)
    info = TABLES[table].model_fields[field]
    annotation: Any = info.annotation
    for constraint in info.metadata:
        annotation = Annotated[annotation, constraint]
    return TypeAdapter(annotation)


class BadCell(ValueError):
    """A cell that does not hold what its column expects."""


def read_cell(column: Column, cell: Any) -> Any:
    """The value of a cell; None when it is empty. Raises BadCell with a Chinese reason."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return None
    if isinstance(cell, str):
        cell = clean_text(cell)
        if _ERROR_CELL.fullmatch(cell):
            raise BadCell(f"单元格是错误值 {cell}；{column.expected}")
    try:
        value = _convert(column, cell)
    except BadCell:
        raise
    except ValueError as error:
        raise BadCell(_joined(str(error), column.expected)) from None
    if column.field is None:
        return value
    try:
        return _adapter(column.table, column.field).validate_python(value)
    except ValidationError as error:
        raise BadCell(_joined(explain(error)[1], column.expected)) from None


def _joined(reason: str, expected: str) -> str:
    return reason if reason.startswith("应为") or expected == "文字" else f"{reason}；{expected}"


def _convert(column: Column, cell: Any) -> Any:
    if is_coded_column(column):
        found = value_of_label(column.table, column.field or "", str(cell))
        if found is None:
            raise BadCell(column.expected)
        return found
    if column.kind in (datetime, date):
        return _moment(column, cell)
    if column.kind is bool:
        return _truth(column, cell)
    if column.kind is Decimal:
        return _number(column, cell)
    if column.kind is int:
        amount, rounded = parse_amount(cell)
        if rounded or amount != amount.to_integral_value():
            raise BadCell(column.expected)
        return int(amount)
    if column.kind is list:
        return [part for part in re.split(r"[;；、,，]\s*", _text(cell)) if part]
    return _text(cell)


def _moment(column: Column, cell: Any) -> Any:
    if isinstance(cell, datetime):
        moment = cell if cell.tzinfo else cell.replace(tzinfo=BEIJING)
    elif isinstance(cell, date):
        moment = datetime(cell.year, cell.month, cell.day, tzinfo=BEIJING)
    elif isinstance(cell, str):
        moment = parse_time(cell)
    else:
        raise BadCell(column.expected)
    return moment.date() if column.kind is date else moment


def _truth(column: Column, cell: Any) -> bool:
    text = str(int(cell)) if isinstance(cell, bool | float) else str(cell).strip().lower()
    if text in _TRUE | _FALSE:
        return text in _TRUE
    raise BadCell(column.expected)


def _number(column: Column, cell: Any) -> Decimal:
    field = column.field or ""
    if "ratio" in field:
        text = str(cell).strip()
        try:
            percent = text.endswith(("%", "％"))
            value = Decimal(text.rstrip("%％")) / (100 if percent else 1)
            return value.quantize(Decimal("0.000001"))
        except ArithmeticError:
            raise BadCell(column.expected) from None
    amount, _rounded = parse_amount(cell, signed=True)
    return amount


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        if not cell.is_integer():
            return repr(cell)
        if abs(cell) >= _EXACT_FLOAT:
            raise BadCell("编号过长，被 Excel 存成了数字而丢失尾数，请把这一列设为文本格式后重填")
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return str(cell)


def show_cell(column: Column, value: Any) -> Any:
    """The value as a cell shows it: text, number, or a naive Beijing time."""
    if value is None or value == "" or value == []:
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        local = value.astimezone(BEIJING)
        # A time finer than a second, which a cell cannot hold, is written as text.
        return local.isoformat(sep=" ") if local.microsecond else local.replace(tzinfo=None)
    if isinstance(value, list | tuple):
        return LIST_SEPARATOR.join(value)
    if is_coded_column(column):
        return value_label(column.table, column.field or "", value)
    return value
