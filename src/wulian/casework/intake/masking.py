"""Finding and hiding what could name a person in free text (REFERENCE D.9: never forward a reporter's letter as it is)."""

from __future__ import annotations

import re
from typing import Final

PATTERNS: Final[dict[str, re.Pattern[str]]] = {
    "identity": re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),
    "phone": re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"),
    "email": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII),
    "messenger": re.compile(
        r"(?i:微信号?|QQ号?|weixin|wechat)\s*(?:[:：]|是|为)?\s*[A-Za-z0-9][\w-]{4,19}", re.ASCII
    ),
}
MASK: Final = "〔已隐去〕"


def personal_data_in(text: str) -> list[str]:
    """Return which kinds occur in a text, of `identity` (身份证号), `phone`, `email`, `messenger` (微信号, QQ号)."""
    return [kind for kind, pattern in PATTERNS.items() if pattern.search(text)]


def personal_places(text: str) -> list[tuple[int, int]]:
    """Return where personal data stands, as (start, end), in order and without overlaps."""
    found = sorted(match.span() for pattern in PATTERNS.values() for match in pattern.finditer(text))
    apart: list[tuple[int, int]] = []
    for start, end in found:
        if apart and start < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((start, end))
    return apart


def mask_personal(text: str) -> str:
    """Return the text with identity card numbers, mobile numbers, addresses of mail and messenger accounts hidden."""
    for pattern in PATTERNS.values():
        text = pattern.sub(MASK, text)
    return text
