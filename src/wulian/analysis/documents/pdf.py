"""PDF with a text layer: lines put together into paragraphs, each character's place on the page kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from wulian.analysis.documents.assembly import (
    FEWEST_PER_PAGE,
    Gathering,
    ends_sentence,
    listed,
    starts_anew,
)
from wulian.analysis.documents.limits import Limits
from wulian.analysis.documents.models import Box, Document, Paragraph, ParagraphKind, Run, UnreadableDocument

Progress = Callable[[int, int], None]
_MARGIN = 0.075
_FULL = 1.6
_PAGE_NUMBER = re.compile(r"^[\s\-—–·第]*\d{1,4}\s*(?:页)?[\s\-—–·/]*(?:共?\s*\d{1,4}\s*页?)?[\s\-—–·]*$")


@dataclass
class _Line:
    """One line of a page: its text, the index of each character, and where it stands (points from the upper left)."""

    text: str
    indices: list[int]
    left: float
    top: float
    right: float
    bottom: float

    @property
    def size(self) -> float:
        return max(self.bottom - self.top, 1.0)


def read_pdf(data: bytes, limits: Limits, progress: Progress) -> Document:
    """Return the text of a PDF; raises UnreadableDocument for an encrypted, broken, too long or scanned one."""
    file = check_pdf(data, limits)
    count = len(file)
    gathering = Gathering(limits)
    sizes: list[tuple[int, float, float]] = []
    empty: list[int] = []
    for number in range(1, count + 1):
        found, size = _read_page(file, number, gathering)
        sizes.append((number, *size))
        if found < FEWEST_PER_PAGE:
            empty.append(number)
        progress(number, count)
    letters = sum(len(paragraph.text) for paragraph in gathering.paragraphs)
    if letters < FEWEST_PER_PAGE * max(1, count // 2):
        raise UnreadableDocument("no_text", f"无文字层，需识别：共{count}页，看来是扫描件")
    notes = (f"第{listed(empty)}页没有文字层，未能扫描，需识别",) if empty else ()
    return Document("pdf", gathering.pages(sizes), notes=notes, metadata=_metadata(file))


def check_pdf(data: bytes, limits: Limits) -> pypdfium2.PdfDocument:
    """Open a PDF that has no more pages than allowed; raises UnreadableDocument."""
    file = open_pdf(data)
    if len(file) > limits.pages:
        raise UnreadableDocument("pages", f"共{len(file)}页，最多{limits.pages}页，请拆分后再上传")
    return file


def open_pdf(data: bytes) -> pypdfium2.PdfDocument:
    """Open a PDF; raises UnreadableDocument when it is encrypted or broken."""
    try:
        file = pypdfium2.PdfDocument(data)
        if not len(file):
            raise UnreadableDocument("broken", "PDF 文件没有页面")
        return file
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise UnreadableDocument("encrypted", "PDF 已加密，请提供不加密的文件") from None
        raise UnreadableDocument("broken", "PDF 文件已损坏，无法打开") from None


def _metadata(file: pypdfium2.PdfDocument) -> dict[str, str]:
    return {key.lower(): value for key, value in file.get_metadata_dict(skip_empty=True).items()}


def _read_page(
    file: pypdfium2.PdfDocument, number: int, gathering: Gathering
) -> tuple[int, tuple[float, float]]:
    """Add the paragraphs of one page; return how many characters it has, and its size. A broken page counts as empty."""
    try:
        page = file[number - 1]
    except pypdfium2.PdfiumError:
        return 0, (0.0, 0.0)
    width, height = page.get_size()
    text_page = page.get_textpage()
    try:
        lines = _lines(text_page, page, width, height)
    finally:
        text_page.close()
        page.close()
    body, edges = _without_edges(lines, height)

    def add_edges(wanted: ParagraphKind) -> None:
        for kind, line in edges:
            if kind == wanted:
                gathering.add(Paragraph(number, 0, line.text, kind, box=_box([line]), runs=_runs([line])[1]))

    add_edges("header")
    for position, group in enumerate(_grouped(body)):
        text, runs = _runs(group)
        goes_on = position == 0 and _goes_on(gathering, number, group[0], body)
        gathering.add(Paragraph(number, 0, text, continues=goes_on, box=_box(group), runs=runs))
    add_edges("footer")
    return sum(len(line.text) for line in lines), (width, height)


def _lines(text_page: Any, page: Any, width: float, height: float) -> list[_Line]:
    characters = _characters(text_page)
    lines: list[_Line] = []
    current: list[tuple[int, str]] = []
    for index, char in [*enumerate(characters), (len(characters), "\n")]:
        if char not in "\r\n":
            if char and char not in "\x00\x02\xad\ufffe\uffff":
                current.append((index, char))
            continue
        while current and current[-1][1].isspace():
            current.pop()
        while current and current[0][1].isspace():
            current.pop(0)
        if current:
            left, top, right, bottom = _extent(text_page, page, current, width, height)
            text = "".join(char for _index, char in current)
            lines.append(_Line(text, [index for index, _char in current], left, top, right, bottom))
        current = []
    return lines


def _characters(text_page: Any) -> list[str]:
    """Every character of the page by its index; one by one only where the text as a whole has another length."""
    count = text_page.count_chars()
    text = text_page.get_text_range() if count else ""
    if len(text) == count:
        return list(text)
    codes = [pdfium.FPDFText_GetUnicode(text_page, index) for index in range(count)]
    found = [chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "" for code in codes]
    for index, (high, low) in enumerate(pairwise(codes)):
        if 0xD800 <= high < 0xDC00 <= low < 0xE000:
            # A rare character takes two places; the second stays empty.
            found[index] = chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)
    return found


def _extent(
    text_page: Any, page: Any, current: list[tuple[int, str]], width: float, height: float
) -> tuple[float, float, float, float]:
    """The rectangle from the first to the last character, seen from the upper left corner."""
    try:
        first = text_page.get_charbox(current[0][0], loose=True)
        last = text_page.get_charbox(current[-1][0], loose=True)
    except pypdfium2.PdfiumError:
        return 0.0, 0.0, width, 1.0
    offset_x, offset_y = page.get_bbox()[0], page.get_bbox()[1]
    left, right = min(first[0], last[0]) - offset_x, max(first[2], last[2]) - offset_x
    top, bottom = max(first[3], last[3]) - offset_y, min(first[1], last[1]) - offset_y
    return left, height - top, right, height - bottom


def _without_edges(
    lines: list[_Line], height: float
) -> tuple[list[_Line], list[tuple[ParagraphKind, _Line]]]:
    """Page numbers and running heads apart: one short line in the outermost margin."""
    edges: list[tuple[ParagraphKind, _Line]] = []
    body = list(lines)
    while body and (_PAGE_NUMBER.match(body[-1].text) or body[-1].top > height * (1 - _MARGIN)):
        edges.append(("footer", body.pop()))
    while len(body) > 1 and body[0].bottom < height * _MARGIN:
        edges.append(("header", body.pop(0)))
    return body, edges


def _grouped(lines: list[_Line]) -> list[list[_Line]]:
    """Lines that make one paragraph: the one before is full, has no end of its own, and the next begins nothing."""
    groups: list[list[_Line]] = []
    right = max((line.right for line in lines), default=0)
    left = min((line.left for line in lines), default=0)
    for line in lines:
        if groups and _joins(groups[-1][-1], line, left, right):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _joins(before: _Line, line: _Line, left: float, right: float) -> bool:
    if starts_anew(line.text):
        return False
    if abs(line.top - before.top) < before.size * 0.5:
        return True  # cells of one row
    if line.top - before.bottom > 2.2 * before.size or line.top < before.top:
        return False
    if before.right < right - _FULL * before.size * 2:
        return False
    indented = line.left > left + 1.5 * line.size
    return not (indented and (ends_sentence(before.text) or line.left > before.left + 1.5 * line.size))


def _goes_on(gathering: Gathering, number: int, first: _Line, body: list[_Line]) -> bool:
    """Whether the page begins in the middle of the last paragraph of the page before."""
    last = next((item for item in reversed(gathering.paragraphs) if item.kind == "body"), None)
    if last is None or last.page != number - 1 or ends_sentence(last.text) or starts_anew(first.text):
        return False
    left = min(line.left for line in body)
    return len(last.text) > 15 and first.left <= left + 1.5 * first.size


def _runs(lines: list[_Line]) -> tuple[str, tuple[Run, ...]]:
    """The lines as one text (words of letters keep their space, cells of one row a tab) and where its characters stand."""
    text = ""
    runs: list[Run] = []
    before: _Line | None = None
    for line in lines:
        if before is not None:
            if abs(line.top - before.top) < before.size * 0.5:
                text += "\t"
            elif (
                text[-1].isascii()
                and text[-1].isalnum()
                and line.text[0].isascii()
                and line.text[0].isalnum()
            ):
                text += " "
        for position, index in enumerate(line.indices):
            if runs and position and index == runs[-1].index + runs[-1].length:
                runs[-1] = Run(runs[-1].offset, runs[-1].index, runs[-1].length + 1)
            else:
                runs.append(Run(len(text) + position, index, 1))
        text += line.text
        before = line
    return text, tuple(runs)


def _box(lines: list[_Line]) -> Box:
    return Box(
        round(min(line.left for line in lines), 1),
        round(min(line.top for line in lines), 1),
        round(max(line.right for line in lines), 1),
        round(max(line.bottom for line in lines), 1),
    )
