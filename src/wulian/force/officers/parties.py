"""A party named from below: the library knows no registry, only a name and a 统一社会信用代码."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PartyReference:
    """A firm or person by unified social credit code, name, or both."""

    name: str = ""
    uscc: str = ""

    def matches(self, other: PartyReference) -> bool:
        """Whether both mean the same party: by code when both have one, else by name without spaces and width."""
        if self.uscc and other.uscc:
            return self.uscc.upper() == other.uscc.upper()
        return bool(self.name) and plain_name(self.name) == plain_name(other.name)


def plain_name(name: str) -> str:
    """A name as it is compared: full-width forms folded, no spaces, lower case."""
    return "".join(unicodedata.normalize("NFKC", name).split()).lower()


def party_references(parties: Iterable[Any]) -> tuple[PartyReference, ...]:
    """Take PartyReference, names, (name, uscc) pairs, or anything with `name` and `uscc`, such as a registry party."""
    return tuple(_reference(item) for item in parties)


def _reference(item: Any) -> PartyReference:
    if isinstance(item, PartyReference):
        return item
    if isinstance(item, str):
        return PartyReference(name=item)
    if isinstance(item, tuple):
        name, uscc = item
        return PartyReference(name=name, uscc=uscc or "")
    return PartyReference(name=str(item.name), uscc=str(item.uscc or ""))


_CODE_LENGTH = 18


def references_from_text(text: str) -> tuple[PartyReference, ...]:
    """One party a line; a line of 18 letters and digits is taken for a unified social credit code."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return tuple(
        PartyReference(uscc=line.upper())
        if len(line) == _CODE_LENGTH and line.isascii() and line.isalnum()
        else PartyReference(name=line)
        for line in lines
    )
