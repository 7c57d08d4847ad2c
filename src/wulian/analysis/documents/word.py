"""Word files: paragraphs, rows of tables, headers, text boxes; pages where Word last broke them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn

from wulian.analysis.documents.assembly import Gathering
from wulian.analysis.documents.limits import Limits
from wulian.analysis.documents.models import Document, Paragraph, ParagraphKind, UnreadableDocument

_P, _TBL, _TR, _TC, _SDT, _CONTENT = map(qn, ("w:p", "w:tbl", "w:tr", "w:tc", "w:sdt", "w:sdtContent"))
_RUN_BREAK, _BR, _TAB, _TEXT = map(qn, ("w:lastRenderedPageBreak", "w:br", "w:tab", "w:t"))
_DELETED, _BOX, _PROPERTIES, _HYPHEN = map(qn, ("w:del", "w:txbxContent", "w:pPr", "w:noBreakHyphen"))
_MOVED = qn("w:moveFrom")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PAGE = "\f"


def read_word(data: bytes, limits: Limits) -> Document:
    """Return the text of a Word file; its page numbers are approximate. Raises UnreadableDocument."""
    try:
        file = docx.Document(io.BytesIO(data))
        body = file.element.body
    except (OpcError, KeyError, ValueError, AttributeError, SyntaxError) as error:
        raise UnreadableDocument(
            "broken", f"Word 文件已损坏，无法读取（{type(error).__name__}）；请用 Word 或 WPS 重新保存"
        ) from None
    reader = _Reader(limits, rendered=body.find(f".//{_RUN_BREAK}") is not None)
    for kind, text in _running_heads(file):
        reader.gathering.add(Paragraph(1, 0, text, kind))
    reader.read(body)
    if not any(paragraph.text.strip() for paragraph in reader.gathering.paragraphs):
        raise UnreadableDocument("no_text", "文件中没有文字，可能全部是图片，无文字层，需识别")
    note = "页码按文件保存时的分页推算，与打印稿可能相差一两页"
    if not reader.broke:
        note = "文件没有保存分页信息，全部记为第1页，请按段落查找"
    return Document(
        "docx",
        reader.gathering.pages(),
        approximate_pages=True,
        notes=(note,),
        metadata=_metadata(file),
    )


class _Reader:
    """Walks the body in reading order, counting pages."""

    def __init__(self, limits: Limits, *, rendered: bool) -> None:
        self.gathering = Gathering(limits)
        self.rendered = rendered
        self.page = 1
        self.broke = False

    def read(self, parent: Any) -> None:
        for child in parent.iterchildren():
            if child.tag == _P:
                self._read_paragraph(child)
            elif child.tag == _TBL:
                self._read_table(child)
            elif child.tag in (_SDT, _CONTENT):
                self.read(child)

    def _read_paragraph(self, element: Any) -> None:
        properties = element.find(_PROPERTIES)
        if (
            not self.rendered
            and properties is not None
            and properties.find(qn("w:pageBreakBefore")) is not None
        ):
            self._turn()
        self._add("".join(_pieces(element, self.rendered)), "body")
        for box in _outer_boxes(element):
            self.read(box)
        section = None if properties is None else properties.find(qn("w:sectPr"))
        if not self.rendered and section is not None and _section_type(section) != "continuous":
            self._turn()

    def _read_table(self, table: Any) -> None:
        for row in table.iter(_TR):
            if _nearest(row, _TBL) is not table:
                continue
            cells = [_cell_text(cell, self.rendered) for cell in row.iter(_TC) if _nearest(cell, _TR) is row]
            self._add("\t".join(cells), "table")

    def _add(self, text: str, kind: ParagraphKind) -> None:
        parts = text.split(_PAGE)
        for position, part in enumerate(parts):
            if position:
                self._turn()
            clean = part.strip("\n ") if kind == "body" else part.strip("\n")
            if clean.strip():
                cut = any(before.strip() for before in parts[:position])
                self.gathering.add(Paragraph(self.page, 0, clean, kind, continues=cut))

    def _turn(self) -> None:
        self.page += 1
        self.broke = True
        if self.page > self.gathering.limits.pages:
            raise UnreadableDocument("pages", f"页数超过{self.gathering.limits.pages}页，请拆分后再上传")


def _pieces(element: Any, rendered: bool) -> Iterator[str]:
    """The text of a paragraph with tabs, soft line breaks and page breaks; deleted text and text boxes are left out."""
    for child in element.iterchildren():
        tag = child.tag
        if tag in (_DELETED, _MOVED, _BOX, _FALLBACK, _PROPERTIES):
            continue
        if tag == _TEXT:
            yield child.text or ""
        elif tag == _TAB:
            yield " "
        elif tag == _HYPHEN:
            yield "-"
        elif tag == _RUN_BREAK:
            yield _PAGE
        elif tag == _BR:
            is_page = child.get(qn("w:type")) == "page"
            yield ("" if rendered else _PAGE) if is_page else "\n"
        elif isinstance(tag, str):
            yield from _pieces(child, rendered)


def _cell_text(cell: Any, rendered: bool) -> str:
    texts = ("".join(_pieces(item, rendered)).strip() for item in cell.iter(_P))
    return "\n".join(text for text in texts if text)


def _nearest(element: Any, tag: str) -> Any:
    return next(element.iterancestors(tag), None)


def _outer_boxes(element: Any) -> list[Any]:
    """Text boxes of a paragraph, each once: Word writes a second copy for old readers."""
    return [
        box
        for box in element.iter(_BOX)
        if not any(parent.tag in (_FALLBACK, _BOX) for parent in box.iterancestors())
    ]


def _section_type(section: Any) -> str:
    found = section.find(qn("w:type"))
    return "nextPage" if found is None else str(found.get(qn("w:val")))


def _running_heads(file: Any) -> Iterator[tuple[ParagraphKind, str]]:
    seen: set[str] = set()
    for section in file.sections:
        heads: tuple[tuple[ParagraphKind, Any], ...] = (
            ("header", section.header),
            ("footer", section.footer),
        )
        for kind, part in heads:
            for paragraph in part.paragraphs:
                text = paragraph.text.strip()
                if text and text not in seen:
                    seen.add(text)
                    yield kind, text


def _metadata(file: Any) -> dict[str, str]:
    properties = file.core_properties
    found: dict[str, Any] = {
        "author": properties.author,
        "last_modified_by": properties.last_modified_by,
        "created": properties.created,
        "modified": properties.modified,
        "revision": properties.revision,
        "title": properties.title,
    }
    return {
        key: value.isoformat() if isinstance(value, datetime) else str(value)
        for key, value in found.items()
        if value
    }
