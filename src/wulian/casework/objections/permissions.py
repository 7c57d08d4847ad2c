"""What a user may do with a watched objection now: decided once, read by pages and worklists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wulian.casework.objections.models import WatchedObjection
from wulian.casework.objections.selectors import authority_for
from wulian.core.procedures.selectors import available_events

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def abilities(watch: WatchedObjection, user: User) -> dict[str, bool]:
    """Return for each step the pages offer whether the service would allow it."""
    events = {transition.event for transition in available_events(watch, user)}
    orders = "order_correction" in events and watch.ordered_at is None
    if orders:
        authority = authority_for(watch)
        orders = authority is not None and authority.pk == user.department_id
    return {"set_aside": "set_aside" in events, "resume": "resume" in events, "order": orders}
