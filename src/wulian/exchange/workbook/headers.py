"""Matches a sheet's header row with the columns that are expected, and reads the cells below it."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

from wulian.exchange.refusals import Refusal, excerpt
from wulian.exchange.workbook.columns import BadCell, Column, read_cell
from wulian.exchange.workbook.opening import Sheet

Fault = tuple[str, str, str]
"""(column, reason, excerpt) of what is wrong in a row."""


def match_headers(sheet: Sheet, expected: Sequence[Column]) -> tuple[list[Column | None], list[Refusal]]:
    """The column of each cell of the header row, and a refusal for each that is unknown, doubled or missing."""
    by_header = {column.header: column for column in expected}
    if not sheet.rows:
        return [], []
    found: list[Column | None] = []
    faults: list[Refusal] = []
    for cell in sheet.rows[0]:
        header = str(cell or "").strip().rstrip("*＊ ").strip()
        column = by_header.get(header)
        if header and column is None:
            near = difflib.get_close_matches(header, by_header, 1, 0.5)
            hint = f"，是不是“{near[0]}”？" if near else f"；可用的列：{'、'.join(by_header)}"
            faults.append(Refusal(1, "", header[:100], f"没有“{header[:100]}”这一列{hint}", sheet=sheet.name))
        elif column is not None and column in found:
            faults.append(Refusal(1, "", header, f"“{header}”这一列重复了", sheet=sheet.name))
        found.append(column)
    faults += [
        Refusal(1, "", column.header, f"缺少必填的列“{column.header}”", sheet=sheet.name)
        for column in expected
        if column.required and column not in found
    ]
    return found, faults


def read_cells(
    columns: Sequence[Column | None], cells: Sequence[Any]
) -> tuple[list[tuple[Column, Any]], list[Fault]]:
    """The filled-in cells of one row with their columns, and what is wrong with the others."""
    values: list[tuple[Column, Any]] = []
    faults: list[Fault] = []
    for column, cell in zip(columns, cells, strict=False):
        if column is None:
            if cell is not None and cell != "":
                faults.append(("", "这一格没有列标题，请删除或补上标题", excerpt(cell)))
            continue
        try:
            value = read_cell(column, cell)
        except BadCell as error:
            faults.append((column.header, str(error), excerpt(cell)))
            continue
        if value is not None:
            values.append((column, value))
        elif column.required:
            faults.append((column.header, "必填，但没有填写", ""))
    return values, faults
