"""Events that were refused although the token was good: kept with the reason, replayed or dropped by a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.exchange.events.story import SECRET_BEFORE_OPENING
from wulian.information.supervision.choices import QuarantineState, RefusalCode
from wulian.information.supervision.models import AccessToken, FeedEvent, QuarantinedEvent
from wulian.information.supervision.permissions import QUARANTINE_HANDLERS
from wulian.information.supervision.sealing import digest_of, seal, unseal

MOST_KEPT = 10_000
"""Refused events of one system that are kept while open; what comes beyond is answered, not kept."""


@dataclass
class Refused(Exception):
    """Why an event is not taken: the place in it, and what was expected (Chinese, for the trading system)."""

    code: RefusalCode
    field: str
    message: str
    kept: str = ""
    """What people may read when the message tells a number: that could tell how many bid."""

    @property
    def readable(self) -> str:
        return self.kept or self.message


def quarantine_event(*, token: AccessToken, document: Any, refused: Refused) -> QuarantinedEvent | None:
    """Keep a refused event, or count it once more; None when the system has too many open ones."""
    now, digest = timezone.now(), digest_of(document)
    with transaction.atomic():
        same = QuarantinedEvent.objects.open().filter(system=token.system, digest=digest).first()
        if same is not None:
            QuarantinedEvent.objects.filter(pk=same.pk).update(
                times=F("times") + 1, last_at=now, code=refused.code, field=refused.field[:200], message=refused.readable[:500]
            )  # fmt: skip
            return same
        if QuarantinedEvent.objects.open().filter(system=token.system).count() >= MOST_KEPT:
            return None
        kept = QuarantinedEvent.objects.create(
            system=token.system,
            token=token,
            event_id=_text(document, "id", 64),
            lot_code=_text(document, "lot", 64),
            kind=_text(document, "kind", 32),
            code=refused.code,
            field=refused.field[:200],
            message=refused.readable[:500],
            digest=digest,
            sealed=seal(document, token.system_id),
            first_at=now,
            last_at=now,
        )
        _record(None, "supervision.event_refused", kept, str(refused.code.label))
    return kept


def quarantine_taken_event(row: FeedEvent, refused: Refused) -> None:
    """Move an event that waited, and cannot follow now that its turn has come, to quarantine."""
    if row.token is None:
        raise ValueError("an event without a token cannot be quarantined")
    document = unseal(row.sealed, row.system_id)
    quarantine_event(token=row.token, document=document, refused=refused)
    row.delete()


def settle_resent(token: AccessToken, document: Any) -> None:
    """An event that was refused and is taken now needs nobody any more."""
    digest = digest_of(document)
    QuarantinedEvent.objects.open().filter(system=token.system, digest=digest).update(
        state=QuarantineState.REPLAYED, handled_at=timezone.now(), note="交易系统重新报送后已接收"
    )


def replay_event(*, event: QuarantinedEvent, actor: User) -> QuarantinedEvent:
    """Try a refused event again as it was sent; raises Forbidden by role or department, Refusal when it is refused again."""
    from wulian.information.supervision.services.feed import take_events

    require_role(actor, *QUARANTINE_HANDLERS)
    with transaction.atomic():
        found = _lock(event.pk, actor)
        if found.token is None:
            raise Refusal(_("The event came without a token."))
        (answer,) = take_events(
            token=found.token, documents=[unseal(found.sealed, found.system_id)], replay=True
        )
        if not answer.is_taken:
            raise Refusal(
                _("Still refused: %(field)s: %(message)s")
                % {"field": answer.body["field"], "message": answer.readable}
            )
        _close(found, actor, QuarantineState.REPLAYED, "")
        _record(actor, "supervision.event_replayed", found, "")
    return found


def replay_sealed_events(*, lot_code: str, actor: User) -> int:
    """Try again all refused events of a lot whose content is still secret; returns how many were taken."""
    require_role(actor, *QUARANTINE_HANDLERS)
    hidden = (
        QuarantinedEvent.objects.visible_to(actor)
        .open()
        .filter(lot_code=lot_code, kind__in=SECRET_BEFORE_OPENING)
    )
    taken = 0
    for event in hidden.order_by("first_at", "pk"):
        try:
            replay_event(event=event, actor=actor)
        except Refusal:
            continue
        taken += 1
    return taken


def drop_event(*, event: QuarantinedEvent, actor: User, reason: str) -> QuarantinedEvent:
    """Set a refused event aside for good; raises Forbidden by role or department, Refusal without a reason."""
    require_role(actor, *QUARANTINE_HANDLERS)
    if len(reason.strip()) < 2:
        raise Refusal(_("Reason: say why the event is dropped."), field="reason")
    with transaction.atomic():
        found = _lock(event.pk, actor)
        _close(found, actor, QuarantineState.DROPPED, reason.strip()[:300])
        _record(actor, "supervision.event_dropped", found, found.note)
    return found


def _lock(pk: int, actor: User) -> QuarantinedEvent:
    visible = QuarantinedEvent.objects.visible_to(actor).values("pk")
    found = (
        QuarantinedEvent.objects.select_for_update(of=("self",))
        .select_related("system")
        .filter(pk__in=visible)
        .get(pk=pk)
    )
    if found.state != QuarantineState.OPEN:
        raise Refusal(_("This event has been handled already."))
    return found


def _close(event: QuarantinedEvent, actor: User, state: QuarantineState, note: str) -> None:
    event.state, event.handled_by, event.handled_at, event.note = state, actor, timezone.now(), note
    event.save(update_fields=["state", "handled_by", "handled_at", "note"])


def _record(actor: User | None, verb: str, event: QuarantinedEvent, summary: str) -> None:
    """The audit names the system and the digest: the id or the lot of a sealed event could tell how many bid."""
    record_event(
        actor=actor, verb=verb, subject=event.system, summary=str(summary), data={"digest": event.digest}
    )


def _text(document: Any, name: str, most: int) -> str:
    value = document.get(name) if isinstance(document, dict) else None
    if not isinstance(value, str):
        return ""
    cleaned = value.encode("utf-8", "replace").decode().replace("\x00", "")
    return cleaned.strip()[:most]
