"""The story of a room: its applied events, unsealed and folded."""

from __future__ import annotations

from wulian.exchange.events import EVENT, Story
from wulian.information.supervision.choices import EventState
from wulian.information.supervision.models import Room
from wulian.information.supervision.sealing import unseal


def story_of(room: Room) -> Story:
    """What was told of the lot so far: the applied events, in order."""
    story = Story()
    if room.system_id is None:
        return story
    applied = room.events.filter(state=EventState.APPLIED).order_by("sequence")
    for sealed in applied.values_list("sealed", flat=True).iterator():
        story.apply(EVENT.validate_python(unseal(sealed, room.system_id)))
    return story
