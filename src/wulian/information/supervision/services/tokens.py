"""Trading systems and their tokens: kept by the system administrator, who sees nothing of what is told with them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import Department, User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.information.supervision.choices import CallProblem
from wulian.information.supervision.models import AccessToken, RejectedCalls, TradingSystem
from wulian.information.supervision.permissions import SYSTEM_KEEPERS

LONGEST_DAYS = 366
EVENTS_PER_MINUTE = 1200
PREFIX = "wls_"


class NotAdmitted(Exception):
    """A call that is not let in; ``problem`` says why."""

    def __init__(self, problem: CallProblem) -> None:
        super().__init__(str(problem.label))
        self.problem = problem


class TooMany(Exception):
    """More events in a minute than a token may send; ``retry_after`` in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(str(retry_after))
        self.retry_after = retry_after


@dataclass(frozen=True)
class Issued:
    """A new token with its text, which is shown once and kept nowhere."""

    token: AccessToken
    secret: str


def save_system(
    *,
    actor: User,
    system: TradingSystem | None = None,
    code: str,
    name: str,
    operator: str = "",
    skew_limit: int = 60,
    is_active: bool = True,
    departments: Iterable[Department] = (),
) -> TradingSystem:
    """Enter or change a trading system; raises Forbidden for others than the system administrator, Refusal for a taken name."""
    require_role(actor, *SYSTEM_KEEPERS)
    others = TradingSystem.objects.exclude(pk=system.pk) if system else TradingSystem.objects.all()
    if others.filter(code=code).exists():
        raise Refusal(_("System code: %(code)s is taken.") % {"code": code}, field="code")
    if others.filter(name=name).exists():
        raise Refusal(_("System name: %(name)s is taken.") % {"name": name}, field="name")
    verb = "supervision.system_changed" if system else "supervision.system_entered"
    with transaction.atomic():
        system = system or TradingSystem()
        system.code, system.name, system.operator = code, name, operator
        system.skew_limit, system.is_active = skew_limit, is_active
        system.save()
        system.departments.set(departments)
        names = "、".join(system.departments.values_list("name", flat=True))
        record_event(actor=actor, verb=verb, subject=system, summary=names, data={"is_active": is_active})
    return system


def issue_token(
    *,
    actor: User | None,
    system: TradingSystem,
    label: str,
    days: int = 180,
    sector: str = "",
    region_code: str = "",
) -> Issued:
    """Make a token; ``actor`` None is the operator at the machine's own prompt.

    Raises Forbidden for others than the system administrator, Refusal for a validity outside 1 to 366 days.
    """
    if actor is not None:
        require_role(actor, *SYSTEM_KEEPERS)
    if not 1 <= days <= LONGEST_DAYS:
        raise Refusal(_("Days: expected 1 to %(n)s.") % {"n": LONGEST_DAYS}, field="days")
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = AccessToken.objects.create(
            system=system,
            label=label,
            prefix=secret[:10],
            digest=_digest(secret),
            sector=sector,
            region_code=region_code,
            created_by=actor,
            expires_at=timezone.now() + timedelta(days=days),
        )
        record_event(
            actor=actor, verb="supervision.token_issued", subject=system, summary=f"{token} {label}", data={"days": days}
        )  # fmt: skip
    return Issued(token, secret)


def revoke_token(*, actor: User, token: AccessToken) -> AccessToken:
    """End a token at once; raises Forbidden for others than the system administrator, Refusal when it is revoked already."""
    require_role(actor, *SYSTEM_KEEPERS)
    with transaction.atomic():
        changed = AccessToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
        if not changed:
            raise Refusal(_("This token has been revoked already."))
        record_event(
            actor=actor,
            verb="supervision.token_revoked",
            subject=token.system,
            summary=f"{token} {token.label}",
        )
    token.refresh_from_db()
    return token


def admit(*, secret: str) -> AccessToken:
    """The token of a call; raises NotAdmitted. The caller counts what is not admitted."""
    if not secret:
        raise NotAdmitted(CallProblem.MISSING)
    token = AccessToken.objects.select_related("system").filter(digest=_digest(secret)).first()
    if token is None:
        raise NotAdmitted(CallProblem.UNKNOWN)
    if token.problem is not None:
        raise NotAdmitted(token.problem)
    return token


def spend(*, token: AccessToken, events: int) -> None:
    """Count events against the token's minute; raises TooMany. Exact across processes: it is one conditional update."""
    now = timezone.now()
    minute = now - timedelta(minutes=1)
    mine = AccessToken.objects.filter(pk=token.pk)
    fresh = mine.filter(window_started_at__gt=minute)
    if fresh.filter(window_count__lte=EVENTS_PER_MINUTE - events).update(
        window_count=F("window_count") + events, last_used_at=now
    ):
        return
    started: datetime | None = fresh.values_list("window_started_at", flat=True).first()
    if started is not None:
        raise TooMany(max(1, int((started - minute).total_seconds()) + 1))
    mine.update(window_started_at=now, window_count=events, last_used_at=now)


def count_rejected_call(*, problem: CallProblem, address: str) -> None:
    """Count a call that was turned away; nothing of what it carried is kept."""
    row, _created = RejectedCalls.objects.get_or_create(day=timezone.localdate(), problem=problem)
    RejectedCalls.objects.filter(pk=row.pk).update(
        count=F("count") + 1, last_at=timezone.now(), last_address=address[:45]
    )


def _digest(secret: str) -> str:
    """The token is 256 random bits, so a plain digest cannot be guessed back."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
