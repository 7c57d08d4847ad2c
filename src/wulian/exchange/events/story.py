"""Events of one lot, folded in order: what a trading system has told so far.

What follows depends on nothing but the events in their order, so telling the same day again gives the same dossier.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from wulian.exchange.events.models import Event
from wulian.exchange.events.rows import (
    BidTold,
    ClarificationTold,
    MemberTold,
    ObjectionTold,
    StoryRows,
    build_rows,
)

Phase = Literal["awaiting", "closed", "opening", "opened", "evaluating", "evaluated", "reported"]

SECRET_BEFORE_OPENING = frozenset({"bid.received", "bid.withdrawn"})
"""Kinds that tell who bids, or how many do."""


class Contradiction(ValueError):
    """An event that cannot follow what was told before; ``field`` is the place in the event, the message says what was expected."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


@dataclass
class Story:
    """What one trading system has told of one lot so far."""

    deadline_at: datetime | None = None
    opened_at: datetime | None = None
    opening_finished_at: datetime | None = None
    record_published_at: datetime | None = None
    place: str = ""
    reserve_price_announced: bool | None = None
    drawn_at: datetime | None = None
    random_draw: bool | None = None
    special_project: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None
    all_rejected: bool = False
    competition_reasoning: str = ""
    report_at: datetime | None = None
    report_received_at: datetime | None = None
    bids: dict[str, BidTold] = field(default_factory=dict)
    members: dict[str, MemberTold] = field(default_factory=dict)
    scores: dict[tuple[str, str], list[Any]] = field(default_factory=dict)
    objections: dict[str, ObjectionTold] = field(default_factory=dict)
    clarifications: dict[str, ClarificationTold] = field(default_factory=dict)
    candidates: list[Any] = field(default_factory=list)
    videos: dict[str, str] = field(default_factory=dict)
    traces: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    @property
    def phase(self) -> Phase:
        """Where the day stands."""
        if self.report_at:
            return "reported"
        if self.finished_at:
            return "evaluated"
        if self.started_at:
            return "evaluating"
        if self.opening_finished_at:
            return "opened"
        if self.opened_at:
            return "opening"
        return "closed" if self.deadline_at else "awaiting"

    def apply(self, event: Event) -> None:
        """Take the next event; raises Contradiction, and then nothing has changed."""
        _HANDLERS[event.kind](self, event.data, event.occurred_at)
        if node := _NODES.get(event.kind):
            self.traces[node] = (event.operator, event.operator_org, event.address)

    def rows(self, *, names: bool) -> StoryRows:
        """The rows of the dossier; without ``names`` the members of the committee stand under their aliases."""
        return build_rows(self, names=names)

    # --- what each kind of event does ---------------------------------------------------------------------------

    def _bid(self, key: str, place: str = "data.bid") -> BidTold:
        if key not in self.bids:
            raise Contradiction(place, f"没有编号为“{key}”的投标；应为此前已送达的投标编号")
        return self.bids[key]

    def _open_bid(self, key: str, place: str = "data.bid") -> BidTold:
        bid = self._bid(key, place)
        if bid.withdrawn_at:
            raise Contradiction(place, f"投标“{key}”已撤回")
        return bid

    def _require_opening(self) -> None:
        if self.opened_at is None:
            raise Contradiction("kind", "尚未开标；此类事件应在开标开始（opening.started）之后")

    def _require_evaluation(self) -> None:
        if self.started_at is None:
            raise Contradiction("kind", "尚未开始评标；此类事件应在评标开始（evaluation.started）之后")
        if self.finished_at is not None:
            raise Contradiction("kind", "评标已结束；此类事件应在评标结束（evaluation.finished）之前")

    def _bid_received(self, data: Any, at: datetime) -> None:
        if data.bid in self.bids:
            raise Contradiction("data.bid", f"投标编号“{data.bid}”已送达；重新递交应使用新的投标编号")
        if self.started_at:
            raise Contradiction("kind", "评标已开始，不应再有投标文件送达")
        self.bids[data.bid] = BidTold(at, data)

    def _bid_withdrawn(self, data: Any, at: datetime) -> None:
        if self.started_at:
            raise Contradiction("kind", "评标已开始，不应再有投标文件撤回")
        self._open_bid(data.bid).withdrawn_at = at

    def _deadline_reached(self, data: Any, at: datetime) -> None:
        if self.deadline_at:
            raise Contradiction("kind", "投标截止已报送过")
        if at < data.deadline_at:
            raise Contradiction("occurred_at", "投标截止的发生时间不应早于截止时间")
        self.deadline_at = data.deadline_at

    def _opening_started(self, data: Any, at: datetime) -> None:
        if self.opened_at:
            raise Contradiction("kind", "开标开始已报送过")
        if self.deadline_at is None:
            raise Contradiction("kind", "应先报送投标截止（deadline.reached），再报送开标开始")
        if at < self.deadline_at:
            raise Contradiction(
                "occurred_at",
                "开标不应早于投标截止时间（招标投标法第三十四条：开标应当在提交投标文件截止时间的同一时间公开进行）",
            )
        self.opened_at, self.place = at, data.place

    def _bid_decrypted(self, data: Any, at: datetime) -> None:
        self._require_opening()
        bid = self._open_bid(data.bid)
        bid.decrypted_at, bid.failed = (at, None) if data.ok else (None, data.reason)

    def _prices_read(self, data: Any, at: datetime) -> None:
        self._require_opening()
        found = []
        for index, row in enumerate(data.prices):
            place = f"data.prices.{index}.bid"
            bid = self._open_bid(row.bid, place)
            if bid.decrypted_at is None:
                raise Contradiction(place, f"投标“{row.bid}”未解密成功，不能唱标")
            found.append((bid, row))
        for bid, row in found:
            bid.price, bid.duration_days, bid.quality = row.price, row.duration_days, row.quality
        if data.reserve_price_announced is not None:
            self.reserve_price_announced = data.reserve_price_announced

    def _opening_objected(self, data: Any, at: datetime) -> None:
        self._require_opening()
        if data.objection in self.objections:
            raise Contradiction("data.objection", f"异议编号“{data.objection}”已报送过")
        if data.bid is not None:
            self._bid(data.bid)
        self.objections[data.objection] = ObjectionTold(at, data.bid, data.content)

    def _opening_answered(self, data: Any, at: datetime) -> None:
        found = self.objections.get(data.objection)
        if found is None:
            raise Contradiction("data.objection", f"没有编号为“{data.objection}”的异议")
        if found.replied_at:
            raise Contradiction("data.objection", f"异议“{data.objection}”已答复")
        found.replied_at, found.reply = at, data.content

    def _opening_finished(self, data: Any, at: datetime) -> None:
        self._require_opening()
        if self.opening_finished_at:
            raise Contradiction("kind", "开标结束已报送过")
        self.opening_finished_at, self.record_published_at = at, data.record_published_at

    def _committee_drawn(self, data: Any, at: datetime) -> None:
        if self.members:
            raise Contradiction("kind", "评标委员会已组建")
        for number, member in enumerate(data.members, 1):
            self.members[member.member] = MemberTold(member, f"评委{number}")
        self.drawn_at, self.random_draw, self.special_project = at, data.random_draw, data.special_project

    def _member(self, key: str, place: str = "data.member") -> MemberTold:
        if key not in self.members:
            raise Contradiction(place, f"评标委员会中没有编号为“{key}”的评委")
        return self.members[key]

    def _member_signed_in(self, data: Any, at: datetime) -> None:
        member = self._member(data.member)
        if member.signed_in_at:
            raise Contradiction("data.member", f"评委“{data.member}”已签到")
        member.signed_in_at, member.verified = at, data.verified

    def _evaluation_started(self, data: Any, at: datetime) -> None:
        self._require_opening()
        if self.started_at:
            raise Contradiction("kind", "评标开始已报送过")
        if not self.members:
            raise Contradiction("kind", "应先报送评标委员会组建（committee.drawn），再报送评标开始")
        self.started_at = at

    def _scores_given(self, data: Any, at: datetime) -> None:
        self._require_evaluation()
        self._member(data.member)
        self._open_bid(data.bid)
        self.scores[data.member, data.bid] = data.items

    def _clarification_asked(self, data: Any, at: datetime) -> None:
        self._require_evaluation()
        if data.clarification in self.clarifications:
            raise Contradiction("data.clarification", f"澄清编号“{data.clarification}”已报送过")
        self._open_bid(data.bid)
        self.clarifications[data.clarification] = ClarificationTold(at, data.bid, data.content)

    def _clarification_answered(self, data: Any, at: datetime) -> None:
        self._require_evaluation()
        found = self.clarifications.get(data.clarification)
        if found is None:
            raise Contradiction("data.clarification", f"没有编号为“{data.clarification}”的澄清")
        if found.answered_at:
            raise Contradiction("data.clarification", f"澄清“{data.clarification}”已答复")
        found.answered_at, found.answer = at, data.content

    def _bid_rejected(self, data: Any, at: datetime) -> None:
        self._require_evaluation()
        self._open_bid(data.bid).rejection = (data.code, data.basis)

    def _evaluation_finished(self, data: Any, at: datetime) -> None:
        self._require_evaluation()
        self.finished_at = at
        self.all_rejected, self.competition_reasoning = data.all_rejected, data.competition_reasoning

    def _report_submitted(self, data: Any, at: datetime) -> None:
        if self.finished_at is None:
            raise Contradiction("kind", "应先报送评标结束（evaluation.finished），再报送评标报告")
        if self.report_at:
            raise Contradiction("kind", "评标报告已报送过")
        for index, candidate in enumerate(data.candidates):
            self._open_bid(candidate.bid, f"data.candidates.{index}.bid")
        signers = [
            self._member(row.member, f"data.signatures.{n}.member") for n, row in enumerate(data.signatures)
        ]
        for member, row in zip(signers, data.signatures, strict=True):
            member.signed, member.dissent_noted = row.signed, row.dissent_noted
        self.report_at, self.report_received_at, self.candidates = at, data.received_at, list(data.candidates)

    def _video_published(self, data: Any, at: datetime) -> None:
        self.videos[data.label] = data.url

    def _remark_answered(self, data: Any, at: datetime) -> None:
        """Answers belong to the remarks of the platform, not to the dossier."""


_NODES = {
    "opening.objected": "N06",
    "deadline.reached": "N07",
    "opening.started": "N08",
    "report.submitted": "N09",
}
"""Kinds of events that reach a node of the dossier."""

_HANDLERS: dict[str, Callable[[Story, Any, datetime], None]] = {
    "bid.received": Story._bid_received,
    "bid.withdrawn": Story._bid_withdrawn,
    "deadline.reached": Story._deadline_reached,
    "opening.started": Story._opening_started,
    "bid.decrypted": Story._bid_decrypted,
    "prices.read": Story._prices_read,
    "opening.objected": Story._opening_objected,
    "opening.answered": Story._opening_answered,
    "opening.finished": Story._opening_finished,
    "committee.drawn": Story._committee_drawn,
    "member.signed_in": Story._member_signed_in,
    "evaluation.started": Story._evaluation_started,
    "scores.given": Story._scores_given,
    "clarification.asked": Story._clarification_asked,
    "clarification.answered": Story._clarification_answered,
    "bid.rejected": Story._bid_rejected,
    "evaluation.finished": Story._evaluation_finished,
    "report.submitted": Story._report_submitted,
    "video.published": Story._video_published,
    "remark.answered": Story._remark_answered,
}
