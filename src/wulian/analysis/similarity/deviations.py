"""The same private change to a clause of the tender document in two bids: what taking the tender away would hide.

Each copy of a clause is aligned with the clause; an edit is (place in the tender, wording there, wording in the bid). Edits that
only two or three bids share and that the tender does not have elsewhere are private; several of them in one clause are no
coincidence.
"""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz.distance import Levenshtein

from wulian.analysis.similarity.passages import Part, Passage
from wulian.analysis.similarity.seeds import Letters

MOST_OWNERS = 3
"""More bidders than this with the same change had it from somewhere else: a clarification, another version."""
CLAUSE = 200
"""Letters within which changes belong to one clause."""
CONTEXT = 6
SHORTEST, MOST_EDITS = 40, 0.15


@dataclass(frozen=True)
class Edit:
    """A change: the letters ``start:end`` of the tender became `put`."""

    start: int
    end: int
    put: str


@dataclass(frozen=True)
class Deviation:
    """Changes that two bids share: stretches of the first and the second bid and of the tender, in positions of `Letters`."""

    first: tuple[int, int]
    second: tuple[int, int]
    clause: tuple[int, int]
    changes: tuple[tuple[str, str], ...]


def shared_deviations(letters: Letters, copied: Iterable[Passage]) -> list[Deviation]:
    """Return the private changes that two bids share, clause by clause, most changes first."""
    made: dict[Edit, dict[int, int]] = defaultdict(dict)
    by_text: dict[int, list[Edit]] = defaultdict(list)
    for passage in copied:
        for part in passage.parts:
            if _is_copy(part):
                text = bisect(letters.begins, part.second) - 1
                for edit, place in _edits(letters.text, part):
                    made[edit].setdefault(text, place)
                    by_text[text].append(edit)
    by_pair: dict[tuple[int, int], list[Edit]] = defaultdict(list)
    for edit, places in made.items():
        owners = {int(letters.owners[text]) for text in places}
        if 2 <= len(owners) <= MOST_OWNERS and not _is_in_tender(letters, edit):
            for a, b in combinations(sorted(places), 2):
                if letters.owners[a] != letters.owners[b]:
                    by_pair[a, b].append(edit)
    found = [
        _deviation(letters, edits, [made[edit][a] for edit in edits], [made[edit][b] for edit in edits])
        for (a, b), all_edits in by_pair.items()
        for edits in _clauses(all_edits)
        if _is_no_coincidence(edits) or _are_all(edits, by_text[a], by_text[b])
    ]
    return sorted(found, key=lambda one: (-len(one.changes), one.first, one.second))


def _is_copy(part: Part) -> bool:
    """Say whether a stretch is the tender's clause with changes, rather than words that happen to be alike."""
    return 0 < part.edits <= MOST_EDITS * part.matched and part.matched >= SHORTEST


def _edits(text: str, part: Part) -> Iterator[tuple[Edit, int]]:
    """Yield the edits of a copy with where they stand in the bid."""
    ours, theirs = text[part.first : part.first_end], text[part.second : part.second_end]
    for step in Levenshtein.opcodes(ours, theirs):
        if step.tag != "equal":
            put = theirs[step.dest_start : step.dest_end]
            yield (
                Edit(part.first + step.src_start, part.first + step.src_end, put),
                part.second + step.dest_start,
            )


def _is_in_tender(letters: Letters, edit: Edit) -> bool:
    """Say whether the tender itself has the changed wording elsewhere: then it was copied from there."""
    text = bisect(letters.begins, edit.start) - 1
    begin, end = letters.begins[text], letters.ends[text]
    before = letters.text[max(begin, edit.start - CONTEXT) : edit.start]
    after = letters.text[edit.end : min(end, edit.end + CONTEXT)]
    return letters.text.find(before + edit.put + after, begin, end) >= 0


def _clauses(edits: list[Edit]) -> Iterator[list[Edit]]:
    """Yield the edits that stand close together in the tender."""
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    group = ordered[:1]
    for edit in ordered[1:]:
        if edit.start - group[-1].end > CLAUSE:
            yield group
            group = []
        group.append(edit)
    yield group


def _is_no_coincidence(edits: list[Edit]) -> bool:
    """Three equal changes, or two of which both put letters in: by chance once in many tenders."""
    return len(edits) >= 3 or sum(bool(edit.put) for edit in edits) >= 2


def _are_all(edits: list[Edit], *of_texts: list[Edit]) -> bool:
    """Say whether two shared changes are all that either bid made of the clause."""
    start, end = edits[0].start - CLAUSE, edits[-1].end + CLAUSE
    return len(edits) == 2 and all(
        {edit for edit in made if start <= edit.start <= end} == set(edits) for made in of_texts
    )


def _deviation(letters: Letters, edits: list[Edit], first: list[int], second: list[int]) -> Deviation:
    longest = max(len(edit.put) for edit in edits) + 1
    text = bisect(letters.begins, edits[0].start) - 1
    clause = (
        max(letters.begins[text], edits[0].start - CONTEXT),
        min(letters.ends[text], edits[-1].end + CONTEXT),
    )
    return Deviation(
        _around(letters, first, longest),
        _around(letters, second, longest),
        clause,
        tuple((letters.text[edit.start : edit.end], edit.put) for edit in edits),
    )


def _around(letters: Letters, places: list[int], longest: int) -> tuple[int, int]:
    text = bisect(letters.begins, places[0]) - 1
    return (
        max(letters.begins[text], min(places) - CONTEXT),
        min(letters.ends[text], max(places) + longest + CONTEXT),
    )
