"""What a visitor's session holds, under a key of its own: sessions lie in the database, and drafts name people."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from django.http import HttpRequest

from wulian.casework.intake import keys
from wulian.crypto import DecryptionError

SESSION_SEAL: Final = "session-seal"


def put(request: HttpRequest, name: str, value: dict[str, Any]) -> None:
    """Keep a value in the session as one SM4-GCM message bound to its name."""
    plain = json.dumps(value, ensure_ascii=False).encode()
    sealed = keys.cipher(SESSION_SEAL).encrypt(plain, name.encode())
    request.session[name] = base64.b64encode(sealed).decode()


def get(request: HttpRequest, name: str) -> dict[str, Any] | None:
    """Return the value kept under this name, or None when there is none or it does not open."""
    try:
        sealed = base64.b64decode(request.session.get(name, ""))
        found: dict[str, Any] = json.loads(keys.cipher(SESSION_SEAL).decrypt(sealed, name.encode()))
    except (DecryptionError, ValueError):
        return None
    return found


def drop(request: HttpRequest, name: str) -> None:
    """Forget the value."""
    request.session.pop(name, None)
