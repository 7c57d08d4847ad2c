"""Finding and hiding what could name a person in free text (REFERENCE D.9: never forward a reporter's letter as it is)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

Span = tuple[int, int]

PATTERNS: Final[dict[str, re.Pattern[str]]] = {
    "identity": re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),
    "phone": re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"),
    "email": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII),
    "messenger": re.compile(
        r"(?i:微信号?|QQ号?|weixin|wechat)\s*(?:[:：]|是|为)?\s*[A-Za-z0-9][\w-]{4,19}", re.ASCII
    ),
}
MASK: Final = "〔已隐去〕"


_NARROW: Final = {0xFF01 + n: 0x21 + n for n in range(94)}
"""Full-width letters and digits to the narrow ones, sign by sign, so that places stay the same."""


def spans_of(text: str, patterns: Iterable[re.Pattern[str]]) -> list[Span]:
    """Return where any of the patterns stands, full-width digits and letters included, as (start, end) in order."""
    narrow = text.translate(_NARROW)
    return sorted(match.span() for pattern in patterns for match in pattern.finditer(narrow))


def personal_data_in(text: str) -> list[str]:
    """Return which kinds occur in a text, of `identity` (身份证号), `phone`, `email`, `messenger` (微信号, QQ号)."""
    return [kind for kind, pattern in PATTERNS.items() if spans_of(text, [pattern])]


def personal_places(text: str) -> list[Span]:
    """Return where personal data stands, as (start, end), in order and without overlaps."""
    apart: list[Span] = []
    for start, end in spans_of(text, PATTERNS.values()):
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def mask_personal(text: str) -> str:
    """Return the text with identity card numbers, mobile numbers, addresses of mail and messenger accounts hidden."""
    return hide(text, personal_places(text))


def hide(text: str, spans: Iterable[Span]) -> str:
    """Return the text with each span, however they overlap, replaced by one mark."""
    out, done = [], 0
    for start, end in sorted(spans):
        if start >= done:
            out += [text[done:start], MASK]
        done = max(done, end)
    return "".join([*out, text[done:]])


def folded(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of a text, width and case left out, and where in the text each stood."""
    signs: list[str] = []
    places: list[int] = []
    for at, sign in enumerate(text):
        for one in unicodedata.normalize("NFKC", sign).casefold():
            if one.isalnum():
                signs.append(one)
                places.append(at)
    return "".join(signs), places
