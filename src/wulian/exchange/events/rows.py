"""The rows of the dossier that follow from a story, in the shape of the exchange."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from wulian.exchange.keys import fit_key
from wulian.exchange.records import (
    BidRecord,
    BidStatus,
    CandidateRecord,
    EvaluationRecord,
    MemberRecord,
    NodeRecord,
    ObjectionRecord,
    OpeningRecord,
    PartyRecord,
    ScoreRecord,
)

if TYPE_CHECKING:
    from wulian.exchange.events.story import Story

_BID_FIELDS = (
    "encrypted", "accepted", "manager_name", "manager_id_hash", "manager_certificate", "security_form", "security_amount",
    "security_payer", "security_account", "security_basic_account", "security_paid_at", "receipt_at", "device_mac",
    "device_cpu", "device_disk", "device_ip", "device_lock_no", "device_tool_version", "device_file_code",
)  # fmt: skip


@dataclass
class BidTold:
    """What is known of one bid."""

    received_at: datetime
    told: Any
    withdrawn_at: datetime | None = None
    decrypted_at: datetime | None = None
    failed: str | None = None
    price: Decimal | None = None
    duration_days: int | None = None
    quality: str = ""
    rejection: tuple[str, str] | None = None

    @property
    def status(self) -> BidStatus:
        if self.withdrawn_at:
            return "withdrawn"
        if self.rejection:
            return "disqualified"
        if self.failed is not None:
            return "undecrypted"
        return "valid" if self.price is not None else "received"


@dataclass
class MemberTold:
    """What is known of one member of the committee; ``alias`` stands for the name while it is secret."""

    told: Any
    alias: str
    signed_in_at: datetime | None = None
    verified: bool | None = None
    signed: bool | None = None
    dissent_noted: bool | None = None


@dataclass
class ObjectionTold:
    received_at: datetime
    bid: str | None
    content: str
    replied_at: datetime | None = None
    reply: str = ""


@dataclass
class ClarificationTold:
    asked_at: datetime
    bid: str
    content: str
    answered_at: datetime | None = None
    answer: str = ""


@dataclass
class StoryRows:
    """The rows of the dossier, in the shape of the exchange."""

    parties: list[PartyRecord] = field(default_factory=list)
    bids: list[BidRecord] = field(default_factory=list)
    opening: OpeningRecord | None = None
    evaluation: EvaluationRecord | None = None
    objections: list[ObjectionRecord] = field(default_factory=list)
    candidates: list[CandidateRecord] = field(default_factory=list)
    nodes: list[NodeRecord] = field(default_factory=list)


def build_rows(story: Story, *, names: bool) -> StoryRows:
    """The rows of the dossier; without ``names`` the members of the committee stand under their aliases."""
    return _Rows(story, names).build()


def party_key(tenderer: Any) -> str:
    """How a tenderer is named in the rows: its credit code, else its name."""
    return fit_key(tenderer.uscc or tenderer.name)


class _Rows:
    """Builds the rows of a story."""

    def __init__(self, story: Story, names: bool) -> None:
        self.story, self.names = story, names
        self.parties: dict[str, PartyRecord] = {}

    def build(self) -> StoryRows:
        story = self.story
        bids = [self._bid(key, bid) for key, bid in story.bids.items()]
        objections = [self._objection(key, told) for key, told in story.objections.items()]
        rows = StoryRows(bids=bids, objections=objections, candidates=self._candidates())
        rows.opening = self._opening()
        rows.evaluation = self._evaluation()
        rows.nodes = [
            NodeRecord(id=node, code=node, operator=operator, operator_org=organisation, source_ip=address)
            for node, (operator, organisation, address) in story.traces.items()
        ]
        rows.parties = list(self.parties.values())
        return rows

    def _party(self, tenderer: Any) -> str:
        key = party_key(tenderer)
        self.parties.setdefault(
            key,
            PartyRecord(
                id=key,
                name=tenderer.name,
                uscc=tenderer.uscc,
                kind="enterprise",
                legal_representative=tenderer.legal_representative,
            ),
        )
        return key

    def _bid(self, key: str, bid: BidTold) -> BidRecord:
        code, basis = bid.rejection or ("", "")
        return BidRecord(
            id=key,
            tenderer=self._party(bid.told.tenderer),
            consortium=[self._party(partner) for partner in bid.told.consortium],
            status=bid.status,
            uploaded_at=bid.received_at,
            withdrawn_at=bid.withdrawn_at,
            decrypted_at=bid.decrypted_at,
            price=bid.price,
            duration_days=bid.duration_days,
            quality=bid.quality,
            score=self._total(key),
            rejection_code=code,
            rejection_basis=basis,
            **{name: getattr(bid.told, name) for name in _BID_FIELDS},
        )

    def _total(self, bid: str) -> Decimal | None:
        """The mean of the members' totals, once the evaluation is finished."""
        if self.story.finished_at is None:
            return None
        totals = [
            sum((item.score for item in items), Decimal(0))
            for (_member, scored), items in self.story.scores.items()
            if scored == bid
        ]
        return (sum(totals, Decimal(0)) / len(totals)).quantize(Decimal("0.01")) if totals else None

    def _opening(self) -> OpeningRecord | None:
        story = self.story
        if story.opened_at is None:
            return None
        here = [bid for bid in story.bids.values() if not bid.withdrawn_at]
        return OpeningRecord(
            id="opening",
            actual_at=story.opened_at,
            place=story.place,
            bidder_count=len(here),
            # Counted when the reading is over: before, a bid that is not read yet is not forgotten.
            opened_count=sum(bid.price is not None for bid in here) if story.opening_finished_at else None,
            record_published_at=story.record_published_at,
            reserve_price_announced=story.reserve_price_announced,
        )

    def _evaluation(self) -> EvaluationRecord | None:
        story = self.story
        if not story.members:
            return None
        return EvaluationRecord(
            id="evaluation",
            drawn_at=story.drawn_at,
            random_draw=story.random_draw,
            special_project=story.special_project,
            started_at=story.started_at,
            finished_at=story.finished_at,
            report_at=story.report_at,
            report_received_at=story.report_received_at,
            all_rejected=story.all_rejected,
            competition_reasoning=story.competition_reasoning,
            members=[self._member(key, told) for key, told in story.members.items()],
            scores=[
                ScoreRecord(
                    id=fit_key(f"{member}|{bid}|{item.item}"), member=member, bid=bid, **item.model_dump()
                )
                for (member, bid), items in story.scores.items()
                for item in items
            ],
        )

    def _member(self, key: str, told: MemberTold) -> MemberRecord:
        known = told.told
        return MemberRecord(
            id=key,
            name=known.name if self.names else told.alias,
            kind=known.kind,
            id_hash=known.id_hash,
            employer=known.employer,
            pool=known.pool,
            pool_approved=known.pool_approved,
            draw_no=known.draw_no,
            signed=told.signed,
            dissent_noted=told.dissent_noted,
        )

    def _objection(self, key: str, told: ObjectionTold) -> ObjectionRecord:
        bid = self.story.bids.get(told.bid) if told.bid else None
        reply = f"\n答复：{told.reply}" if told.reply else ""
        return ObjectionRecord(
            id=f"opening-{key}",
            target="opening",
            objector=self._party(bid.told.tenderer) if bid else None,
            received_at=told.received_at,
            replied_at=told.replied_at,
            on_platform=True,
            content=f"{told.content}{reply}",
        )

    def _candidates(self) -> list[CandidateRecord]:
        rows = []
        for candidate in self.story.candidates:
            bid = self.story.bids[candidate.bid]
            rows.append(
                CandidateRecord(
                    id=candidate.bid,
                    rank=candidate.rank,
                    tenderer=self._party(bid.told.tenderer),
                    price=bid.price,
                    manager_name=bid.told.manager_name,
                    manager_certificate=bid.told.manager_certificate,
                )
            )
        return rows
