"""Region codes (GB/T 2260): a county lies in its city, a city in its province."""

from __future__ import annotations

import re
from typing import Final

_REGION: Final = re.compile(r"\d{6}(\d{3}|\d{6})?")
_WIDTHS: Final = (9, 6, 4, 2)


def region_chain(code: str) -> tuple[str, ...]:
    """Return `code` and the regions around it, the nearest first: 421303 → 421303, 421300, 420000.

    Street codes of 9 or 12 digits are taken; raises ValueError for anything else.
    """
    if not _REGION.fullmatch(code):
        raise ValueError(f"expected a region code of 6, 9 or 12 digits, not {code!r}")
    chain = [code]
    for width in _WIDTHS:
        around = code[:width].ljust(max(width, 6), "0")
        if len(code) > width and around != chain[-1]:
            chain.append(around)
    return tuple(chain)


def region_covers(outer: str, inner: str) -> bool:
    """Say whether `inner` is `outer` or lies in it."""
    return outer in region_chain(inner)
