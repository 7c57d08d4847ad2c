"""What was read: one document of pages of paragraphs, the same for Word, PDF, text and HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Literal

FileFormat = Literal["docx", "pdf", "text", "html", "xlsx", "xml", "image"]
ParagraphKind = Literal["body", "table", "header", "footer", "note"]


_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> str:
    """Put U+FFFD in place of NUL and of lone surrogates, which no encoding and no database takes; offsets stay."""
    return _UNSTORABLE.sub("\ufffd", text)


class UnreadableDocument(ValueError):
    """A file that is not read, with a sentence that says why and what would be accepted.

    `code` is one of empty, size, type, encrypted, broken, bomb, pages, no_text, time, memory.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Box:
    """A rectangle in points from the upper left corner of the page."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Run:
    """Characters that stand together on a PDF page: `offset` in the paragraph's text, `index` on the page, and how many."""

    offset: int
    index: int
    length: int


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, or one row of a table with its cells separated by tabs.

    `number` counts from 1 through the document. `start` is the offset of its first character in `Document.text`. `continues`
    says that it goes on from the paragraph before, across a page or a line of a wrapped text. `box` and `runs` are for PDF only.
    """

    page: int
    number: int
    text: str
    kind: ParagraphKind = "body"
    start: int = 0
    continues: bool = False
    box: Box | None = None
    runs: tuple[Run, ...] = ()

    def indices(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """Return where `text[start:end]` stands on the PDF page, as (first character, how many)."""
        found = []
        for run in self.runs:
            first, last = max(start, run.offset), min(end, run.offset + run.length)
            if first < last:
                found.append((run.index + first - run.offset, last - first))
        return tuple(found)


@dataclass(frozen=True)
class Span:
    """A range of characters in one paragraph; the end is exclusive."""

    page: int
    paragraph: int
    start: int
    end: int


@dataclass(frozen=True)
class Page:
    """One page; width and height in points, for PDF only."""

    number: int
    paragraphs: tuple[Paragraph, ...]
    width: float = 0
    height: float = 0


@dataclass(frozen=True)
class Document:
    """A file's text. `approximate_pages` says that the page numbers are where Word last broke the pages, not what is printed."""

    format: FileFormat
    pages: tuple[Page, ...]
    approximate_pages: bool = False
    notes: tuple[str, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    source_text: str = ""

    def paragraphs(self) -> Iterator[Paragraph]:
        """Give every paragraph in reading order."""
        for page in self.pages:
            yield from page.paragraphs

    @cached_property
    def text(self) -> str:
        """The whole text: of a plain file its own, otherwise the paragraphs, one a line."""
        return self.source_text or "\n".join(paragraph.text for paragraph in self.paragraphs())

    def to_json(self) -> dict[str, Any]:
        """Return plain data that `from_json` reads back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Document:
        """Build the document that `to_json` wrote."""
        pages = tuple(
            Page(
                page["number"],
                tuple(paragraph_from_json(item) for item in page["paragraphs"]),
                page["width"],
                page["height"],
            )
            for page in data["pages"]
        )
        return cls(
            data["format"],
            pages,
            data["approximate_pages"],
            tuple(data["notes"]),
            dict(data["metadata"]),
            data["source_text"],
        )


def paragraph_from_json(data: Mapping[str, Any]) -> Paragraph:
    """Build the paragraph of `asdict`."""
    box = Box(**data["box"]) if data["box"] else None
    return Paragraph(**{**data, "box": box, "runs": tuple(Run(**run) for run in data["runs"])})
