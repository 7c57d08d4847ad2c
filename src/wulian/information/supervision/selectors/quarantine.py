"""Refused events as the list may show them: what would tell who bids, or how many do, is only summed up until the opening."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from wulian.exchange.events.story import SECRET_BEFORE_OPENING
from wulian.information.supervision.choices import OPENED_STATES
from wulian.information.supervision.models import QuarantinedEvent, Room

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def _secret() -> Q:
    opened = Room.objects.filter(state__in=OPENED_STATES).values("lot_code")
    return Q(kind__in=SECRET_BEFORE_OPENING) & ~Q(lot_code__in=opened)


def shown_events(user: User) -> QuerySet[QuarantinedEvent]:
    """The refused events that ``user`` may see one by one."""
    return QuarantinedEvent.objects.visible_to(user).exclude(_secret()).select_related("system").distinct()


def lots_with_sealed_events(user: User) -> list[str]:
    """Codes of lots that have open refused events whose content and number stay secret until the opening."""
    sealed = QuarantinedEvent.objects.visible_to(user).open().filter(_secret())
    return list(sealed.order_by("lot_code").values_list("lot_code", flat=True).distinct()[:50])
