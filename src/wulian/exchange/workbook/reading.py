"""Reads a filled-in workbook or CSV: dossiers of the projects that are right, every wrong cell of the others."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from wulian.exchange.labels import TABLE_LABELS
from wulian.exchange.records import DossierRecord
from wulian.exchange.refusals import Refusal, UnreadableFile
from wulian.exchange.workbook.assembling import Row, assemble
from wulian.exchange.workbook.columns import OF_PROJECT, SOURCE_COLUMNS, Column, columns_of
from wulian.exchange.workbook.flat import read_flat
from wulian.exchange.workbook.headers import match_headers, read_cells
from wulian.exchange.workbook.opening import Sheet, WorkbookLimits, open_csv, open_workbook, read_bytes

__all__ = ["WorkbookLimits", "read_workbook"]

SOURCE_SYSTEM = "workbook"
IGNORED_SHEETS = {"填写说明", "说明"}
MOST_HEADER_ERRORS = 50


def read_workbook(
    path_or_stream: str | Path | IO[bytes],
    *,
    source_system: str = SOURCE_SYSTEM,
    limits: WorkbookLimits | None = None,
) -> Iterator[DossierRecord | Refusal]:
    """Read the office's workbook (.xlsx) or its flat CSV; nothing in the file raises.

    A project with one bad row does not enter at all; all its bad rows are reported with sheet, row, Chinese header,
    reason and what was expected. A wrong file type or header refuses the whole file.
    """
    limits = limits or WorkbookLimits()
    try:
        data = read_bytes(path_or_stream, limits)
        if data.startswith(b"PK") or data[:4] == b"\xd0\xcf\x11\xe0":
            rows, refusals = _read_sheets(open_workbook(data, limits))
        else:
            rows, refusals = read_flat(open_csv(data, limits))
    except UnreadableFile as error:
        yield Refusal(None, "", "", str(error))
        return
    yield from assemble(rows, refusals, finish=lambda project, tree: _finish(project, tree, source_system))


def _finish(project: dict[str, Any], tree: dict[str, Any], source_system: str) -> DossierRecord:
    """The dossier of one assembled project; its hash covers what the rows say."""
    head = {name: project.pop(name, None) for name in SOURCE_COLUMNS}
    text = json.dumps(tree, sort_keys=True, default=str, ensure_ascii=True)
    return DossierRecord.model_validate(
        {
            **tree,
            "source_system": head["source_system"] or source_system,
            "source_id": head["source_id"] or project["id"],
            "released_at": head["released_at"],
            "raw_hash": hashlib.sha256(text.encode()).hexdigest(),
        }
    )


def _read_sheets(sheets: list[Sheet]) -> tuple[list[Row], list[Refusal]]:
    tables = {label: table for table, label in TABLE_LABELS.items()}
    known = [(tables[name], sheet) for sheet in sheets if (name := sheet.name.strip()) in tables]
    faults = [
        Refusal(
            None, "", "", f"没有“{sheet.name}”这个工作表；应为：{'、'.join(tables)}", sheet=sheet.name[:100]
        )
        for sheet in sheets
        if sheet.name.strip() not in tables
        and sheet.name.strip() not in IGNORED_SHEETS
        and any(map(any, sheet.rows))
    ]
    if not any(table == "projects" for table, _sheet in known):
        raise UnreadableFile("没有“项目”工作表，请使用下载的填报模板")
    headers: list[tuple[str, Sheet, list[Column | None]]] = []
    for table, sheet in known:
        columns, wrong = match_headers(sheet, columns_of(table))
        headers.append((table, sheet, columns))
        faults += wrong
    if faults:
        # A misread header would silently drop a column: nothing of the file enters.
        return [], faults[:MOST_HEADER_ERRORS]
    rows: list[Row] = []
    for table, sheet, columns in headers:
        rows += _read_rows(table, sheet, columns)
    return rows, []


def _read_rows(table: str, sheet: Sheet, columns: list[Column | None]) -> Iterator[Row]:
    """The non-empty rows of a sheet, cells converted; what is wrong with a cell stays with its row."""
    for number, cells in enumerate(sheet.rows[1:], 2):
        if not any(cell is not None and cell != "" for cell in cells):
            continue
        row = Row(table, sheet.name, number)
        values, row.faults = read_cells(columns, cells)
        for column, value in values:
            if column.field is None:
                row.parents[column.header] = value
            else:
                row.fields[column.field] = value
        if table == "projects":
            row.parents[OF_PROJECT] = str(row.fields.get("id", ""))
        yield row
