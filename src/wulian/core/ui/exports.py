"""Export of what a list shows: CSV and XLSX, with formula injection taken out."""

from __future__ import annotations

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

FORMATS: Final = ("csv", "xlsx")
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutral(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float | Decimal):
        return value
    if isinstance(value, dt.datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, dt.date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_DANGEROUS) or text.startswith(_DANGEROUS) else text


def export_response(rows: Iterable[Iterable[Any]], *, format: str, name: str) -> HttpResponseBase:
    """A download of `rows` (the first one the headers); `format` is csv or xlsx, `name` the file without its ending."""
    if format == "xlsx":
        return _named(FileResponse(_workbook(rows), content_type=_XLSX), f"{name}.xlsx")
    response = StreamingHttpResponse(_csv_lines(rows), content_type="text/csv; charset=utf-8")
    return _named(response, f"{name}.csv")


_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _named(response: HttpResponseBase, filename: str) -> HttpResponseBase:
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename)}"
    return response


def _csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff"  # without it a Chinese Excel reads the file as GBK
    for row in rows:
        writer.writerow([neutral(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def _workbook(rows: Iterable[Iterable[Any]]) -> Any:
    spool = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115 - the response closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(spool, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                cell = neutral(value)
                cell = float(cell) if isinstance(cell, Decimal) else cell
                sheet.write(number, column, cell, bold if number == 0 else None)
        sheet.freeze_panes(1, 0)
    spool.seek(0)
    return spool
