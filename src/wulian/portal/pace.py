"""Limits that slow down whoever guesses or floods, and never lock out the holder of a code.

They are shared by all processes through the database. An address stands there only as a keyed hash, for the current hour; the key of
the hour is a file outside the database that is removed afterwards, and then nobody can tell which address it was.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from wulian import crypto
from wulian.casework.intake.keys import secret
from wulian.portal.models import Pace

HOUR: Final = timedelta(hours=1)
FREE_TRIES: Final = 5
LONGEST_WAIT: Final = 60
SUBMISSIONS_BEFORE_HARDER: Final = 5
SCRIPTLESS_AN_HOUR: Final = 3
UPLOADS_AN_HOUR: Final = 60
ENTRIES_AN_HOUR: Final = 60
_KEY: Final = "pace-{hour}"
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)


def seconds_to_wait(request: HttpRequest) -> int:
    """Return how long this address must wait before the next look-up; 0 for the first five wrong ones, at most a minute.

    Who does not want to wait, does a proof of work: so somebody else at the same address never keeps a holder out.
    """
    row = Pace.objects.filter(key=_key(request, "look-up"), expires_at__gt=timezone.now()).first()
    if row is None or row.count < FREE_TRIES or row.last_at is None:
        return 0
    wait = min(2 ** min(row.count - FREE_TRIES, 10), LONGEST_WAIT)
    left = (row.last_at + timedelta(seconds=wait) - timezone.now()).total_seconds()
    return max(0, int(left + 0.999))


def note_wrong_look_up(request: HttpRequest) -> None:
    """Count a look-up that found nothing."""
    _count_up(_key(request, "look-up"), last_at=timezone.now())


def forget_look_ups(request: HttpRequest) -> None:
    """A right code wipes the slate."""
    Pace.objects.filter(key=_key(request, "look-up")).delete()


def note_submission(request: HttpRequest) -> None:
    """Count a submission of this hour."""
    _count_up(_key(request, "submission"))


def is_busy(request: HttpRequest) -> bool:
    """Whether this address has sent so much in this hour that its proof of work is made harder."""
    rows = Pace.objects.filter(key=_key(request, "submission"), expires_at__gt=timezone.now())
    return rows.filter(count__gte=SUBMISSIONS_BEFORE_HARDER).exists()


def may_send_without_script(request: HttpRequest) -> bool:
    """Whether this address may send once more in this hour without a proof of work; counts the try."""
    return _count_up(_key(request, "scriptless")) <= SCRIPTLESS_AN_HOUR


def may_upload(request: HttpRequest) -> bool:
    """Whether this address may upload one more file in this hour; counts the try."""
    return _count_up(_key(request, "upload")) <= UPLOADS_AN_HOUR


def may_write(request: HttpRequest) -> bool:
    """Whether this address may send one more message or supplement in this hour; counts the try."""
    return _count_up(_key(request, "entry")) <= ENTRIES_AN_HOUR


def is_first_use(nonce: str) -> bool:
    """Whether a proof of work is used for the first time; counts the try."""
    key = crypto.hmac(secret("proof-of-work"), nonce.encode()).hex()
    return _count_up(key, expires_at=timezone.now() + 3 * HOUR) == 1


def sweep_paces() -> int:
    """Remove counts that are over, and the keys of earlier hours; returns how many counts."""
    folder, current = Path(settings.VAR_DIR) / "keys", _hour()
    for path in folder.glob("pace-*.secret"):
        if path.name.removesuffix(".secret").removeprefix("pace-") < str(current):
            path.unlink(missing_ok=True)
    return Pace.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _count_up(key: str, last_at: datetime | None = None, expires_at: datetime | None = None) -> int:
    # The whole hour, not the moment: the time of a count says nothing about the time of a submission.
    expires_at = expires_at or _EPOCH + (_hour() + 1) * HOUR
    rows = Pace.objects.filter(key=key)
    if not rows.update(count=F("count") + 1, last_at=last_at):
        try:
            with transaction.atomic():
                Pace.objects.create(key=key, count=1, last_at=last_at, expires_at=expires_at)
        except IntegrityError:
            rows.update(count=F("count") + 1, last_at=last_at)
    return rows.values_list("count", flat=True).get()


def _key(request: HttpRequest, what: str) -> str:
    return _hash(what, request.META.get("REMOTE_ADDR", ""))


def _hash(what: str, value: str) -> str:
    return crypto.hmac(_secret(str(settings.VAR_DIR), _hour()), f"{what}\n{value}".encode()).hex()


def _hour() -> int:
    """Hours since 2000, of which each has its own key."""
    return int((timezone.now() - _EPOCH) / HOUR)


@lru_cache(maxsize=2)
def _secret(folder: str, hour: int) -> bytes:
    return crypto.KeyStore(Path(folder) / "keys").secret(_KEY.format(hour=hour))
