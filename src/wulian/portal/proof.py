"""Proof of work instead of puzzles (altcha): a browser computes for about a second before it may send."""

from __future__ import annotations

import base64
import json
import time
from typing import Any, Final

import altcha
from django.http import HttpRequest

from wulian.casework.intake.keys import secret
from wulian.portal import pace
from wulian.portal.drafts import Draft

ALGORITHM: Final = "SHA-256"
PREFIX: Final = "0000"  # 65 536 digests on average
HARDER_PREFIX: Final = "00000"
LIFETIME: Final = 2 * 3600
PATIENCE: Final = 60
"""Seconds that whoever has no script must have spent on the answers."""


def new_challenge(request: HttpRequest, draft: Draft | None = None) -> dict[str, Any]:
    """Return a challenge; a draft remembers it, so that one solution sends one submission."""
    challenge = altcha.create_challenge(
        ALGORITHM,
        1,
        key_prefix=HARDER_PREFIX if pace.is_busy(request) else PREFIX,
        expires_at=int(time.time()) + LIFETIME,
        hmac_secret=secret("proof-of-work"),
    )
    if draft is not None:
        draft.challenge = challenge.parameters.nonce
    return challenge.to_dict()


def is_proven(request: HttpRequest, draft: Draft, payload: str) -> bool:
    """Say whether the work for the draft's challenge was done, or, without script, enough time was spent on it."""
    if not payload:
        waited = int(time.time()) - draft.begun_at >= PATIENCE
        return waited and pace.may_send_without_script(request)
    result = altcha.verify_solution(payload, secret("proof-of-work"))
    return bool(result.verified and _nonce_of(payload) == draft.challenge and draft.challenge)


def is_proven_once(payload: str) -> bool:
    """Say whether work was done for a challenge of ours that no draft remembers, and is shown for the first time."""
    if not payload or not altcha.verify_solution(payload, secret("proof-of-work")).verified:
        return False
    return pace.is_first_use(_nonce_of(payload))


def _nonce_of(payload: str) -> str:
    try:
        return str(json.loads(base64.b64decode(payload))["challenge"]["parameters"]["nonce"])
    except (ValueError, KeyError, TypeError):
        return ""
