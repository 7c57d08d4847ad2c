"""Runs that follow each other closely in both texts, and which of these chains are worth aligning letter by letter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wulian.analysis.similarity.seeds import Ints, Letters, Runs, stretches

GAP = 64
"""Letters between two runs of one chain, at most, in either text."""
DRIFT = 14
"""Letters more in one text than in the other between two runs of one chain, at most."""
LONE, SURE, LOOK = 12, 28, 14
"""Letters of a chain: fewer are chance; so many are enough; between the two, as many letters beyond its ends decide."""
TOUCH = 40
"""Letters between two stretches that touch."""
NEAR = 6000
"""Letters within which the sentences of one passage may change places."""
ROUNDS, CLOSE = 3, 6


@dataclass(frozen=True)
class Chains:
    """Chain i is made of the runs ``starts[i]:ends[i]``; `before` and `after` count equal letters beyond its ends."""

    runs: Runs
    starts: Ints
    ends: Ints
    before: Ints
    after: Ints

    def __len__(self) -> int:
        return len(self.starts)

    def only(self, chosen: NDArray[np.bool_]) -> Chains:
        """Return the chosen chains."""
        return Chains(
            self.runs, self.starts[chosen], self.ends[chosen], self.before[chosen], self.after[chosen]
        )


def chain(letters: Letters, runs: Runs) -> Chains:
    """Return the chains worth aligning: long ones, those beyond whose ends the texts are alike too, and what touches these."""
    runs = _by_band(letters, runs)
    first, second = runs.first, runs.second
    pair = _pair(letters, runs)
    breaks = np.ones(len(runs), dtype=bool)
    breaks[1:] = (
        (pair[1:] != pair[:-1])
        | (first[1:] - (first + runs.length)[:-1] > GAP)
        | (np.abs(np.diff(second - first)) > DRIFT)
    )
    starts = np.flatnonzero(breaks)
    ends = np.append(starts[1:], len(runs)) if len(runs) else starts
    total = np.add.reduceat(runs.length, starts) if len(runs) else starts
    last = ends - 1
    stretch = (first[starts], (first + runs.length)[last], second[starts], (second + runs.length)[last])
    after = _resemblance(letters, stretch[1], stretch[3], 1)
    # What cannot become enough any more is not looked at any further: most of what is alike by chance.
    before = np.zeros(len(starts), dtype=np.int64)
    possible = np.flatnonzero((total + after + LOOK >= SURE) | (total >= LONE))
    before[possible] = _resemblance(letters, stretch[0][possible] - 1, stretch[2][possible] - 1, -1)
    worth = (total >= SURE) | (before + total + after >= SURE)
    for _ in range(ROUNDS):
        doubtful, known = np.flatnonzero((total >= LONE) & ~worth), np.flatnonzero(worth)
        if not len(doubtful) or not len(known):
            break
        base = pair[starts] * (2 * letters.size)
        touching = _beside(base, stretch, doubtful, known) | _beside(
            base, stretch[2:] + stretch[:2], doubtful, known
        )
        worth[doubtful[touching]] = True
    return Chains(runs, starts, ends, before, after).only(worth)


def _pair(letters: Letters, runs: Runs) -> Ints:
    return letters.text_of(runs.first) * len(letters) + letters.text_of(runs.second)


def _by_band(letters: Letters, runs: Runs) -> Runs:
    """Sort the runs by pair of texts, by diagonal as far as it drifts, and by place; leave out what stands alone by chance."""
    diagonal = _pair(letters, runs) * (2 * letters.size) + runs.second - runs.first
    order = np.argsort(diagonal)
    opens = np.ones(len(order), dtype=bool)
    opens[1:] = np.diff(diagonal[order]) > DRIFT
    alone = opens & np.append(opens[1:], True) if len(order) else opens
    kept = ~alone | (runs.length[order] >= LONE)
    short = np.flatnonzero(~kept)
    first, second, length = runs.first[order[short]], runs.second[order[short]], runs.length[order[short]]
    kept[short] = _resemblance(letters, first + length, second + length, 1, CLOSE) >= CLOSE // 2
    band, order = np.cumsum(opens)[kept], order[kept]
    order = order[np.argsort(band * (letters.size + 1) + runs.first[order])]
    return Runs(runs.first[order], runs.second[order], runs.length[order])


def _resemblance(letters: Letters, first: Ints, second: Ints, way: int, look: int = LOOK) -> Ints:
    """Count equal letters from these places on, on the same diagonal or on one beside it, whichever has most."""
    back = 0 if way > 0 else look - 1
    own = stretches(letters.codes, first - back, look)
    other = stretches(letters.codes, second - back - 1, look + 2)
    counts = [
        (own == other[:, shift : shift + look]).view(np.uint8).sum(axis=1, dtype=np.uint8)
        for shift in range(3)
    ]
    return np.asarray(np.max(counts, axis=0), dtype=np.int64)


def _beside(base: Ints, stretch: tuple[Ints, ...], doubtful: Ints, known: Ints) -> NDArray[np.bool_]:
    """Say which doubtful stretches touch a known one in the one text and are near it in the other."""
    start, end, other, other_end = stretch
    known = known[np.argsort((base + start)[known])]
    at = np.searchsorted((base + start)[known], (base + start)[doubtful])
    touching = np.zeros(len(doubtful), dtype=bool)
    for neighbour in (at - 1, at):
        inside = (neighbour >= 0) & (neighbour < len(known))
        k = known[np.clip(neighbour, 0, len(known) - 1)]
        gap = np.maximum(start[k] - end[doubtful], start[doubtful] - end[k])
        distance = np.maximum(other[k] - other_end[doubtful], other[doubtful] - other_end[k])
        touching |= inside & (base[k] == base[doubtful]) & (gap <= TOUCH) & (distance <= NEAR)
    return touching
