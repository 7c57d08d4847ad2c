"""Everything that writes in the live supervision."""

from wulian.information.supervision.services.feed import Answer, drain_room, release_gap, take_events
from wulian.information.supervision.services.quarantine import drop_event, replay_event, replay_sealed_events
from wulian.information.supervision.services.remarks import answer_remark, make_remark, mark_answer_seen
from wulian.information.supervision.services.rooms import disclose_names
from wulian.information.supervision.services.tokens import (
    admit,
    count_rejected_call,
    issue_token,
    revoke_token,
    save_system,
)

__all__ = [
    "Answer",
    "admit",
    "answer_remark",
    "count_rejected_call",
    "disclose_names",
    "drain_room",
    "drop_event",
    "issue_token",
    "make_remark",
    "mark_answer_seen",
    "release_gap",
    "replay_event",
    "replay_sealed_events",
    "revoke_token",
    "save_system",
    "take_events",
]
