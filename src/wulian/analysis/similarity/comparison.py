"""Bids compared pair by pair, after what comes from the tender document or from public text is taken away."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from wulian.analysis.similarity.deviations import Deviation, shared_deviations
from wulian.analysis.similarity.normalising import Codes, normalise
from wulian.analysis.similarity.passages import Passage, passages
from wulian.analysis.similarity.seeds import GramTable, Letters

Kind = Literal["exact", "formatted", "edited", "reordered"]
SOURCE_SCORE = 16.0
"""A copy from the tender document is recognised sooner than a copy between bids is reported."""


@dataclass(frozen=True)
class Text:
    """A text to compare. `owner` is the bidder: texts of one owner are not compared with each other."""

    name: str
    raw: str
    owner: str = ""


class Place(NamedTuple):
    """Characters of a text, as offsets in its raw form; the end is exclusive."""

    name: str
    start: int
    end: int


class Shared(NamedTuple):
    """The same words in two texts. `matched` letters are equal, `edits` were changed, put in or left out.

    `parts` are the corresponding stretches one by one; more than one when sentences changed places.
    """

    a: Place
    b: Place
    kind: Kind
    matched: int
    edits: int
    parts: tuple[tuple[Place, Place], ...]


@dataclass(frozen=True)
class SharedDeviation:
    """The same private changes to a clause of the tender document in two bids: as (wording of the tender, of the bids)."""

    a: Place
    b: Place
    clause: Place
    changes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Comparison:
    """What was found; in `from_sources`, `a` is the place in the tender document or the library.

    `letters` counts the letters of each text without spaces and signs.
    """

    passages: list[Shared]
    from_sources: list[Shared]
    deviations: list[SharedDeviation]
    letters: dict[str, int]


def compare(bids: Sequence[Text], *, tender: Sequence[Text] = (), library: Sequence[Text] = ()) -> Comparison:
    """Compare every pair of bids of different owners beyond what stands in the tender document or the library.

    Offsets are exact: every reported passage was compared letter by letter. Texts longer than 2³¹ characters together are
    refused with ValueError.
    """
    texts = [*tender, *library, *bids]
    if sum(len(text.raw) for text in texts) >= 1 << 31:
        raise ValueError("the texts together are longer than 2³¹ characters")
    names = {
        name: number for number, name in enumerate(dict.fromkeys(text.owner or text.name for text in bids))
    }
    sources = len(tender) + len(library)
    owners = [-1] * sources + [names[text.owner or text.name] for text in bids]
    normalised = [normalise(text.raw) for text in texts]
    letters = Letters([text.codes for text in normalised], owners)
    back = _Back(texts, [text.offsets for text in normalised], letters)
    counts = {text.name: len(form.codes) for text, form in zip(texts, normalised, strict=True)}
    del normalised
    table = GramTable(letters, frequent=max(64, 5 * len(texts)))
    copied: list[Passage] = []
    deviations: list[Deviation] = []
    if sources:
        copied = passages(letters, table.shared_with(sources), whole=SOURCE_SCORE)
        deviations = shared_deviations(
            letters, [one for one in copied if back.text(one.first[0]) < len(tender)], back.starts_line
        )
        letters.mask(one.second for one in copied)
    shared = passages(letters, table.shared())
    return Comparison(
        back.all_shared(shared),
        back.all_shared(copied),
        [back.deviation(one) for one in deviations],
        counts,
    )


class _Back:
    """The way from positions of letters back to characters of the raw texts."""

    def __init__(self, texts: Sequence[Text], offsets: Sequence[Codes], letters: Letters) -> None:
        self.texts, self.begins = texts, letters.begins
        self.offsets: Codes = np.zeros(letters.size, dtype=np.int32)
        for begin, own in zip(letters.begins, offsets, strict=True):
            self.offsets[begin : begin + len(own)] = own

    def text(self, position: int) -> int:
        """Return the number of the text."""
        return bisect(self.begins, position) - 1

    def starts_line(self, position: int) -> bool:
        """Say whether a line of its text begins at a position."""
        number = self.text(position)
        if position == self.begins[number]:
            return True
        between = self.texts[number].raw[self.offsets[position - 1] + 1 : self.offsets[position]]
        return "\n" in between or "\f" in between or "\r" in between

    def place(self, start: int, end: int) -> Place:
        """Return the characters from the first letter to the last."""
        return Place(
            self.texts[self.text(start)].name, int(self.offsets[start]), int(self.offsets[end - 1]) + 1
        )

    def all_shared(self, passages: Sequence[Passage]) -> list[Shared]:
        """Return passages in raw places; their ends are looked up together."""
        spans = np.array([(*one.first, *one.second) for one in passages], dtype=np.int64).reshape(-1, 4)
        spans[:, 1::2] -= 1
        raw = self.offsets[spans]
        raw[:, 1::2] += 1
        return [self._shared(*one) for one in zip(passages, raw.tolist(), strict=True)]

    def _shared(self, passage: Passage, raw: list[int]) -> Shared:
        """Return a passage with the signs around it that both texts have."""
        parts = passage.parts
        text_a, text_b = self.texts[self.text(parts[0].first)], self.texts[self.text(parts[0].second)]
        before, after = _signs_around(text_a.raw, raw[0], raw[1], text_b.raw, raw[2], raw[3])
        a = Place(text_a.name, raw[0] - before, raw[1] + after)
        b = Place(text_b.name, raw[2] - before, raw[3] + after)
        edits = passage.edits
        kind: Kind
        if edits or len(parts) > 1:
            kind = "reordered" if passage.reordered else "edited"
        else:
            kind = "exact" if text_a.raw[a.start : a.end] == text_b.raw[b.start : b.end] else "formatted"
        places: tuple[tuple[Place, Place], ...] = ((a, b),)
        if len(parts) > 1:
            places = tuple(
                (self.place(part.first, part.first_end), self.place(part.second, part.second_end))
                for part in parts
            )
        return Shared(a, b, kind, passage.matched, edits, places)

    def deviation(self, found: Deviation) -> SharedDeviation:
        """Return a shared deviation in raw places."""
        return SharedDeviation(
            self.place(*found.first), self.place(*found.second), self.place(*found.clause), found.changes
        )


def _signs_around(
    raw_a: str, start_a: int, end_a: int, raw_b: str, start_b: int, end_b: int
) -> tuple[int, int]:
    """Return how much equal punctuation stands before and after: where a sentence ends belongs to it."""
    before = after = 0
    room = min(len(raw_a) - end_a, len(raw_b) - end_b)
    while after < room and raw_a[end_a + after] == raw_b[end_b + after] and _is_sign(raw_a[end_a + after]):
        after += 1
    room = min(start_a, start_b)
    while (
        before < room
        and raw_a[start_a - before - 1] == raw_b[start_b - before - 1]
        and _is_sign(raw_a[start_a - before - 1])
    ):
        before += 1
    return before, after


def _is_sign(character: str) -> bool:
    return not character.isspace() and not character.isalnum()
