"""Keys of rows: the publisher's own, short enough to store and unique within their parent."""

from __future__ import annotations

import hashlib

LONGEST = 128


def fit_key(text: str) -> str:
    """``text`` itself, or its beginning with a digest of the whole when it is too long to be a key."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:100]}~{hashlib.sha256(text.encode()).hexdigest()[:16]}"


class UniqueKeys:
    """Gives each row of one parent a key of its own, the same one for the same input in the same order."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str, fallback: str) -> str:
        key = fit_key(wanted or fallback)
        number = 1
        base = key
        while key in self._taken:
            number += 1
            key = fit_key(f"{base}#{number}")
        self._taken.add(key)
        return key
