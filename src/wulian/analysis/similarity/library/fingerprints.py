"""Fingerprints of a text: the smallest hash of every window of grams (winnowing; Schleimer, Wilkerson, Aiken 2003)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

GRAM, WINDOW = 12, 40
"""Letters of a gram and grams of a window: any run of `GRAM + WINDOW - 1` = 51 shared letters shares a fingerprint."""
HASH_BITS, NUMBER_BITS = 39, 24
VERSION = 2
"""Of normalising, hash, gram and window together: an index of another version is not asked."""
_ALL = np.uint64((1 << HASH_BITS) - 1)
_MULTIPLIER, _MIX = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)

Hashes = NDArray[np.int64]


def fingerprints(codes: NDArray[np.int32]) -> Hashes:
    """Return the distinct fingerprints of normalised letters, sorted; letters below nought match nothing."""
    grams = len(codes) - GRAM + 1
    if grams <= 0:
        return np.zeros(0, dtype=np.int64)
    letters = codes.astype(np.int64).astype(np.uint64)
    hashes = np.zeros(grams, dtype=np.uint64)
    for shift in range(GRAM):
        hashes *= _MULTIPLIER
        hashes += letters[shift : shift + grams]
    hashes ^= hashes >> np.uint64(30)
    hashes *= _MIX
    hashes >>= np.uint64(64 - HASH_BITS)
    broken = codes < 0
    if broken.any():
        until = np.concatenate([[0], np.cumsum(broken)])
        hashes[until[GRAM:] - until[:-GRAM] > 0] = _ALL
    chosen = hashes[_smallest(hashes)]
    return np.sort(_spread(np.unique(chosen[chosen != _ALL]))).astype(np.int64)


def _spread(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Give each hash another one, evenly spread: the smallest of a window are crowded near nought, and are looked up by place."""
    for shift in (20, 19):
        hashes = (hashes * _MULTIPLIER) & _ALL
        hashes = hashes ^ (hashes >> np.uint64(shift))
    return hashes


def _smallest(hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Say which hashes are the smallest of some window: those that the largest window minimum over them equals."""
    if len(hashes) <= WINDOW:
        return np.asarray(hashes == hashes.min())
    least = _sliding(hashes, np.minimum)
    padded = np.concatenate([np.full(WINDOW - 1, least[0]), least, np.full(WINDOW - 1, least[-1])])
    return np.asarray(_sliding(padded, np.maximum)[: len(hashes)] == hashes)


def _sliding(values: NDArray[np.uint64], choose: np.ufunc) -> NDArray[np.uint64]:
    """Return the extreme of each window, by doubling."""
    width = 1
    while 2 * width <= WINDOW:
        values = choose(values[:-width], values[width:])
        width *= 2
    rest = WINDOW - width
    return np.asarray(choose(values[:-rest], values[rest:])) if rest else values
