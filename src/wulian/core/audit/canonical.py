"""The one text form of an event, its field marks, its seal and the hashes of the chain (format version 1).

An event is hashed as `wulian-audit-1`, a line break, and a JSON object in UTF-8 with sorted keys and no spaces; times are
UTC with microseconds. A field mark is the first 16 hexadecimal digits of the SM3 digest of `name=value`; marks let
verification name the field that changed. The link hash covers previous hash, position, event hash and marks.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db import models
from django.utils.functional import Promise

from wulian import crypto

SCHEMA: Final = 1
GENESIS: Final = "0" * 64
MARK_DIGITS: Final = 16
# What the application seals when it writes an event; the id is not known at that moment.
SEALED_FIELDS: Final = (
    "actor_department",
    "actor_id",
    "actor_name",
    "changes",
    "data",
    "occurred_at",
    "remote_address",
    "request_id",
    "schema",
    "subject_id",
    "subject_label",
    "subject_type",
    "summary",
    "uid",
    "verb",
)
# What the chain hashes, in the order of sorted keys.
CHAINED_FIELDS: Final = tuple(sorted((*SEALED_FIELDS, "id", "seal")))
_SEALED_INDEXES: Final = tuple(CHAINED_FIELDS.index(name) for name in SEALED_FIELDS)


class Unreadable(str):
    """Stands for a stored value that the database driver could not turn into its type."""


def clean_text(value: str) -> str:
    """Return text that both databases store as it is: no NUL, no lone surrogate."""
    return value.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def normalise(value: Any) -> Any:
    """Turn a value into JSON that both databases give back unchanged; fractions become text.

    A binary fraction is not safe in jsonb (1e22 comes back as an integer), and money is exact anyway.
    Raises TypeError for what has no plain form.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, (str, Promise)):
        return clean_text(str(value))
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (Decimal, float, UUID, models.Model)):
        return clean_text(str(value))
    if isinstance(value, Mapping):
        return {clean_text(str(key)): normalise(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted((normalise(item) for item in value), key=_piece)
    if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray)):
        return [normalise(item) for item in value]
    raise TypeError(f"an audit event cannot hold a {type(value).__name__}")


def moment(value: datetime) -> str:
    """Return a time in UTC with microseconds."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def _piece(value: Any) -> str:
    if isinstance(value, Unreadable):
        return f"unreadable:{value}"
    if isinstance(value, datetime):
        return f'"{moment(value)}"'
    if isinstance(value, UUID):
        return f'"{value}"'
    return _encode(value)


def pieces_of(values: Sequence[Any]) -> list[str]:
    """Return the JSON text of each value, in the order of CHAINED_FIELDS."""
    return [_piece(value) for value in values]


def _object(names: Sequence[str], pieces: Iterable[str]) -> str:
    return "{" + ",".join(f'"{name}":{piece}' for name, piece in zip(names, pieces, strict=True)) + "}"


def event_hash(pieces: Sequence[str]) -> str:
    """Return the SM3 digest of the whole event."""
    return crypto.hexdigest(f"wulian-audit-{SCHEMA}\n{_object(CHAINED_FIELDS, pieces)}".encode())


@lru_cache(maxsize=20_000)
def _mark(name: str, piece: str) -> str:
    return crypto.hexdigest(f"{name}={piece}".encode())[:MARK_DIGITS]


def field_marks(pieces: Sequence[str]) -> str:
    """Return the marks of all fields, one after the other in the order of CHAINED_FIELDS."""
    return "".join(map(_mark, CHAINED_FIELDS, pieces))


def differing_fields(left: str, right: str) -> list[str]:
    """Name the fields whose marks differ."""
    size = MARK_DIGITS
    return [
        name
        for index, name in enumerate(CHAINED_FIELDS)
        if left[index * size : (index + 1) * size] != right[index * size : (index + 1) * size]
    ]


def mark_of(marks: str, name: str) -> str:
    """Return the mark of one field."""
    start = CHAINED_FIELDS.index(name) * MARK_DIGITS
    return marks[start : start + MARK_DIGITS]


def link_hash(prev_hash: str, position: int, event_digest: str, marks: str) -> str:
    """Return the SM3 digest that ties an event to its place behind the previous link."""
    return crypto.hexdigest(f"{prev_hash}\n{position}\n{event_digest}\n{marks}".encode())


def sealed_text(pieces: Sequence[str]) -> bytes:
    """Return the bytes of a chained event's pieces that its seal covers."""
    return _object(SEALED_FIELDS, (pieces[index] for index in _SEALED_INDEXES)).encode()


def sealed_text_of(values: Mapping[str, Any]) -> bytes:
    """Return the bytes that the seal of a new event covers."""
    return _object(SEALED_FIELDS, (_piece(values[name]) for name in SEALED_FIELDS)).encode()
