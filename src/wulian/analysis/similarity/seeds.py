"""Every run of letters that two texts share, found by one sort.

Every gram of every text is packed as ``hash | position`` into one array and sorted; equal hashes stand together. Characters
are compared before anything is reported, so that no hash collision becomes evidence. At this size full sensitivity costs less
than any filter such as winnowing (Schleimer, Wilkerson, Aiken 2003).
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

GRAM = 8
"""Letters of a gram: the shortest run that is found."""
BARRIER = 0x100000
"""First code of the letters that match nothing, one for each text (private use: no normalised text holds them)."""
_PADDING = 4096
_BLOCK = 2_000_000
_FACTORS = tuple(np.uint64(x) for x in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))
_MIX = np.uint64(0xBF58476D1CE4E5B9)

Ints = NDArray[np.signedinteger[Any]]
Codes = NDArray[np.int32]


class Letters:
    """All texts one behind the other, a barrier after each; texts of one owner are not compared with each other."""

    def __init__(self, texts: Sequence[Codes], owners: Sequence[int] | None = None) -> None:
        self.owners: Ints = np.array(range(len(texts)) if owners is None else owners, dtype=np.int64)
        self.starts: Ints = np.cumsum([0, *(len(text) + 1 for text in texts)])
        self.size = int(self.starts[-1])
        self.codes: Codes = np.full(self.size + _PADDING, -1, dtype=np.int32)
        for number, text in enumerate(texts):
            start = self.starts[number]
            self.codes[start : start + len(text)] = text
            self.codes[start + len(text)] = BARRIER + number
        # A table, not a search: which text a position stands in is asked for millions of pairs.
        self.numbers = np.repeat(
            np.arange(len(texts), dtype=np.uint16 if len(texts) < 1 << 16 else np.uint32),
            np.diff(self.starts),
        )
        self.begins: list[int] = self.starts[:-1].tolist()
        self.ends: list[int] = (self.starts[1:] - 1).tolist()

    def __len__(self) -> int:
        return len(self.starts) - 1

    def text_of(self, positions: Ints) -> Ints:
        """Return the number of the text each position stands in."""
        return self.numbers[positions].astype(np.int64)

    @cached_property
    def text(self) -> str:
        """The letters as one string, for what is done in small pieces."""
        return str(self.codes[: self.size].data, "utf-32-le", "surrogatepass")

    def mask(self, stretches: Iterable[tuple[int, int]]) -> None:
        """Make the letters of these stretches, each within one text, match nothing any more."""
        for start, end in stretches:
            self.codes[start:end] = BARRIER + bisect(self.begins, start) - 1
        self.__dict__.pop("text", None)


@dataclass(frozen=True)
class Runs:
    """Maximal runs that two texts share: `length` letters at `first` and at `second`, the latter in a later text."""

    first: Ints
    second: Ints
    length: Ints

    def __len__(self) -> int:
        return len(self.first)


class GramTable:
    """The grams that occur more than once: their positions in groups of equal hash."""

    def __init__(self, letters: Letters, frequent: int) -> None:
        self.letters = letters
        self.positions, self.starts = repeated(letters, GRAM, _hashes)
        self.sizes: Ints = np.diff(np.append(self.starts, len(self.positions)))
        # A gram left out cannot start a run: the run then starts at the next gram that is not.
        self._left_out = np.zeros(letters.size + 1, dtype=bool)
        self._usable = self.sizes <= frequent
        self._leave_out(~self._usable)

    def shared_with(self, sources: int) -> Runs:
        """Return the runs that the first `sources` texts share with the later ones; their grams are then left out."""
        end = self.letters.starts[sources]
        within = (
            np.add.reduceat((self.positions < end).astype(np.int64), self.starts)
            if len(self.starts)
            else self.starts
        )
        chosen = self._usable & (within > 0) & (self.sizes > within)
        starts, sizes, own = self.starts[chosen], self.sizes[chosen], within[chosen]
        found = []
        nth = 0
        while len(starts):
            others = sizes - own
            first = np.repeat(self.positions[starts + nth], others)
            found.append(self._starting(first, self.positions[_spread(starts + own, others)]))
            nth += 1
            more = own > nth
            starts, sizes, own = starts[more], sizes[more], own[more]
        runs = self._maximal(found)
        self._usable &= within == 0
        self._leave_out(within > 0)
        return runs

    def shared(self) -> Runs:
        """Return the runs that any two texts share, of the grams that are not left out."""
        starts, sizes = self.starts[self._usable], self.sizes[self._usable]
        found = []
        distance = 1
        while len(starts):
            more = sizes > distance
            starts, sizes = starts[more], sizes[more]
            at = _spread(starts, sizes - distance)
            found.append(self._starting(self.positions[at], self.positions[at + distance]))
            distance += 1
        return self._maximal(found)

    def _leave_out(self, groups: NDArray[np.bool_]) -> None:
        self._left_out[self.positions[np.repeat(groups, self.sizes)]] = True

    def _maximal(self, found: list[tuple[Ints, Ints]]) -> Runs:
        """Measure the runs that start at these pairs."""
        empty = np.zeros(0, dtype=np.int32)
        first = np.concatenate([pair[0] for pair in found] or [empty])
        second = np.concatenate([pair[1] for pair in found] or [empty])
        length = _common(self.letters.codes, first, second)
        real = length >= GRAM
        return Runs(first[real], second[real], length[real])

    def _starting(self, first: Ints, second: Ints) -> tuple[Ints, Ints]:
        """Keep the pairs at which a run starts, in texts of different owners."""
        codes = self.letters.codes
        before = first - 1
        starting = (codes[before] != codes[second - 1]) | self._left_out[before]
        first, second = first[starting], second[starting]
        owners, numbers = self.letters.owners, self.letters.numbers
        apart = owners[numbers[first]] != owners[numbers[second]]
        return first[apart], second[apart]


def repeated(
    letters: Letters, width: int, hashes_of: Callable[[Codes], NDArray[np.uint64]]
) -> tuple[Ints, Ints]:
    """Return where the stretches of `width` letters begin that have one hash, equal ones together, and where each group starts.

    Equal hashes need not be equal letters: who uses them compares.
    """
    bits = np.uint64(letters.size.bit_length())
    packed = np.empty(letters.size, dtype=np.uint64)
    filled = 0
    for start, end in zip(letters.begins, letters.ends, strict=True):
        if end - start < width:
            continue
        hashes = hashes_of(letters.codes[start:end])
        hashes >>= bits
        hashes <<= bits
        hashes |= np.arange(start, start + len(hashes), dtype=np.uint64)
        packed[filled : filled + len(hashes)] = hashes
        filled += len(hashes)
    packed = packed[:filled]
    packed.sort()
    same = np.empty(filled, dtype=bool)
    same[:1] = False
    for start in range(1, filled, _BLOCK):
        end = min(start + _BLOCK, filled)
        same[start:end] = (packed[start:end] ^ packed[start - 1 : end - 1]) < (np.uint64(1) << bits)
    one_of_many = same.copy()
    one_of_many[:-1] |= same[1:]
    where = np.flatnonzero(one_of_many)
    positions = (packed[where] & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int32)
    return positions, np.flatnonzero(~same[where])


def _hashes(codes: Codes) -> NDArray[np.uint64]:
    """Return a hash of each gram; doubling its length three times costs three multiplications, not eight."""
    hashes = codes.astype(np.uint64)
    for power, factor in enumerate(_FACTORS):
        width = 1 << power
        hashes = hashes[:-width] * factor + hashes[width:]
    hashes ^= hashes >> np.uint64(31)
    hashes *= _MIX
    return hashes


def _spread(starts: Ints, counts: Ints) -> Ints:
    """Return ``starts[i], starts[i] + 1, …`` (`counts[i]` of them) for every i, one behind the other."""
    ends = np.cumsum(counts)
    return np.repeat(starts - ends + counts, counts) + np.arange(ends[-1] if len(ends) else 0)


def stretches(codes: Codes, starts: Ints, width: int) -> Codes:
    """Return `width` letters from each of these places on, one row each.

    Rows are copied as wholes, which takes half the time of a sliding window, whose letters are copied one by one.
    """
    rows = np.ndarray((len(codes) - width + 1,), dtype=f"V{4 * width}", buffer=codes, strides=(4,))
    return rows[starts].view(np.int32).reshape(-1, width)


def _common(codes: Codes, first: Ints, second: Ints) -> Ints:
    """Return how many letters are equal from each pair of positions on; barriers never are."""
    length = np.zeros(len(first), dtype=np.int32)
    active = np.arange(len(first))
    width = GRAM + 2
    while len(active):
        growing = []
        for start in range(0, len(active), max(1, _BLOCK // width)):
            some = active[start : start + max(1, _BLOCK // width)]
            same = stretches(codes, first[some] + length[some], width) == stretches(
                codes, second[some] + length[some], width
            )
            differs = np.argmin(same, axis=1)
            whole = same[np.arange(len(some)), differs]
            length[some] += np.where(whole, width, differs)
            growing.append(some[whole])
        active = np.concatenate(growing)
        width = min(width * 4, _PADDING // 2)
    return length
