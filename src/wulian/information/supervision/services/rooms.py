"""The room of a lot: found, locked, and what is written on its timeline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.information.registry.models import TABLE_MODELS, Award, Lot
from wulian.information.supervision.choices import EntryKind, RoomState
from wulian.information.supervision.models import Room, RoomEntry
from wulian.information.supervision.services.landing import land_story
from wulian.information.supervision.stories import story_of


def lock_room(lot: Lot) -> Room:
    """The room of a lot, made when there is none, locked until the transaction ends."""
    Room.objects.get_or_create(
        lot=lot, defaults={"project_id": lot.project_id, "lot_code": lot.lot_code[:200]}
    )
    return Room.objects.select_for_update().get(lot=lot)


def write_entry(
    room: Room, *, kind: EntryKind, text: str, at: datetime | None = None, event_kind: str = ""
) -> RoomEntry:
    """Add a line to the timeline of a locked room; the caller saves the room."""
    room.position += 1
    return RoomEntry.objects.create(
        room=room,
        position=room.position,
        kind=kind,
        event_kind=event_kind,
        at=at or timezone.now(),
        text=text[:500],
    )


def disclose_names(*, room_id: int) -> Room:
    """Give the members of the committee their names in the dossier, once the award is decided.

    Raises Refusal before that: the list is secret until the result is determined (招标投标法 第三十七条).
    """
    with transaction.atomic():
        room = Room.objects.select_for_update().get(pk=room_id)
        if room.names_disclosed:
            return room
        if not award_is_decided(room):
            raise Refusal(
                _("The award is not decided yet; until then the members of the committee stay secret.")
            )
        room.names_disclosed = True
        write_entry(room, kind=EntryKind.EVENT, text="中标结果已确定，评标委员会成员名单不再保密")
        room.save()
        land_story(room=room, story=story_of(room))
        record_event(actor=None, verb="supervision.names_disclosed", subject=room)
    return room


def put_aside(lot_ids: Iterable[int]) -> set[int]:
    """The lots of which the dossier holds an opening, bids or an evaluation that all have ended."""
    lots, aside = list(lot_ids), set()
    for table in ("openings", "bids", "evaluations"):
        model: Any = TABLE_MODELS[table]
        rows = model.objects.filter(lot_id__in=lots)
        standing = set(rows.filter(ended_at=None).values_list("lot_id", flat=True))
        aside |= set(rows.exclude(ended_at=None).values_list("lot_id", flat=True)) - standing
    return aside


def land_again(*, room_id: int) -> bool:
    """Bring the dossier in line with what was told so far, once more; returns whether anything changed."""
    with transaction.atomic():
        room = Room.objects.select_for_update().get(pk=room_id)
        return land_story(room=room, story=story_of(room))


def award_is_decided(room: Room) -> bool:
    """Whether the dossier holds an award of the lot, after its report was submitted."""
    awards = Award.objects.filter(lot_id=room.lot_id, ended_at=None, status__in=("", "active"))
    return room.state == RoomState.REPORTED and awards.exclude(decided_at=None, notice_at=None).exists()
