"""Near copies of a text: few marks of its shingles find candidates by an index, the shingles themselves decide."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from wulian.analysis.similarity.normalising import normalise

SHINGLE: Final = 4
"""Letters in a shingle."""
BANDS: Final = 20
ROWS: Final = 2
NEAR_COPY: Final = 0.5
"""Share of the shorter text's shingles that the other one holds, from which it is called a near copy."""
SHORTEST: Final = 12
"""Shingles a text needs at least; shorter ones are alike by chance."""

Hashes = NDArray[np.uint64]
# Odd multipliers from a fixed seed: marks stay the same on every machine and in every release.
_FACTORS: Hashes = np.random.RandomState(20240601).randint(1, 2**62, BANDS * ROWS).astype(np.uint64) * np.uint64(2) + np.uint64(1)  # fmt: skip
_PRIME: Final = np.uint64(1_000_003)


def shingles(text: str) -> Hashes:
    """Return the distinct shingles of a text, punctuation, width and case left out, as sorted hashes."""
    codes = normalise(text).codes.astype(np.uint64)
    if len(codes) < SHINGLE:
        return np.empty(0, dtype=np.uint64)
    found = np.zeros(len(codes) - SHINGLE + 1, dtype=np.uint64)
    for place in range(SHINGLE):
        found = found * _PRIME + codes[place : place + len(found)]
    return np.unique(_mixed(found))


def marks_of(text: str) -> list[int]:
    """Return the marks of a text (at most BANDS, signed 64 bits), none for a very short one.

    Two texts that share half of their shingles share a mark in 99 of 100 cases, strangers hardly ever.
    """
    found = shingles(text)
    if len(found) < SHORTEST:
        return []
    least = (found[:, None] * _FACTORS[None, :]).min(axis=0).reshape(BANDS, ROWS)
    marks = np.arange(BANDS, dtype=np.uint64)
    for row in range(ROWS):
        marks = _mixed(marks * _PRIME + least[:, row])
    return sorted({int(mark) for mark in marks.astype(np.int64)})


def share_of(part: Hashes, whole: Hashes) -> float:
    """Return how much of `part` stands in `whole`, 0 to 1."""
    if not len(part):
        return 0.0
    return float(len(np.intersect1d(part, whole, assume_unique=True)) / len(part))


def likeness(first: str, second: str) -> float:
    """Return the share of the shorter text that stands in the other, 0 to 1; 0 when it is too short to say."""
    a, b = shingles(first), shingles(second)
    if len(a) > len(b):
        a, b = b, a
    return share_of(a, b) if len(a) >= SHORTEST else 0.0


def _mixed(values: Hashes) -> Hashes:
    values = values ^ (values >> np.uint64(31))
    values = values * np.uint64(0x9E3779B97F4A7C15)
    return values ^ (values >> np.uint64(29))
