"""All openings and evaluations of one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from wulian.information.registry.models import BiddingDocuments, Clarification, Lot
from wulian.information.supervision.choices import OPENED_STATES, RoomState
from wulian.information.supervision.models import Room
from wulian.information.supervision.selectors.deadlines import deadlines_of
from wulian.information.supervision.selectors.findings import alert_counts

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

MOST = 300
_ORDER = {
    RoomState.OPENING.value: 0,
    RoomState.EVALUATING.value: 1,
    RoomState.CLOSED.value: 2,
    RoomState.OPENED.value: 3,
    RoomState.AWAITING.value: 4,
    RoomState.EVALUATED.value: 5,
    RoomState.REPORTED.value: 6,
}


@dataclass(frozen=True)
class BoardRow:
    """One lot of the day; ``bidder_count`` is None until it is public."""

    lot: Lot
    state: RoomState
    deadline_at: datetime | None
    opened_at: datetime | None
    bidder_count: int | None
    waiting_objections: int
    alerts: dict[str, int]


def board(user: User, day: date) -> list[BoardRow]:
    """The lots whose deadline, opening or evaluation is on ``day`` and that ``user`` may see; eight queries."""
    begins = timezone.make_aware(datetime.combine(day, time()))
    within = (begins, begins + timedelta(days=1) - timedelta(microseconds=1))
    rooms = {
        room.lot_id: room
        for room in Room.objects.visible_to(user).filter(
            Q(deadline_at__range=within) | Q(opened_at__range=within) | Q(evaluated_on=day)
        )[:MOST]
    }
    due = _lots_due(user, within)
    late = Room.objects.visible_to(user).filter(lot_id__in=due.keys() - rooms.keys())
    rooms.update({room.lot_id: room for room in late})
    wanted = rooms.keys() | due.keys()
    lots = Lot.objects.filter(pk__in=wanted, ended_at=None).select_related(
        "tender__procuring_entity", "project"
    )
    alerts = alert_counts(user, wanted)
    rows = [_row(lot, rooms.get(lot.pk), due.get(lot.pk), alerts.get(lot.pk, {})) for lot in lots[:MOST]]
    return sorted(rows, key=lambda row: (_ORDER[row.state], row.deadline_at or begins, row.lot.pk))


def _lots_due(user: User, within: tuple[datetime, datetime]) -> dict[int, datetime]:
    """Lots whose deadline in force is in that time, rooms or not."""
    candidates: set[int] = set()
    for model, column in ((BiddingDocuments, "deadline_at"), (Clarification, "new_deadline_at")):
        rows: Any = model.objects.visible_to(user)
        found = rows.filter(**{f"{column}__range": within}, ended_at=None)
        candidates.update(found.values_list("lot_id", flat=True)[:MOST])
    in_force = deadlines_of(candidates)
    return {lot: moment for lot, moment in in_force.items() if within[0] <= moment <= within[1]}


def _row(lot: Lot, room: Room | None, due: datetime | None, alerts: dict[str, int]) -> BoardRow:
    state = RoomState(room.state) if room else RoomState.AWAITING
    deadline = (room.deadline_at if room else None) or due
    if state == RoomState.AWAITING and deadline and deadline <= timezone.now():
        state = RoomState.CLOSED
    public = room is not None and room.state in OPENED_STATES
    return BoardRow(
        lot=lot,
        state=state,
        deadline_at=deadline,
        opened_at=room.opened_at if room else None,
        bidder_count=room.bidder_count if room and public else None,
        waiting_objections=room.waiting_objections if room else 0,
        alerts=alerts,
    )
