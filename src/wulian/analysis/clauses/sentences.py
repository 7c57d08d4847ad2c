"""Sentences of a document with what governs them: the heading, the words that introduce a list, the row of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wulian.analysis.clauses.normalising import normalise
from wulian.analysis.documents.assembly import starts_anew
from wulian.analysis.documents.models import Document, Paragraph, Span

_ENDS = re.compile(r"[。；！？\n\t]+")
_HEADING = re.compile(
    r"^(?:第.{1,4}[章节部分卷]|[一二三四五六七八九十]{1,3}、|[0-9]{1,2}(?:\.[0-9]{1,2}){0,2}[.、]?)?[^，。；：]{2,24}$"
)
_INTRODUCES = re.compile(r"(?:：|如下|下列[^，。；]{0,12}|以下[^，。；]{0,12})$")
_LONGEST_LIST = 40


@dataclass(frozen=True)
class Sentence:
    """One sentence in plain form; `places` gives for each character its paragraph and index there."""

    text: str
    places: tuple[tuple[Paragraph, int], ...]
    heading: str = ""
    lead: str = ""
    row: str = ""

    @property
    def context(self) -> str:
        """Everything that governs the sentence, itself included."""
        return "\n".join(part for part in (self.heading, self.lead, self.row, self.text) if part)

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Return where `text[start:end]` stands in the document, one span for each paragraph it touches."""
        found: list[Span] = []
        for paragraph, index in self.places[start:end]:
            if found and found[-1].paragraph == paragraph.number:
                found[-1] = Span(paragraph.page, paragraph.number, found[-1].start, index + 1)
            else:
                found.append(Span(paragraph.page, paragraph.number, index, index + 1))
        return tuple(found)


def sentences(document: Document) -> Iterator[Sentence]:
    """Give the sentences in reading order; running heads and page numbers are left out."""
    heading = lead = ""
    items = 0
    for group in _groups(document):
        text, places = _joined(group)
        is_row = group[0].kind == "table"
        if not is_row:
            if _is_heading(text):
                heading, lead, items = text, "", 0
            elif lead and (items > _LONGEST_LIST or not starts_anew(text)):
                lead, items = "", 0
        items += 1
        inner = ""
        for start, end in _cut(text):
            sentence = text[start:end]
            yield Sentence(sentence, places[start:end], heading, inner or lead, text if is_row else "")
            if not is_row and not inner and "：" in sentence and _is_list_inside(text[end:]):
                inner = sentence.split("：")[0]
        if not is_row and _INTRODUCES.search(text):
            lead, items = text, 0


def _groups(document: Document) -> Iterator[list[Paragraph]]:
    group: list[Paragraph] = []
    for paragraph in document.paragraphs():
        if paragraph.kind in ("header", "footer"):
            continue
        if group and not paragraph.continues:
            yield group
            group = []
        group.append(paragraph)
    if group:
        yield group


def _joined(group: list[Paragraph]) -> tuple[str, tuple[tuple[Paragraph, int], ...]]:
    text = ""
    places: list[tuple[Paragraph, int]] = []
    for paragraph in group:
        plain = normalise(paragraph.text)
        text += plain.text
        places += [(paragraph, index) for index in plain.indices]
    return text, tuple(places)


def _cut(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for found in _ENDS.finditer(text):
        if text[start : found.start()].strip():
            yield start, found.start()
        start = found.end()
    if text[start:].strip():
        yield start, len(text)


def _is_heading(text: str) -> bool:
    return len(text) <= 30 and _HEADING.match(text) is not None


def _is_list_inside(rest: str) -> bool:
    """Whether a paragraph goes on with further items after its first one."""
    return starts_anew(rest.lstrip("；。\n"))
