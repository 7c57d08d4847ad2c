"""Puts read paragraphs together: numbers, offsets, and which one goes on from the one before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from wulian.analysis.documents.limits import Limits
from wulian.analysis.documents.models import Page, Paragraph, UnreadableDocument

ENUMERATOR = re.compile(
    r"\s*(?:[（(]\s*[0-9０-９一二三四五六七八九十]{1,3}\s*[)）]|[0-9０-９]{1,2}(?:[.．][0-9０-９]{1,3})*\s*[.．、)）]"
    r"|[0-9]{1,2}(?:\.[0-9]{1,3})+\s|[一二三四五六七八九十]{1,3}、|第[0-9一二三四五六七八九十百]{1,4}[章节条款部分卷]|[①-⑳★▲■●◆])"
)
"""The beginning of an item of a list, a clause or a chapter."""
FEWEST_PER_PAGE = 15
"""Fewer characters than this are the stamp of a scanner, not a text layer."""
_SENTENCE_END = "。；;：:！？!?…”"


def listed(pages: Sequence[int]) -> str:
    """Return page numbers for a sentence."""
    shown = "、".join(str(page) for page in pages[:10])
    return shown if len(pages) <= 10 else f"{shown}等{len(pages)}"


def ends_sentence(text: str) -> bool:
    """Say whether a text is complete, so that what follows is something new."""
    return text.rstrip().endswith(tuple(_SENTENCE_END))


def starts_anew(text: str) -> bool:
    """Say whether a text begins an item of its own."""
    return ENUMERATOR.match(text) is not None


class Gathering:
    """Paragraphs in reading order, within the limit of characters."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.paragraphs: list[Paragraph] = []
        self.offset = 0

    def add(self, paragraph: Paragraph, *, start: int | None = None) -> None:
        """Take one paragraph; raises UnreadableDocument past the limit. `start` is its offset when the file has its own."""
        number = len(self.paragraphs) + 1
        self.paragraphs.append(
            replace(paragraph, number=number, start=self.offset if start is None else start)
        )
        self.offset += len(paragraph.text) + 1
        if self.offset > self.limits.characters:
            raise UnreadableDocument("size", f"文字过多，超过{self.limits.characters:,}字，请拆分后再上传")

    def pages(self, sizes: Iterable[tuple[int, float, float]] = ()) -> tuple[Page, ...]:
        """Return the pages; `sizes` gives number, width and height of those that exist without text too."""
        known = {number: (width, height) for number, width, height in sizes}
        by_page: dict[int, list[Paragraph]] = {number: [] for number in known}
        for paragraph in self.paragraphs:
            by_page.setdefault(paragraph.page, []).append(paragraph)
        return tuple(
            Page(number, tuple(by_page[number]), *known.get(number, (0, 0))) for number in sorted(by_page)
        )
