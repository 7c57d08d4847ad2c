"""Limits that slow down whoever guesses or floods, and never lock out the holder of a code.

Addresses are kept for an hour at most, in memory, as keyed hashes: nothing of them is stored.
"""

from __future__ import annotations

import time
from typing import Final

from django.core.cache import cache
from django.http import HttpRequest

from wulian import crypto
from wulian.casework.intake.keys import secret

HOUR: Final = 3600
FREE_TRIES: Final = 5
LONGEST_WAIT: Final = 60
SUBMISSIONS_BEFORE_HARDER: Final = 5
SCRIPTLESS_AN_HOUR: Final = 3


def seconds_to_wait(request: HttpRequest) -> int:
    """Return how long this address must wait before the next look-up; 0 for the first five wrong ones, at most a minute."""
    count, last = cache.get(_key(request, "look-up"), (0, 0.0))
    if count < FREE_TRIES:
        return 0
    wait = min(2 ** min(count - FREE_TRIES, 10), LONGEST_WAIT)
    return max(0, int(last + wait - time.time() + 0.999))


def note_wrong_look_up(request: HttpRequest) -> None:
    """Count a look-up that found nothing."""
    count, _last = cache.get(_key(request, "look-up"), (0, 0.0))
    cache.set(_key(request, "look-up"), (count + 1, time.time()), HOUR)


def forget_look_ups(request: HttpRequest) -> None:
    """A right code wipes the slate."""
    cache.delete(_key(request, "look-up"))


def note_submission(request: HttpRequest) -> None:
    """Count a submission of this hour."""
    _count_up(_key(request, "submission"))


def is_busy(request: HttpRequest) -> bool:
    """Whether this address has sent so much in this hour that its proof of work is made harder."""
    return bool(cache.get(_key(request, "submission"), 0) >= SUBMISSIONS_BEFORE_HARDER)


def may_send_without_script(request: HttpRequest) -> bool:
    """Whether this address may send once more in this hour without a proof of work; counts the try."""
    return _count_up(_key(request, "scriptless")) <= SCRIPTLESS_AN_HOUR


def _count_up(key: str) -> int:
    cache.add(key, 0, HOUR)
    return int(cache.incr(key))


def _key(request: HttpRequest, what: str) -> str:
    address = request.META.get("REMOTE_ADDR", "")
    return f"pace:{what}:{crypto.hmac(secret('pace'), address.encode()).hex()[:32]}"
