"""What a live room shows, and to whom: before the opening nothing that tells who bids or how many do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from wulian.exchange.events import Story
from wulian.exchange.events.rows import BidTold, MemberTold
from wulian.information.registry.models import Lot
from wulian.information.supervision.choices import EventState, RoomState
from wulian.information.supervision.models import Room, RoomEntry
from wulian.information.supervision.scoring import ScoreSheet, score_sheet
from wulian.information.supervision.selectors.deadlines import deadline_of_lot
from wulian.information.supervision.stories import story_of

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

ENTRIES_AT_ONCE = 500


@dataclass(frozen=True)
class Bidder:
    key: str
    name: str
    uscc: str
    told: BidTold
    is_late: bool


@dataclass(frozen=True)
class CommitteeMember:
    """A member; ``name`` is the alias until the award is decided (招标投标法 第三十七条)."""

    name: str
    told: MemberTold


@dataclass
class RoomSheet:
    """A room as it stands. While ``is_open`` is false, ``bidders`` is empty whatever was told."""

    lot: Lot
    room: Room | None
    state: RoomState
    deadline_at: datetime | None
    is_open: bool
    story: Story
    bidders: list[Bidder] = field(default_factory=list)
    members: list[CommitteeMember] = field(default_factory=list)
    scores: ScoreSheet | None = None
    has_gap: bool = False
    waiting: int | None = None
    missing: int | None = None

    def firm(self, key: str) -> str:
        """The name of the firm behind a bid."""
        found = self.story.bids.get(key)
        return found.told.tenderer.name if found else key

    @property
    def prices(self) -> dict[str, Any]:
        """What the price chart draws: names and prices in the order they were read, the ceiling; in 万元."""
        read = [bidder for bidder in self.bidders if bidder.told.price is not None]
        ceiling = self.lot.ceiling_price
        return {
            "names": [bidder.name for bidder in read],
            "prices": [_wan(bidder.told.price) for bidder in read],
            "out": [bidder.told.status in ("disqualified", "withdrawn") for bidder in read],
            "ceiling": _wan(ceiling),
        }


def visible_lot(user: User, pk: int) -> Lot | None:
    """The lot with what the room's head needs, or None when it is none of the user's business; one query."""
    lots = Lot.objects.visible_to(user).filter(pk=pk, ended_at=None)
    return lots.select_related("tender__procuring_entity", "tender__agency", "project").first()


def visible_room(user: User, lot_id: int) -> Room | None:
    """The room of a lot, or None when it has none or is none of the user's business; one query."""
    return Room.objects.visible_to(user).filter(lot_id=lot_id).order_by().first()


def room_sheet(lot: Lot, room: Room | None) -> RoomSheet:
    """The room as it stands: what was told is folded anew, so it equals what landed in the dossier."""
    story = story_of(room) if room else Story()
    deadline = story.deadline_at or deadline_of_lot(lot.pk)
    state = RoomState(room.state) if room else RoomState.AWAITING
    if state == RoomState.AWAITING and deadline and deadline <= timezone.now():
        state = RoomState.CLOSED
    sheet = RoomSheet(lot, room, state, deadline, room is not None and room.is_open, story)
    if room is not None:
        _add_feed(sheet, room)
        _add_committee(sheet, room)
    if sheet.is_open:
        sheet.bidders = [_bidder(key, told, story) for key, told in story.bids.items()]
        sheet.scores = score_sheet(story)
    return sheet


def entries_after(room: Room | None, position: int) -> list[RoomEntry]:
    """Lines of the timeline after a position, oldest first: none is ever missed, for positions grow in order of commit."""
    if room is None:
        return []
    return list(room.entries.filter(position__gt=position).order_by("position")[:ENTRIES_AT_ONCE])


def _add_feed(sheet: RoomSheet, room: Room) -> None:
    """Before the opening only that something is missing is told, and only after the deadline: numbers could tell how many bid."""
    waiting = room.events.filter(state=EventState.WAITING).order_by("sequence")
    first = waiting.values_list("sequence", flat=True).first()
    gap = first is not None and first > room.next_sequence
    if sheet.is_open:
        sheet.waiting = waiting.count()
        sheet.missing = first - room.next_sequence if first is not None else 0
    sheet.has_gap = gap and (sheet.is_open or sheet.state == RoomState.CLOSED)


def _add_committee(sheet: RoomSheet, room: Room) -> None:
    for told in sheet.story.members.values():
        name = told.told.name if room.names_disclosed else told.alias
        sheet.members.append(CommitteeMember(name, told))


def _bidder(key: str, told: BidTold, story: Story) -> Bidder:
    late = bool(story.deadline_at and told.received_at > story.deadline_at)
    return Bidder(key, told.told.tenderer.name, told.told.tenderer.uscc, told, late)


def _wan(amount: Decimal | None) -> float | None:
    return round(float(amount) / 10_000, 4) if amount is not None else None
