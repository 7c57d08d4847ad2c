"""A page of a paper as it is shown: paragraphs with the clauses marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from wulian.analysis.documents import Paragraph, paragraph_from_json
from wulian.information.findings.models import Finding, PaperPage


@dataclass
class Shown:
    """One paragraph: its kind, and the markup of its cells (a paragraph that is no row has one)."""

    number: int
    kind: str
    cells: list[SafeString]


def shown_page(page: PaperPage, findings: Iterable[Finding], chosen: Finding | None) -> list[Shown]:
    """Return the paragraphs of a page with their clauses marked; where clauses overlap the chosen one is shown."""
    listed = sorted(findings, key=lambda item: item == chosen)
    return [_shown(paragraph_from_json(item), listed, chosen) for item in page.paragraphs]


def _shown(paragraph: Paragraph, findings: list[Finding], chosen: Finding | None) -> Shown:
    owners: list[Finding | None] = [None] * len(paragraph.text)
    for finding in findings:
        for span in finding.spans:
            if span["paragraph"] == paragraph.number:
                length = min(span["end"], len(owners)) - span["start"]
                owners[span["start"] : span["start"] + length] = [finding] * length
    cells: list[SafeString] = [SafeString("")]
    start = 0
    for index in range(1, len(owners) + 1):
        if index < len(owners) and owners[index] is owners[start] and paragraph.text[index] != "\t":
            continue
        text = paragraph.text[start:index]
        if text.startswith("\t"):
            cells.append(SafeString(""))
            text = text[1:]
        if text:
            cells[-1] += _marked(text, owners[start], chosen)
        start = index
    return Shown(paragraph.number, paragraph.kind, cells)


def _marked(text: str, finding: Finding | None, chosen: Finding | None) -> SafeString:
    if finding is None:
        return conditional_escape(text)
    if finding == chosen:
        return format_html('<mark class="fd-mark fd-chosen" id="clause">{}</mark>', text)
    return format_html(
        '<a class="fd-link" href="{}#clause"><mark class="fd-mark">{}</mark></a>',
        finding.get_absolute_url(),
        text,
    )


def marks_on(page: PaperPage, finding: Finding) -> list[tuple[int, int]]:
    """Return where a clause stands among the characters of a PDF page, as (first character, how many)."""
    paragraphs = {item["number"]: paragraph_from_json(item) for item in page.paragraphs}
    return [
        place
        for span in finding.spans
        if span["paragraph"] in paragraphs
        for place in paragraphs[span["paragraph"]].indices(span["start"], span["end"])
    ]


def provisions_of(finding: Finding) -> list[dict[str, Any]]:
    """Return the provisions of a finding's pattern with their wording, and where the wording is a long one its marked item."""
    pattern = finding.pattern
    return [
        {"label": item.label, "lines": item.text.splitlines(), "item": item.item}
        for item in (pattern.provisions if pattern else ())
    ]
