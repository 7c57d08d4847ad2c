"""Trading systems with their tokens, the rooms, what was told, and what was refused."""

from wulian.information.supervision.models.events import FeedEvent, QuarantinedEvent
from wulian.information.supervision.models.rooms import Remark, Room, RoomEntry
from wulian.information.supervision.models.systems import AccessToken, RejectedCalls, TradingSystem

__all__ = [
    "AccessToken",
    "FeedEvent",
    "QuarantinedEvent",
    "RejectedCalls",
    "Remark",
    "Room",
    "RoomEntry",
    "TradingSystem",
]
