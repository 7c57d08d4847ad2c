"""What higher rooms offer on the page of a complaint or tip-off: buttons here, sections as panels of the page `matter`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wulian.casework.intake.models import Matter
    from wulian.core.accounts.models import User
    from wulian.core.ui.views import Action

Offer = Callable[["Matter", "User"], Iterable["Action"]]

_OFFERS: list[Offer] = []


def register_actions(offer: Offer) -> None:
    """Let `offer(matter, user)` add the buttons that the services of a room would allow this user now."""
    _OFFERS.append(offer)


def actions_for(matter: Matter, user: User) -> list[Action]:
    """Return what every room offers for a matter, in the order in which the rooms registered."""
    return [action for offer in _OFFERS for action in offer(matter, user)]
