"""Where a text names its reporter: numbers and accounts that anybody can see, and words that only the vault knows (REFERENCE D.9)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from wulian.casework.intake.blind import details_of
from wulian.casework.intake.masking import PATTERNS, Span, folded, hide, spans_of

if TYPE_CHECKING:
    from wulian.casework.intake.models import Receipt

ALIAS: Final = re.compile(r"R\s*[-—]\s*\d{4}\s*[-—]\s*\d{3,}", re.IGNORECASE)
LANDLINE: Final = re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)")
REGION: Final = re.compile(r"^.*(?:自治区|自治州|省|市|区|县|镇|乡|街道)(?=.{3,})")
SUFFIX: Final = re.compile(r"(?:集团)?(?:股份|有限|责任)*公司$|(?:事务所|工作室|经营部)$")
PLACES: Final = ("湖北省", "湖北", "随州市", "随州", "武汉市", "武汉")
SHORTEST: Final = {"name": 2, "representative": 2, "agent_name": 2, "address": 3}
SHORTEST_OTHER: Final = 5
"""Signs a word of the vault must have to be looked for; shorter ones stand in every text."""
SHORTEST_CORE: Final = 4
FRAGMENT: Final = 5
"""Signs of an address in a row that count as naming it."""


def contacts_in(text: str, *, public: bool = False) -> list[Span]:
    """Return where identity numbers, telephones, mail and messenger accounts stand, whosever they are.

    A `public` text may hold no telephone of a house and no alias either; documents between the parties may.
    """
    return spans_of(text, (*PATTERNS.values(), *((LANDLINE, ALIAS) if public else ())))


def names_in(receipt: Receipt, text: str) -> list[Span]:
    """Return where words of the reporter's vault stand: an answer from which a reporter could be guessed, see `minimising`."""
    plain, places = folded(text)
    found = set()
    for word in _words_of(receipt):
        at = plain.find(word)
        while at >= 0:
            found.add((places[at], places[at + len(word) - 1] + 1))
            at = plain.find(word, at + 1)
    return sorted(found)


def masked(receipt: Receipt, text: str) -> str:
    """Return a text of the reporter's own without what names a person, for documents that the other side reads."""
    return hide(text, [*contacts_in(text), *names_in(receipt, text)])


def _words_of(receipt: Receipt) -> Iterator[str]:
    for name, value in details_of(receipt).items():
        if name == "kind" or not isinstance(value, str):
            continue
        for word in _recognised(name, value):
            plain = folded(word)[0]
            if len(plain) >= SHORTEST.get(name, SHORTEST_OTHER):
                yield plain


def _recognised(name: str, value: str) -> Iterator[str]:
    """A detail as it may be written: whole, an address in parts, a firm without what every firm's name has."""
    yield value
    if name == "address":
        rest = folded(REGION.sub("", value))[0]
        yield from (rest[at : at + FRAGMENT] for at in range(max(1, len(rest) - FRAGMENT + 1)))
    elif name == "name" and SUFFIX.search(value):
        core = SUFFIX.sub("", value)
        for place in PLACES:
            core = core.removeprefix(place)
        if len(core) >= SHORTEST_CORE:
            yield core
