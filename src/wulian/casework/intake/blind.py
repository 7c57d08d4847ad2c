"""Asking the vault without opening it: the machine compares, nobody reads, and no answer says which word it was."""

from __future__ import annotations

import json
from collections.abc import Iterable

from wulian.casework.intake import keys
from wulian.casework.intake.choices import ReporterKind
from wulian.casework.intake.masking import folded
from wulian.casework.intake.models import Receipt, ReporterIdentity


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


def details_of(receipt: Receipt) -> dict[str, str]:
    """Return what the vault holds of a reporter; nothing for an anonymous receipt.

    The one place that unseals: for the platform's own comparisons, and for `services.vault.open_identity`.
    """
    identity = ReporterIdentity.objects.filter(receipt=receipt).first()
    if identity is None:
        return {}
    message = keys.cipher(keys.VAULT_KEY).decrypt(bytes(identity.sealed), receipt.alias.encode())
    found: dict[str, str] = json.loads(message)
    return found


def _plain(text: str) -> str:
    return folded(text)[0]
