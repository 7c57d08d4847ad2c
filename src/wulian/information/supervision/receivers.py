"""Dossiers changed: a deadline may have moved, an older release may have put aside what was told live, or an award was decided
and the committee's names are secret no more."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from wulian.information.registry.signals import dossiers_changed
from wulian.information.supervision.choices import OPENED_STATES, RoomState
from wulian.information.supervision.models import Room
from wulian.information.supervision.selectors.deadlines import deadlines_of


@receiver(dossiers_changed)
def follow_deadlines(sender: Any, project_ids: list[int], **kwargs: Any) -> None:
    """The dossier may have moved the deadline of a lot that still waits for it."""
    waiting = Room.objects.filter(project_id__in=project_ids, state=RoomState.AWAITING)
    in_force = deadlines_of(waiting.values_list("lot_id", flat=True))
    for room in waiting:
        moment = in_force.get(room.lot_id)
        if moment != room.deadline_at:
            Room.objects.filter(pk=room.pk, state=RoomState.AWAITING).update(deadline_at=moment)


@receiver(dossiers_changed)
def keep_what_was_told_live(sender: Any, project_ids: list[int], **kwargs: Any) -> None:
    """A whole release drawn up before the opening does not hold it; what trading systems told stands all the same."""
    from wulian.information.supervision.services.rooms import land_again, put_aside

    rooms = Room.objects.filter(project_id__in=project_ids, state__in=OPENED_STATES)
    lot_of = dict(rooms.values_list("pk", "lot_id"))
    aside = put_aside(lot_of.values()) if lot_of else set()
    for room_id, lot_id in lot_of.items():
        if lot_id in aside:
            land_again(room_id=room_id)


@receiver(dossiers_changed)
def disclose_names_after_award(sender: Any, project_ids: list[int], **kwargs: Any) -> None:
    from wulian.information.supervision.services.rooms import award_is_decided, disclose_names

    waiting = Room.objects.filter(project_id__in=project_ids, state=RoomState.REPORTED, names_disclosed=False)
    for room in waiting:
        if award_is_decided(room):
            disclose_names(room_id=room.pk)
