"""Text as letters alone: what punctuation, spaces, width and case can hide is taken away, and the way back is kept."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int32]
_UNKNOWN, _DROPPED = -2, -1
_DROPPED_CATEGORIES = frozenset("ZPSC")
_table = np.full(0x110000, _UNKNOWN, dtype=np.int32)


@dataclass(frozen=True)
class NormalisedText:
    """The letters of a text as code points, and for each letter its offset in the text."""

    codes: Codes
    offsets: Codes


def normalise(text: str) -> NormalisedText:
    """Drop spaces, punctuation, symbols and control characters; NFKC and lower case letter by letter.

    A character that NFKC makes several of (㎡) is represented by itself, so that every letter keeps one offset.
    """
    points = np.frombuffer(text.encode("utf-32-le", errors="surrogatepass"), dtype=np.uint32)
    codes = _table[points]
    unknown = codes == _UNKNOWN
    if unknown.any():
        for point in np.unique(points[unknown]).tolist():
            _table[point] = _letter(chr(point))
        codes = _table[points]
    offsets = np.flatnonzero(codes != _DROPPED).astype(np.int32)
    return NormalisedText(codes[offsets], offsets)


def _letter(character: str) -> int:
    folded = unicodedata.normalize("NFKC", character).lower()
    if len(folded) != 1:
        folded = character
    return _DROPPED if unicodedata.category(folded)[0] in _DROPPED_CATEGORIES else ord(folded)
