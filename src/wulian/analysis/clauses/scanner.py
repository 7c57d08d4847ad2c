"""Finds candidate clauses in a document; each hit is for a person to judge, never a finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from wulian.analysis.clauses.catalogue import ClauseClass, Pattern, classes
from wulian.analysis.clauses.prohibitions import is_prohibited
from wulian.analysis.clauses.provisions import Provision
from wulian.analysis.clauses.sentences import Sentence, sentences
from wulian.analysis.documents.models import Document, Span

_DOUBTED = 0.5
_STEP = 200


@dataclass(frozen=True)
class Hit:
    """A clause that a pattern found.

    `clause_text` is the sentence as it stands in the file, `spans` its places, `trigger` the places of the words that set the
    pattern off. `doubts` name typical false positives that fit; the weight is halved then. `others` are weaker patterns of the
    same class in the same sentence.
    """

    pattern_id: str
    title: str
    class_code: str
    rule: str
    weight: float
    clause_text: str
    spans: tuple[Span, ...]
    trigger: tuple[Span, ...]
    provisions: tuple[Provision, ...]
    hint: str = ""
    doubts: tuple[str, ...] = ()
    lead: str = ""
    others: tuple[str, ...] = ()

    @property
    def page(self) -> int:
        """The page on which the clause begins."""
        return self.spans[0].page

    @property
    def paragraph(self) -> int:
        """The paragraph in which the clause begins."""
        return self.spans[0].paragraph

    @property
    def doubtful(self) -> bool:
        """Whether a typical false positive fits."""
        return bool(self.doubts)

    def to_json(self) -> dict[str, Any]:
        """Return plain data: what `wulian scan --out` writes."""
        return {
            "class": self.class_code,
            "pattern_id": self.pattern_id,
            "title": self.title,
            "rule": self.rule,
            "weight": self.weight,
            "clause_text": self.clause_text,
            "page": self.page,
            "paragraph": self.paragraph,
            "spans": [vars(span) for span in self.spans],
            "trigger": [vars(span) for span in self.trigger],
            "provisions": [
                {
                    "instrument": item.instrument,
                    "article": item.article,
                    "paragraph": item.paragraph,
                    "item": item.item,
                    "label": item.label,
                    "text": item.text,
                }
                for item in self.provisions
            ],
            "hint": self.hint,
            "doubts": list(self.doubts),
            "lead": self.lead,
            "others": list(self.others),
        }


def scan(
    document: Document,
    *,
    disabled: Collection[str] = (),
    catalogue: Iterable[ClauseClass] | None = None,
    progress: Callable[[int], None] | None = None,
) -> list[Hit]:
    """Return the hits in reading order, one for each class and sentence; `disabled` patterns are left out.

    `progress` is told the page now and then.
    """
    groups = [
        [item for item in group.patterns if item.id not in disabled]
        for group in (classes() if catalogue is None else catalogue)
    ]
    hits: list[Hit] = []
    for number, sentence in enumerate(sentences(document)):
        if progress and number % _STEP == 0:
            progress(sentence.places[0][0].page)
        for patterns in groups:
            found = [hit for item in patterns if (hit := _try(item, sentence))]
            if found:
                found.sort(key=lambda hit: (-hit.weight, hit.pattern_id))
                hits.append(_with_others(found))
    return hits


def _with_others(found: list[Hit]) -> Hit:
    first = found[0]
    others = tuple(hit.pattern_id for hit in found[1:])
    return Hit(**{**vars(first), "others": others}) if others else first


def _try(pattern: Pattern, sentence: Sentence) -> Hit | None:
    match = _first(pattern, sentence)
    if match is None:
        return None
    context = sentence.context
    if not all(item.search(context) for item in pattern.needs):
        return None
    if any(item.search(sentence.text) for item in pattern.unless):
        return None
    near = sentence.lead + "\n" + (sentence.row or sentence.text)
    if any(item.search(near) for item in pattern.unless_near):
        return None
    doubts = tuple(item.note for item in pattern.doubt if item.when.search(near + sentence.text))
    spans = sentence.spans(0, len(sentence.text))
    return Hit(
        pattern_id=pattern.id,
        title=pattern.title,
        class_code=pattern.class_code,
        rule=pattern.rule,
        weight=round(pattern.weight * (_DOUBTED if doubts else 1), 2),
        clause_text=_original(sentence, spans),
        spans=spans,
        trigger=sentence.spans(match.start(), match.end()),
        provisions=pattern.provisions,
        hint=pattern.hint,
        doubts=doubts,
        lead=sentence.lead,
    )


def _first(pattern: Pattern, sentence: Sentence) -> re.Match[str] | None:
    for expression in pattern.find:
        for match in expression.finditer(sentence.text):
            governed = pattern.prohibition and is_prohibited(
                sentence.text, match.start(), match.end(), sentence.lead
            )
            if match.group() and not governed:
                return match
    return None


def _original(sentence: Sentence, spans: tuple[Span, ...]) -> str:
    texts = {place.number: place.text for place, _index in sentence.places}
    return "".join(texts[span.paragraph][span.start : span.end] for span in spans)
