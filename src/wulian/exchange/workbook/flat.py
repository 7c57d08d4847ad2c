"""The flat CSV of first entry: one row a lot, with its project, tender, deadline, opening, award and contract."""

from __future__ import annotations

from typing import Any

from wulian.exchange.keys import fit_key
from wulian.exchange.labels import field_label
from wulian.exchange.refusals import Refusal
from wulian.exchange.workbook.assembling import Row
from wulian.exchange.workbook.columns import OF_LOT, OF_PROJECT, OF_TENDER, Column, columns_of
from wulian.exchange.workbook.headers import match_headers, read_cells
from wulian.exchange.workbook.opening import Sheet

# (table, field, header when the field's own title would be unclear in a flat row)
_LAYOUT: tuple[tuple[str, str, str], ...] = (
    ("projects", "project_code", ""),
    ("projects", "name", ""),
    ("projects", "owner", ""),
    ("projects", "sector", ""),
    ("projects", "region_code", ""),
    ("projects", "address", ""),
    ("projects", "approval_type", ""),
    ("projects", "approval_no", ""),
    ("projects", "approved_on", ""),
    ("projects", "total_investment", ""),
    ("projects", "budget", ""),
    ("projects", "state_dominant", ""),
    ("projects", "gov_investment", ""),
    ("tenders", "tender_code", ""),
    ("tenders", "name", ""),
    ("tenders", "procuring_entity", ""),
    ("tenders", "agency", ""),
    ("tenders", "mode", ""),
    ("tenders", "org_form", ""),
    ("tenders", "must_tender", ""),
    ("tenders", "supervising_authority", ""),
    ("lots", "lot_code", ""),
    ("lots", "name", ""),
    ("lots", "category", ""),
    ("lots", "estimated_price", ""),
    ("lots", "ceiling_price", ""),
    ("documents", "issued_at", "招标文件发出时间"),
    ("documents", "deadline_at", ""),
    ("openings", "actual_at", ""),
    ("openings", "bidder_count", ""),
    ("awards", "supplier", ""),
    ("awards", "price", ""),
    ("awards", "decided_at", ""),
    ("awards", "notice_at", ""),
    ("contracts", "contract_no", ""),
    ("contracts", "signed_at", "合同签订时间"),
    ("contracts", "price", ""),
    ("contracts", "duration_days", ""),
)
_REQUIRED = {
    ("projects", "name"),
    ("tenders", "tender_code"),
    ("tenders", "name"),
    ("lots", "lot_code"),
    ("lots", "name"),
}
_PARTIES = {
    ("projects", "owner"),
    ("tenders", "procuring_entity"),
    ("tenders", "agency"),
    ("awards", "supplier"),
}
_FIXED = {"documents": "招标文件", "openings": "开标", "awards": "中标", "contracts": "合同"}


def _header(table: str, field: str) -> str:
    return field_label(table, field)


_OWNERS = {f"{_header(*place)}统一社会信用代码": place for place in _PARTIES}


def flat_columns() -> tuple[Column, ...]:
    """The columns of the flat CSV; a party is its name, with its credit code in the next column."""
    columns: list[Column] = []
    for table, field, header in _LAYOUT:
        own = next(column for column in columns_of(table) if column.field == field)
        shown = header or own.header
        columns.append(Column(shown, field, own.kind, (table, field) in _REQUIRED, table))
        if (table, field) in _PARTIES:
            columns.append(Column(f"{_header(table, field)}统一社会信用代码", "uscc", str, False, "parties"))
    return tuple(columns)


def read_flat(sheet: Sheet) -> tuple[list[Row], list[Refusal]]:
    """The rows of the flat CSV as rows of the workbook's sheets."""
    columns, faults = match_headers(sheet, flat_columns())
    if faults or not columns:
        return [], faults
    rows: list[Row] = []
    parties: dict[str, Row] = {}
    heads: dict[tuple[str, str, str], Row] = {}
    for number, cells in enumerate(sheet.rows[1:], 2):
        if any(cells):
            rows += _split(_read(sheet, number, columns, cells), parties, heads)
    return [*parties.values(), *rows], []


def _read(sheet: Sheet, number: int, columns: list[Column | None], cells: list[Any]) -> _FlatRow:
    flat = _FlatRow(sheet.name, number)
    if len(cells) != len(columns):
        reason = f"这一行有{len(cells)}格，标题行有{len(columns)}格（是否有未加引号的逗号？）"
        flat.faults.append(("", reason, ""))
    values, faults = read_cells(columns, cells)
    flat.faults += faults
    for column, value in values:
        place = (column.table, column.field or "")
        if column.table == "parties":
            owner = _OWNERS[column.header]
            flat.codes[owner] = value
        else:
            flat.values[place] = value
            flat.headers[place] = column.header
    for owner in flat.codes:
        if owner not in flat.values:
            flat.faults.append((_header(*owner), "填写了统一社会信用代码，但没有填写名称", flat.codes[owner]))
    return flat


class _FlatRow:
    def __init__(self, sheet: str, number: int) -> None:
        self.sheet, self.number = sheet, number
        self.values: dict[tuple[str, str], Any] = {}
        self.headers: dict[tuple[str, str], str] = {}
        self.codes: dict[tuple[str, str], str] = {}
        self.faults: list[tuple[str, str, str]] = []

    def of(self, table: str) -> dict[str, Any]:
        return {field: value for (owner, field), value in self.values.items() if owner == table}


def _split(flat: _FlatRow, parties: dict[str, Row], heads: dict[tuple[str, str, str], Row]) -> list[Row]:
    """The workbook rows of one flat row; project and tender are shared by all lots that name them."""
    for place in _PARTIES:
        if place in flat.values:
            flat.values[place] = _party(flat, str(flat.values[place]), flat.codes.get(place, ""), parties)
    project = fit_key(
        str(flat.values.get(("projects", "project_code")) or flat.values.get(("projects", "name"), ""))
    )
    tender = fit_key(str(flat.values.get(("tenders", "tender_code"), "")))
    lot = fit_key(str(flat.values.get(("lots", "lot_code"), "")))
    made: list[Row] = []
    _shared(flat, "projects", ("projects", project, ""), project, {OF_PROJECT: project}, heads, made)
    _shared(flat, "tenders", ("tenders", project, tender), tender, {OF_PROJECT: project}, heads, made)
    parents = {OF_PROJECT: project, OF_TENDER: tender}
    made.append(_row(flat, "lots", lot, parents, flat.of("lots")))
    for table, key in _FIXED.items():
        fields = flat.of(table)
        if fields:
            made.append(_row(flat, table, key, parents | {OF_LOT: lot}, fields))
    made[-1].faults += flat.faults
    return made


def _row(flat: _FlatRow, table: str, key: str, parents: dict[str, str], fields: dict[str, Any]) -> Row:
    return Row(table, flat.sheet, flat.number, {"id": key, **fields}, dict(parents))


def _shared(
    flat: _FlatRow,
    table: str,
    place: tuple[str, str, str],
    key: str,
    parents: dict[str, str],
    heads: dict[tuple[str, str, str], Row],
    made: list[Row],
) -> Row:
    fields = flat.of(table)
    first = heads.get(place)
    if first is None:
        first = heads[place] = _row(flat, table, key, parents, fields)
        made.append(first)
        return first
    for name, value in fields.items():
        if name in first.fields and first.fields[name] != value:
            header = flat.headers[table, name]
            reason = f"与第{first.number}行不一致：同一项目的“{header}”应相同"
            flat.faults.append((header, reason, str(value)))
        first.fields.setdefault(name, value)
    return first


def _party(flat: _FlatRow, name: str, uscc: str, parties: dict[str, Row]) -> str:
    key = uscc or fit_key(f"name:{name}")
    known = parties.get(key)
    if known is None:
        fields = {"id": key, "name": name} | ({"uscc": uscc} if uscc else {})
        parties[key] = Row("parties", flat.sheet, flat.number, fields)
    elif known.fields["name"] != name:
        reason = f"统一社会信用代码 {uscc} 在第{known.number}行的名称是“{known.fields['name']}”"
        flat.faults.append(("统一社会信用代码", reason, name))
    return key
