"""Asking the vault without opening it: the machine compares, nobody reads, and no answer says which word it was."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from wulian.casework.intake import keys
from wulian.casework.intake.choices import ReporterKind
from wulian.casework.intake.masking import personal_data_in
from wulian.casework.intake.models import Receipt, ReporterIdentity

SHORTEST: Final = {"name": 2, "representative": 2}
SHORTEST_OTHER: Final = 5
"""Letters that a word of the vault must have to be looked for in a text."""


def may_name_reporter(text: str, receipt: Receipt) -> bool:
    """Say whether a text holds an identity or telephone number, or a word that stands in the reporter's vault.

    Callers write each yes down and let nobody guess (see services.minimising).
    """
    if personal_data_in(text):
        return True
    plain = _plain(text)
    return any(word in plain for word in _words(receipt))


def is_one_of(names: Iterable[str], receipt: Receipt) -> bool:
    """Say whether the reporter is one of `names` (names or credit codes), compared without spaces and punctuation."""
    wanted = {_plain(name) for name in names if name}
    details = details_of(receipt)
    return bool(wanted & {_plain(details.get("name", "")), _plain(details.get("identifier", ""))} - {""})


def is_same_reporter(receipt: Receipt, other: Receipt) -> bool:
    """Say whether two receipts were given to the same named person or unit."""
    if receipt.pk == other.pk:
        return True
    first, second = details_of(receipt), details_of(other)
    return bool(first and second) and _plain(first["name"]) == _plain(second["name"])


def lacks_representative(receipt: Receipt) -> bool:
    """Say whether a unit gave no legal representative."""
    details = details_of(receipt)
    return details.get("kind") == ReporterKind.UNIT and not details.get("representative")


def _words(receipt: Receipt) -> Iterator[str]:
    for name, value in details_of(receipt).items():
        word = _plain(value)
        if name != "kind" and len(word) >= SHORTEST.get(name, SHORTEST_OTHER):
            yield word


def details_of(receipt: Receipt) -> dict[str, str]:
    """Return what the vault holds of a reporter, for the platform's own comparisons; nothing for an anonymous receipt."""
    identity = ReporterIdentity.objects.filter(receipt=receipt).first()
    if identity is None:
        return {}
    message = keys.cipher(keys.VAULT_KEY).decrypt(bytes(identity.sealed), receipt.alias.encode())
    found: dict[str, str] = json.loads(message)
    return found


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in folded if sign.isalnum())
