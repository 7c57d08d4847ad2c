"""What trading systems tell is kept under a key outside the database: a copy of the database names no bidder early."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from wulian import crypto

KEY: Final = "supervision-events"


def seal(document: Any, system_id: int) -> bytes:
    """``document`` (what JSON can say) under the key of this room, bound to its system."""
    return _cipher(str(settings.VAR_DIR)).encrypt(as_text(document).encode(), _context(system_id))


def unseal(message: bytes | memoryview, system_id: int) -> Any:
    """The document; raises ``crypto.DecryptionError`` when it was altered."""
    plain = _cipher(str(settings.VAR_DIR)).decrypt(bytes(message), _context(system_id))
    return json.loads(plain)


def as_text(document: Any) -> str:
    """JSON in one fixed form; what is no character goes."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_number)
    return text.encode("utf-8", "replace").decode()


def digest_of(document: Any) -> str:
    """SHA-256 of a document without the time at which it was sent."""
    content = document
    if isinstance(document, dict):
        content = {name: value for name, value in document.items() if name != "sent_at"}
    return hashlib.sha256(as_text(content).encode()).hexdigest()


def _number(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value).__name__)


def _context(system_id: int) -> bytes:
    return f"system {system_id}".encode()


@lru_cache(maxsize=4)
def _cipher(folder: str) -> crypto.Cipher:
    return crypto.KeyStore(Path(folder) / "keys").cipher(KEY)
