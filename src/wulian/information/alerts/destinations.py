"""Where alerts go: higher rooms offer the records an alert may join; this room never calls up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from wulian.information.alerts.choices import Destination

if TYPE_CHECKING:
    from wulian.core.accounts.models import User
    from wulian.information.alerts.models import Alert

Offer = Callable[[Sequence["Alert"], "User"], list[tuple[str, str]]]
_OFFERS: dict[str, Offer] = {}


def register(destination: Destination, offer: Offer) -> None:
    """Let a room say which of its open records alerts may join: `offer(alerts, user) -> [(key, label)]`."""
    _OFFERS[destination.value] = offer


def choices(destination: str, alerts: Sequence[Alert], user: User) -> list[tuple[str, str]]:
    """Return key and label of the records these alerts may join."""
    offer = _OFFERS.get(str(destination))
    return offer(alerts, user) if offer is not None and alerts else []
