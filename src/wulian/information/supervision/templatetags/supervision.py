"""How the live room names firms and members."""

from __future__ import annotations

from collections.abc import Iterable

from django import template

from wulian.information.supervision.scoring import PLACES
from wulian.information.supervision.selectors.rooms import RoomSheet

register = template.Library()


@register.filter
def firm(sheet: RoomSheet, bid: str) -> str:
    """The firm behind a bid."""
    return sheet.firm(bid)


@register.filter
def member_name(sheet: RoomSheet, key: str) -> str:
    """A member of the committee, under the name that may be shown."""
    found = sheet.story.members.get(key)
    if found is None:
        return key
    return found.told.name if sheet.room and sheet.room.names_disclosed else found.alias


@register.filter
def ranking(sheet: RoomSheet, bids: Iterable[str]) -> str:
    """The first places: `1 甲公司、2 乙公司、3 丙公司`."""
    return "、".join(f"{place} {sheet.firm(bid)}" for place, bid in enumerate(list(bids)[:PLACES], 1))
