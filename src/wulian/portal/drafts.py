"""A visitor's answers on their way to a submission.

They lie sealed in the database under a code of which the browser holds the only copy, in a cookie of its own. So they survive a closed
browser, an expired session and an emptied session table, and nobody reads them without that browser or the code.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from wulian import crypto
from wulian.casework.intake import codes, keys
from wulian.casework.intake.choices import OBJECTION_FIRST, MatterKind
from wulian.core.files.services import HeldFile, drop_held, held_file
from wulian.portal.models import StoredDraft

COOKIE: Final = "wulian_draft"
COOKIE_PATH: Final = "/portal/"
KEPT: Final = timedelta(days=30)
KEPT_ON_SHARED: Final = timedelta(hours=2)
KEPT_SENT: Final = timedelta(hours=12)
_SECRET: Final = "portal-draft"


@dataclass
class Draft:
    """Answers by step, as plain text. `submission` makes a second sending of the same draft harmless.

    `files` are tokens of files that wait; `shared` is a computer that others use; `sent` is the receipt once it is issued.
    """

    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    submission: str = field(default_factory=lambda: secrets.token_hex(32))
    begun_at: int = field(default_factory=lambda: int(time.time()))
    challenge: str = ""
    reviewed: bool = False
    files: list[str] = field(default_factory=list)
    shared: bool = False
    sent: dict[str, Any] = field(default_factory=dict)

    def answer(self, step: str, name: str) -> str:
        """Return one answer, or an empty text."""
        return self.answers.get(step, {}).get(name, "")

    @property
    def topic(self) -> str:
        return self.answer("topic", "topic")

    @property
    def needs_objection(self) -> bool:
        """Whether the law wants an objection to the procuring entity first (实施条例 第六十条第二款)."""
        return self.topic in OBJECTION_FIRST

    @property
    def lacks_objection(self) -> bool:
        """Whether it does, and none was raised."""
        return self.needs_objection and self.answer("objection", "raised") == "no"

    @property
    def is_complaint(self) -> bool:
        return self.answer("channel", "kind") == MatterKind.COMPLAINT

    @property
    def is_anonymous(self) -> bool:
        return not self.is_complaint and self.answer("name_given", "named") == "no"

    @property
    def has_agent(self) -> bool:
        """Whether an agent makes the complaint."""
        return self.is_complaint and bool(self.answer("who", "agent_name"))

    @property
    def is_empty(self) -> bool:
        return not self.answers

    def waiting_files(self) -> list[HeldFile]:
        """Return the files that still wait; after a day they are gone."""
        return [found for token in self.files if (found := held_file(token)) is not None]

    def save(self, request: HttpRequest) -> None:
        """Keep the draft; the code for the cookie is made with the first answer."""
        code = code_of(request) or codes.code_for(secrets.token_bytes(32))
        kept = KEPT_SENT if self.sent else KEPT_ON_SHARED if self.shared else KEPT
        StoredDraft.objects.update_or_create(
            key_hash=_hash(code),
            defaults={"sealed": _seal(code, asdict(self)), "expires_at": timezone.now() + kept},
        )
        _remember(request, code, None if self.shared else kept)


def draft_of(request: HttpRequest) -> Draft:
    """Return the draft of this browser, or an empty one."""
    return find_draft(code_of(request)) or Draft()


def find_draft(code: str) -> Draft | None:
    """Return the draft kept under a code, or None."""
    row = StoredDraft.objects.filter(key_hash=_hash(code), expires_at__gt=timezone.now()).first()
    try:
        return Draft(**_open(code, bytes(row.sealed))) if row else None
    except (crypto.DecryptionError, ValueError, TypeError):
        # Sealed under a key that is gone, or by a version that kept other answers: there is nothing to go on with.
        return None


def change_draft(request: HttpRequest, change: Callable[[Draft], None]) -> Draft:
    """Read the draft anew under a lock, change and keep it: two uploads at once lose nothing."""
    with transaction.atomic():
        StoredDraft.objects.select_for_update().filter(key_hash=_hash(code_of(request))).first()
        draft = draft_of(request)
        change(draft)
        draft.save(request)
    return draft


def forget_draft(request: HttpRequest) -> None:
    """Drop the draft with its waiting files, and the cookie."""
    code = code_of(request)
    for token in draft_of(request).files:
        drop_held(token)
    StoredDraft.objects.filter(key_hash=_hash(code)).delete()
    _remember(request, "", None)


def take_up(request: HttpRequest, code: str) -> None:
    """Go on in this browser with the draft of a code, until this browser is closed."""
    _remember(request, code, None)


def code_of(request: HttpRequest) -> str:
    """Return the code this browser holds, or an empty text."""
    kept = getattr(request, "portal_draft", None)
    if kept is not None:
        return str(kept[0])
    try:
        return codes.read_code(request.COOKIES.get(COOKIE, ""))
    except codes.BadCode:
        return ""


def set_cookie(request: HttpRequest, response: HttpResponseBase) -> None:
    """Give the browser its code, or take it away, when this request changed it."""
    kept = getattr(request, "portal_draft", None)
    if kept is None:
        return
    code, age = kept
    if not code:
        response.delete_cookie(COOKIE, path=COOKIE_PATH, samesite="Lax")
        return
    response.set_cookie(
        COOKIE, code, max_age=age, path=COOKIE_PATH, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip


def sweep_drafts() -> int:
    """Remove drafts whose time is over; returns how many."""
    return StoredDraft.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _remember(request: HttpRequest, code: str, age: timedelta | None) -> None:
    request.portal_draft = (code, age)  # type: ignore[attr-defined]


def _hash(code: str) -> str:
    return crypto.hmac(keys.secret(_SECRET), b"find\x00" + code.encode()).hex()


def _cipher(code: str) -> crypto.Cipher:
    return crypto.Cipher(crypto.hmac(keys.secret(_SECRET), b"seal\x00" + code.encode())[:16])


def _seal(code: str, value: dict[str, Any]) -> bytes:
    plain = json.dumps(value, ensure_ascii=False).encode()
    # Padding hides how much has been written.
    return _cipher(code).encrypt(plain + b" " * (-len(plain) % 4096), _hash(code).encode())


def _open(code: str, sealed: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_cipher(code).decrypt(sealed, _hash(code).encode()))
    return found
