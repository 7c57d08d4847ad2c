"""Workbooks and XML files as rows of cells: what bills of quantities are handed in as."""

from __future__ import annotations

import io
from collections import defaultdict
from typing import Any

import python_calamine
from lxml import etree

from wulian.analysis.documents.assembly import Gathering
from wulian.analysis.documents.limits import Limits
from wulian.analysis.documents.models import Document, Page, Paragraph, UnreadableDocument
from wulian.analysis.documents.traces import Cell, Table

MOST_ROWS, MOST_COLUMNS, MOST_DEPTH = 200_000, 200, 60


def read_workbook(data: bytes, limits: Limits) -> tuple[Document, tuple[Table, ...]]:
    """Return the text of a workbook, a page a sheet and a paragraph a row, and its tables. Raises UnreadableDocument."""
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        encrypted = isinstance(error, python_calamine.PasswordError)
        raise UnreadableDocument(
            *(("encrypted", "表格已加密，请提供不加密的文件") if encrypted else
              ("broken", "表格已损坏，无法打开；请用 Excel 或 WPS 重新保存"))
        ) from None  # fmt: skip
    if sum(len(rows) for _name, rows in sheets) > MOST_ROWS:
        raise UnreadableDocument("size", f"表格行数过多，超过{MOST_ROWS:,}行，请拆分后再提供")
    gathering = Gathering(limits)
    tables = []
    for number, (name, rows) in enumerate(sheets, start=1):
        cells = tuple(tuple(_cell(value) for value in row[:MOST_COLUMNS]) for row in rows)
        tables.append(Table(name, cells))
        for row in cells:
            text = "\t".join(_written(value) for value in row).strip("\t")
            if text.strip():
                gathering.add(Paragraph(number, 0, text, "table"))
    return Document("xlsx", gathering.pages()), tuple(tables)


def _cell(value: Any) -> Cell:
    if isinstance(value, bool) or value is None or value == "":
        return None
    return float(value) if isinstance(value, int | float) else str(value).strip()


def _written(value: Cell) -> str:
    if value is None:
        return ""
    return f"{value:.10g}" if isinstance(value, float) else value


def read_records(data: bytes, limits: Limits) -> tuple[Document, tuple[Table, ...]]:
    """Return an XML file as tables: elements of one name make one, with their attributes and simple children as columns.

    Raises UnreadableDocument; a document type declaration is refused, for what entities can hide.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise UnreadableDocument("broken", "XML 文件已损坏或者编码声明不符，无法读取") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableDocument("bomb", "XML 文件带有文档类型声明，已拒绝读取")
    records: dict[str, list[dict[str, str]]] = defaultdict(list)
    _collect(root, records, 0)
    if sum(map(len, records.values())) > MOST_ROWS:
        raise UnreadableDocument("size", f"XML 记录过多，超过{MOST_ROWS:,}条，请拆分后再提供")
    tables = []
    for name, rows in records.items():
        columns = list(dict.fromkeys(key for row in rows for key in row))[:MOST_COLUMNS]
        cells: list[tuple[Cell, ...]] = [tuple(columns)]
        cells += [tuple(row.get(column) or None for column in columns) for row in rows]
        tables.append(Table(name, tuple(cells)))
    paragraph = Paragraph(1, 1, "")
    return Document("xml", (Page(1, (paragraph,)),)), tuple(tables)


def _collect(element: Any, records: dict[str, list[dict[str, str]]], depth: int) -> None:
    if depth > MOST_DEPTH:
        raise UnreadableDocument("bomb", "XML 层次过深，已拒绝读取")
    row = {_local(key): str(value).strip() for key, value in element.attrib.items()}
    for child in element:
        if isinstance(child.tag, str) and not len(child) and (child.text or "").strip():
            row.setdefault(_local(child.tag), child.text.strip())
    if row:
        records[_local(element.tag)].append(row)
    for child in element:
        if isinstance(child.tag, str) and (len(child) or child.attrib):
            _collect(child, records, depth + 1)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
