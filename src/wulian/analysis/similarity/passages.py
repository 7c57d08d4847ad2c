"""From shared runs to passages: chains of runs, the gaps aligned letter by letter, cut where they stop resembling each other.

A passage is scored like a local alignment: a letter shared gives 1, an edit costs 1.5, and it ends where the score falls by
14 below its best (X-drop; Altschul et al. 1990). Passages that touch in one text and lie near each other in the other are one
passage whose parts were put into another order, when enough of it is shared.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from wulian.analysis.similarity.chains import NEAR, TOUCH, Chains, chain
from wulian.analysis.similarity.seeds import Letters, Runs

EDIT, DROP = 1.5, 14.0
REACH = 40
"""Letters looked at beyond the end of a chain, at a time."""
PART, WHOLE = 9.0, 32.0
"""Score of a part that may be joined with others, and of a passage that is reported."""
ALIKE = 2
"""Equal letters beyond the end of a chain that make it worth looking further."""
DENSE = 0.55

LOOK_BACK = 24
"""Runs of a chain that are looked at for the one that goes before."""

Run = tuple[int, int, int]
"""Where equal letters begin in the first and in the second text, and how many."""
Step = tuple[int, int, int]
"""Letters in the first and in the second text, and how many edits turn one into the other; no edits: they are equal."""


class Part(NamedTuple):
    """A stretch of two texts in one order; ends exclusive, in positions of `Letters`."""

    first: int
    first_end: int
    second: int
    second_end: int
    matched: int
    edits: int

    @property
    def score(self) -> float:
        """Return what the stretch is worth as an alignment."""
        return self.matched - EDIT * self.edits


class Passage(NamedTuple):
    """What two texts share: one part, or several that stand in different order."""

    parts: tuple[Part, ...]

    @property
    def first(self) -> tuple[int, int]:
        """Return where it stands in the first text; end exclusive."""
        if len(self.parts) == 1:
            return self.parts[0].first, self.parts[0].first_end
        return min(part.first for part in self.parts), max(part.first_end for part in self.parts)

    @property
    def second(self) -> tuple[int, int]:
        """Return where it stands in the second text; end exclusive."""
        if len(self.parts) == 1:
            return self.parts[0].second, self.parts[0].second_end
        return min(part.second for part in self.parts), max(part.second_end for part in self.parts)

    @property
    def matched(self) -> int:
        """Return how many letters are equal."""
        if len(self.parts) == 1:
            return self.parts[0].matched
        return sum(part.matched for part in self.parts)

    @property
    def edits(self) -> int:
        """Return how many letters were changed, put in or left out."""
        if len(self.parts) == 1:
            return self.parts[0].edits
        return sum(part.edits for part in self.parts)

    @property
    def reordered(self) -> bool:
        """Say whether the order of the parts differs between the texts."""
        return len(self.parts) > 1 and any(a.second > b.second for a, b in pairwise(self.parts))


def passages(letters: Letters, runs: Runs, *, whole: float = WHOLE) -> list[Passage]:
    """Return the passages of at least the score `whole` that these runs grow into, by pair of texts and place."""
    found: dict[tuple[int, int], list[Part]] = {}
    chains = chain(letters, runs)
    first, second, length = (
        values.tolist() for values in (chains.runs.first, chains.runs.second, chains.runs.length)
    )
    ways = zip((chains.before >= ALIKE).tolist(), (chains.after >= ALIKE).tolist(), strict=True)
    bounds = zip(chains.starts.tolist(), chains.ends.tolist(), _crossed(chains).tolist(), strict=True)
    for (start, end, crossed), further in zip(bounds, ways, strict=True):
        p, q, run = first[start], second[start], length[start]
        pair = (bisect(letters.begins, p) - 1, bisect(letters.begins, q) - 1)
        parts = found.setdefault(pair, [])
        if end - start == 1 and not (further[0] or further[1]):
            if run >= PART:
                parts.append(Part(p, p + run, q, q + run, run, 0))
            continue
        one = list(zip(first[start:end], second[start:end], length[start:end], strict=True))
        if not (parts and _holds(parts[-1], one)):
            parts += _parts(letters, pair, _in_order(one) if crossed else one, further)
    joined = (passage for pair in sorted(found) for passage in join(found[pair]))
    return [passage for passage in joined if passage.matched - EDIT * passage.edits >= whole]


def _holds(part: Part, runs: list[Run]) -> bool:
    """Say whether a part grew over the runs of the next chain already."""
    (first, second, _), (p, q, length) = runs[0], runs[-1]
    return (
        part.first <= first
        and p + length <= part.first_end
        and part.second <= second
        and q + length <= part.second_end
    )


def _parts(
    letters: Letters, pair: tuple[int, int], runs: list[Run], further: tuple[bool, bool]
) -> list[Part]:
    """Align a chain of runs from end to end, and beyond where it may go `further`, and cut it into parts."""
    steps: list[Step] = []
    text = letters.text
    p, q = runs[0][:2]
    for a, b, run in runs:
        overlap = max(p - a, q - b, 0)
        a, b, run = a + overlap, b + overlap, run - overlap
        if run <= 0:
            continue
        if a - p == b - q == 1:
            steps.append((1, 1, int(text[p] != text[q])))
        elif a == p or b == q:
            if a > p or b > q:
                steps.append((a - p, b - q, max(a - p, b - q)))
        else:
            steps += _aligned(text[p:a], text[q:b])
        steps.append((run, run, 0))
        p, q = a + run, b + run
    before = _reach(letters, pair, *runs[0][:2], -1) if further[0] else []
    after = _reach(letters, pair, p, q, 1) if further[1] else []
    start_p = runs[0][0] - sum(step[0] for step in before)
    start_q = runs[0][1] - sum(step[1] for step in before)
    return cut([*reversed(before), *steps, *after], start_p, start_q)


def _crossed(chains: Chains) -> NDArray[np.bool_]:
    """Say which chains have runs that do not follow each other in the second text."""
    begins, ends = chains.runs.second, chains.runs.second + chains.runs.length
    back = np.zeros(len(begins) + 1, dtype=np.int64)
    np.cumsum((begins[1:] <= begins[:-1]) | (ends[1:] <= ends[:-1]), out=back[2:])
    return np.asarray(back[chains.ends] > back[chains.starts + 1])


def _in_order(runs: list[Run]) -> list[Run]:
    """Leave out runs that cross others: a phrase that stands twice in the clause; the heaviest way through is kept."""
    weights: list[float] = []
    came: list[int] = []
    for number, (a, b, run) in enumerate(runs):
        weight, from_ = float(run), -1
        for back in range(max(0, number - LOOK_BACK), number):
            c, d, before = runs[back]
            new = run - max(c + before - a, d + before - b, 0)
            gained = weights[back] + new - EDIT * abs((b - a) - (d - c))
            if new > 0 and b > d and gained > weight:
                weight, from_ = gained, back
        weights.append(weight)
        came.append(from_)
    number, kept = max(range(len(runs)), key=weights.__getitem__), []
    while number >= 0:
        kept.append(runs[number])
        number = came[number]
    return kept[::-1]


def _reach(letters: Letters, pair: tuple[int, ...], p: int, q: int, way: int) -> list[Step]:
    """Align what follows (`way` 1) or goes before (-1), as far as it pays."""
    taken: list[Step] = []
    while True:
        a, b = _ahead(letters, pair[0], p, way), _ahead(letters, pair[1], q, way)
        best, score, used, gone = 0.0, 0.0, 0, [0, 0]
        steps = _aligned(a, b) if a and b else []
        at = [0, 0]
        for number, (left, right, edits) in enumerate(steps, start=1):
            score += -EDIT * edits if edits else left
            at[0] += left
            at[1] += right
            if score > best:
                best, used, gone = score, number, at[:]
            elif score < best - DROP:
                break
        taken += steps[:used]
        p, q = p + way * gone[0], q + way * gone[1]
        if gone[0] < REACH // 2:
            return taken


def _ahead(letters: Letters, text: int, position: int, way: int) -> str:
    if way > 0:
        return letters.text[position : min(position + REACH, letters.ends[text])]
    return letters.text[max(position - REACH, letters.begins[text]) : position][::-1]


def _aligned(a: str, b: str) -> list[Step]:
    """Return the cheapest way from one string to the other, as steps."""
    steps = []
    for step in Levenshtein.opcodes(a, b):
        left, right = step.src_end - step.src_start, step.dest_end - step.dest_start
        steps.append((left, right, 0 if step.tag == "equal" else max(left, right)))
    return steps


def cut(steps: list[Step], p: int, q: int) -> list[Part]:
    """Cut an alignment that starts at p and q into the stretches that score, ends trimmed to equal letters."""
    parts: list[Part] = []
    start: list[int] | None = None
    best: list[int] = []
    score = top = 0.0
    matched = edited = 0
    for left, right, edits in steps:
        if edits:
            p, q, score, edited = p + left, q + right, score - EDIT * edits, edited + edits
            if start is not None and (score < top - DROP or score <= 0):
                parts.append(Part(start[0], best[0], start[1], best[1], best[2], best[3]))
                start = None
        else:
            if start is None:
                start, score, top, matched, edited = [p, q], 0.0, 0.0, 0, 0
            p, q, score, matched = p + left, q + right, score + left, matched + left
            if score > top:
                top, best = score, [p, q, matched, edited]
    if start is not None:
        parts.append(Part(start[0], best[0], start[1], best[1], best[2], best[3]))
    return [part for part in parts if part.score >= PART]


def join(parts: list[Part]) -> list[Passage]:
    """Join the parts of one pair of texts that touch in one text and lie near each other in the other."""
    if len(parts) == 1:
        return [Passage((parts[0],))]
    parts = sorted(_without_doubles(parts), key=itemgetter(0, 2))
    group = list(range(len(parts)))

    def root(number: int) -> int:
        while group[number] != number:
            group[number] = group[group[number]]
            number = group[number]
        return number

    for one, other in [*_touching(parts, first=True), *_touching(parts, first=False)]:
        group[root(one)] = root(other)
    joined: dict[int, list[Part]] = {}
    for number, part in enumerate(parts):
        joined.setdefault(root(number), []).append(part)
    return [passage for members in joined.values() for passage in _dense(members)]


def _without_doubles(parts: list[Part]) -> list[Part]:
    """Leave out a part that lies within a better one in both texts."""
    kept: list[Part] = []
    open_parts: list[Part] = []
    for part in sorted(parts, key=lambda part: (part[0], -part[1], -part.score)):
        first, first_end, second, second_end, *_ = part
        open_parts = [other for other in open_parts if other[1] > first]
        for other in open_parts:
            if first_end <= other[1] and other[2] <= second and second_end <= other[3]:
                break
        else:
            kept.append(part)
            open_parts.append(part)
    return kept


def _touching(parts: list[Part], *, first: bool) -> Iterator[tuple[int, int]]:
    """Yield pairs of neighbours in one text that are near each other in the other."""
    at, there = (0, 2) if first else (2, 0)
    order = sorted(range(len(parts)), key=[(part[at], part[at + 1]) for part in parts].__getitem__)
    for one, other in pairwise(order):
        a, b = parts[one], parts[other]
        if b[at] - a[at + 1] <= TOUCH and max(b[there] - a[there + 1], a[there] - b[there + 1]) <= NEAR:
            yield one, other


def _dense(members: list[Part]) -> list[Passage]:
    """Return the parts as one passage when enough of the stretch is shared in both texts, else one by one.

    What repeats within the passage counts once; what stands outside of it in either text is a copy of its own.
    """
    if len(members) == 1:
        return [Passage((members[0],))]
    kept = _apart(members)
    passage = Passage(tuple(sorted(kept, key=lambda part: part.first)))
    first, second = passage.first, passage.second
    if passage.matched < DENSE * max(first[1] - first[0], second[1] - second[0]):
        return [Passage((part,)) for part in members]
    if len(kept) == len(members):
        return [passage]
    outside = [
        part
        for part in members
        if not (part.first < first[1] and first[0] < part.first_end)
        or not (part.second < second[1] and second[0] < part.second_end)
    ]
    return [passage, *join(outside)]


def _apart(members: list[Part]) -> list[Part]:
    """Leave out what overlaps a better part in either text: a phrase that repeats counts once."""
    kept: list[Part] = []
    for part in sorted(members, key=lambda part: -part.score):
        half = part.matched / 2
        if all(
            min(part.first_end, other.first_end) - max(part.first, other.first) < half
            and min(part.second_end, other.second_end) - max(part.second, other.second) < half
            for other in kept
        ):
            kept.append(part)
    return kept
