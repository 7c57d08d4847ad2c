"""Finding and hiding what could name a person in free text (REFERENCE D.9: never forward a reporter's letter as it is)."""

from __future__ import annotations

import re
from typing import Final

PATTERNS: Final[dict[str, re.Pattern[str]]] = {
    "identity": re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"),
    "phone": re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"),
    "email": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII),
}
MASK: Final = "〔已隐去〕"


def personal_data_in(text: str) -> list[str]:
    """Return which kinds occur in a text, of `identity` (身份证号), `phone`, `email`."""
    return [kind for kind, pattern in PATTERNS.items() if pattern.search(text)]


def mask_personal(text: str) -> str:
    """Return the text with identity card numbers, mobile numbers and addresses of mail hidden."""
    for pattern in PATTERNS.values():
        text = pattern.sub(MASK, text)
    return text
