"""Writes the empty template, exports, and reports of what was refused; no text in them can become a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from wulian.exchange.labels import TABLE_LABELS
from wulian.exchange.records import TABLES, DossierRecord
from wulian.exchange.refusals import Refusal
from wulian.exchange.workbook.columns import Column, columns_of, show_cell
from wulian.exchange.workbook.flat import flat_columns
from wulian.exchange.workbook.flattening import rows_of

TEMPLATE_ROWS = 2000
"""So many empty rows of the template carry drop-down lists and formats."""
LONGEST_CELL = 32_767
EXACT_DIGITS = 15
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}

INSTRUCTIONS = (
    "本工作簿用于初始录入：一个工作表对应一类信息，一行一条。",
    "带 * 的列必填；把鼠标放在列标题上可看到格式和可填的值。",
    "“编号”由填报人自定，在同一上级之内不能重复；“所属项目”“所属标段”等列填写上级的编号，各表由此相连。",
    "“项目”和“主体”的编号在整个文件内不能重复；招标人、投标人、中标人等列填写“主体”表中的编号。",
    "金额单位为元；时间按北京时间，写作 2026-03-01 09:30；比例写作 0.1 或 10%。",
    "是否类的列填“是”或“否”，不清楚时留空；有下拉列表的列请从列表中选择。",
    "一个项目只要有一行有误，整个项目都不录入，其余项目照常录入；下载错误报告，改正后可以再次上传同一文件。",
    "同一文件重复上传不会产生重复数据。不用的工作表可以留空或删除；请不要改动列标题。",
)

REFUSAL_HEADERS = ("工作表", "行号", "记录", "列", "原因", "内容摘录")


def neutralise(text: str) -> str:
    """A text that no spreadsheet program runs as a formula when it opens a CSV."""
    return f"'{text}" if text.startswith(_DANGEROUS) or text.lstrip(" ").startswith(_DANGEROUS) else text


class _Book:
    """An xlsx being written, with the formats that are shared."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.book = xlsxwriter.Workbook(stream, {**_OPTIONS, "constant_memory": False, "in_memory": True})
        self.header = self.book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        self.required = self.book.add_format({"bold": True, "bg_color": "#FCE4D6", "border": 1})
        self.text = self.book.add_format({"num_format": "@"})
        self.quoted = self.book.add_format({"num_format": "@", "quote_prefix": True})
        self.time = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.money = self.book.add_format({"num_format": "#,##0.00"})
        self.plain = self.book.add_format({"text_wrap": True})

    def sheet(self, name: str) -> Worksheet:
        return self.book.add_worksheet(name)

    def format_of(self, column: Column) -> Format | None:
        if column.kind is datetime:
            return self.time
        if column.kind is date:
            return self.day
        if column.kind in (Decimal, int):
            return None
        return self.text

    def cell(self, sheet: Worksheet, row: int, column: int, value: Any) -> None:
        """Write one value in the type it has; a text is always a text."""
        if value is None:
            return
        if isinstance(value, datetime):
            sheet.write_datetime(row, column, value, self.time)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), self.day)
        elif isinstance(value, Decimal):
            if len(value.as_tuple().digits) > EXACT_DIGITS:
                sheet.write_string(row, column, str(value), self.text)
            else:
                sheet.write_number(row, column, float(value))
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value)
        else:
            text = str(value)[:LONGEST_CELL]
            sheet.write_string(row, column, text, self.quoted if text.startswith(_DANGEROUS) else self.text)


def write_template(stream: IO[bytes]) -> None:
    """The empty workbook of first entry: instructions, and a sheet a table with comments and drop-down lists."""
    book = _Book(stream)
    _write_instructions(book)
    for table in TABLES:
        _write_header(book, book.sheet(TABLE_LABELS[table]), columns_of(table), drop_downs=True)
    book.book.close()


def write_workbook(dossiers: Iterable[DossierRecord], stream: IO[bytes]) -> None:
    """The dossiers in the layout of the template, so that they can be read again."""
    book = _Book(stream)
    sheets = {table: book.sheet(TABLE_LABELS[table]) for table in TABLES}
    for table, sheet in sheets.items():
        _write_header(book, sheet, columns_of(table), drop_downs=False)
    next_row = dict.fromkeys(TABLES, 1)
    for table, cells in rows_of(dossiers):
        for number, column in enumerate(columns_of(table)):
            value = cells.get(column.header)
            book.cell(sheets[table], next_row[table], number, show_cell(column, value))
        next_row[table] += 1
    book.book.close()


def _write_instructions(book: _Book) -> None:
    sheet = book.sheet("填写说明")
    sheet.set_column(0, 0, 110, book.plain)
    for number, line in enumerate(INSTRUCTIONS):
        sheet.write_string(number, 0, f"{number + 1}. {line}", book.plain)


def _write_header(book: _Book, sheet: Worksheet, columns: Sequence[Column], *, drop_downs: bool) -> None:
    sheet.freeze_panes(1, 1)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, max(12, len(column.shown) * 2 + 2), book.format_of(column))
        sheet.write_string(0, number, column.shown, book.required if column.required else book.header)
        sheet.write_comment(0, number, column.help, {"x_scale": 2, "author": "五联"})
        if drop_downs and column.options:
            _add_list(sheet, number, column)


def _add_list(sheet: Worksheet, number: int, column: Column) -> None:
    if len(",".join(column.options)) > 255:
        return
    sheet.data_validation(
        1,
        number,
        TEMPLATE_ROWS,
        number,
        {
            "validate": "list",
            "source": column.options,
            "error_title": column.header[:32],
            "error_message": column.expected[:255],
        },
    )


def write_csv_template(stream: IO[bytes]) -> None:
    """The header row of the flat CSV, in UTF-8 with a byte-order mark as Excel wants it."""
    _write_csv(stream, [column.shown for column in flat_columns()], [])


def write_refusals(refusals: Iterable[Refusal], stream: IO[bytes]) -> None:
    """What was refused, as a workbook."""
    book = _Book(stream)
    sheet = book.sheet("错误报告")
    for number, (header, width) in enumerate(zip(REFUSAL_HEADERS, (12, 8, 30, 30, 60, 60), strict=True)):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, header, book.header)
    sheet.freeze_panes(1, 0)
    for row, refusal in enumerate(refusals, 1):
        for number, value in enumerate(_cells_of(refusal)):
            book.cell(sheet, row, number, value)
    book.book.close()


def write_refusals_csv(refusals: Iterable[Refusal], stream: IO[bytes]) -> None:
    """What was refused, as CSV in UTF-8 with a byte-order mark, formulas neutralised."""
    _write_csv(stream, REFUSAL_HEADERS, map(_cells_of, refusals))


def _cells_of(refusal: Refusal) -> tuple[Any, ...]:
    return (
        refusal.sheet or None,
        refusal.row_no,
        refusal.record_id or None,
        refusal.column or None,
        refusal.message,
        refusal.raw or None,
    )


def _write_csv(stream: IO[bytes], headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(headers)
    for row in rows:
        writer.writerow([neutralise(cell) if isinstance(cell, str) else cell for cell in row])
    text.flush()
    text.detach()
