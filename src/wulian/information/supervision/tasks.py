"""What the calendar does for the live rooms."""

from __future__ import annotations

from wulian.information.supervision.choices import EventState
from wulian.information.supervision.models import FeedEvent


def drain_waiting() -> int:
    """Apply openings that came a little before the deadline and waited for it; returns how many events."""
    from wulian.information.supervision.services.feed import drain_room

    early = FeedEvent.objects.filter(
        state=EventState.WAITING, kind__in=("deadline.reached", "opening.started")
    )
    return sum(
        drain_room(room_id=room_id)
        for room_id in early.order_by("room").values_list("room", flat=True).distinct()
    )


SCHEDULE = [("supervision.drain_waiting", drain_waiting, {"trigger": "interval", "seconds": 15})]
