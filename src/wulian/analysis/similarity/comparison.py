"""Bids compared pair by pair, after what comes from the tender document or from public text is taken away."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

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


@dataclass(frozen=True)
class Place:
    """Characters of a text, as offsets in its raw form; the end is exclusive."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Shared:
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
    del normalised
    table = GramTable(letters, frequent=max(64, 5 * len(texts)))
    copied: list[Passage] = []
    deviations: list[Deviation] = []
    if sources:
        copied = passages(letters, table.shared_with(sources), whole=SOURCE_SCORE)
        deviations = shared_deviations(
            letters, [one for one in copied if back.text(one.first[0]) < len(tender)]
        )
        letters.mask(one.second for one in copied)
    shared = passages(letters, table.shared())
    return Comparison(
        [back.shared(one) for one in shared],
        [back.shared(one) for one in copied],
        [back.deviation(one) for one in deviations],
        {text.name: len(offsets) for text, offsets in zip(texts, back.offsets, strict=True)},
    )


class _Back:
    """The way from positions of letters back to characters of the raw texts."""

    def __init__(self, texts: Sequence[Text], offsets: Sequence[Codes], letters: Letters) -> None:
        self.texts, self.offsets, self.begins = texts, offsets, letters.begins

    def text(self, position: int) -> int:
        """Return the number of the text."""
        return bisect(self.begins, position) - 1

    def place(self, start: int, end: int, number: int | None = None) -> Place:
        """Return the characters from the first letter to the last, of the text with this `number`."""
        number = self.text(start) if number is None else number
        begin, offsets = self.begins[number], self.offsets[number]
        return Place(self.texts[number].name, int(offsets[start - begin]), int(offsets[end - begin - 1]) + 1)

    def shared(self, passage: Passage) -> Shared:
        """Return a passage with the signs around it that both texts have."""
        first, second = passage.first, passage.second
        number_a, number_b = self.text(first[0]), self.text(second[0])
        raw_a, raw_b = self.texts[number_a].raw, self.texts[number_b].raw
        a, b = _with_signs(raw_a, self.place(*first, number_a), raw_b, self.place(*second, number_b))
        kind: Kind
        parts: tuple[tuple[Place, Place], ...]
        if passage.reordered:
            kind = "reordered"
        elif passage.edits:
            kind = "edited"
        else:
            kind = "exact" if raw_a[a.start : a.end] == raw_b[b.start : b.end] else "formatted"
        parts = ((a, b),)
        if len(passage.parts) > 1:
            parts = tuple(
                (self.place(part.first, part.first_end), self.place(part.second, part.second_end))
                for part in passage.parts
            )
        return Shared(a, b, kind, passage.matched, passage.edits, parts)

    def deviation(self, found: Deviation) -> SharedDeviation:
        """Return a shared deviation in raw places."""
        return SharedDeviation(
            self.place(*found.first), self.place(*found.second), self.place(*found.clause), found.changes
        )


def _with_signs(raw_a: str, a: Place, raw_b: str, b: Place) -> tuple[Place, Place]:
    """Take in equal punctuation on either side: where a sentence ends belongs to it."""
    after = before = 0
    room = min(len(raw_a) - a.end, len(raw_b) - b.end)
    while after < room and raw_a[a.end + after] == raw_b[b.end + after] and _is_sign(raw_a[a.end + after]):
        after += 1
    room = min(a.start, b.start)
    while (
        before < room
        and raw_a[a.start - before - 1] == raw_b[b.start - before - 1]
        and _is_sign(raw_a[a.start - before - 1])
    ):
        before += 1
    if not after and not before:
        return a, b
    return (
        Place(a.name, a.start - before, a.end + after),
        Place(b.name, b.start - before, b.end + after),
    )


def _is_sign(character: str) -> bool:
    return not character.isspace() and not character.isalnum()
