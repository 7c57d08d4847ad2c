"""What the indices are computed from: the lots, committees and matters that one person may see, in a span of days."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from wulian.casework.intake.models import Complaint, TipOff
from wulian.core.accounts.models import User
from wulian.information.alerts.choices import AlertState
from wulian.information.alerts.models import Alert
from wulian.information.registry.choices import BidStatus, EvaluationMemberKind
from wulian.information.registry.models import Award, Bid, EvaluationMember, EvaluationScore, Party

NOT_IN_FORCE = ("cancelled", "unsuccessful", "pending")


@dataclass
class LotFacts:
    """Who bid for a lot (withdrawn bids left out), who of them was rejected, who won, which agency ran it."""

    bidders: list[int] = field(default_factory=list)
    rejected: int = 0
    winner: int | None = None
    agency: int | None = None

    @property
    def valid(self) -> int:
        return len(self.bidders) - self.rejected


@dataclass
class Committee:
    """The scores of one evaluation: member → bid → points given, and the bid of the winner."""

    winner: int | None = None
    points: dict[str, dict[int, float]] = field(default_factory=lambda: defaultdict(dict))
    tenderers: dict[int, int] = field(default_factory=dict)


@dataclass
class Market:
    """Everything the indices read; `undated` bids have no time of receipt and are left out."""

    lots: dict[int, LotFacts]
    committees: dict[int, Committee]
    experts: dict[str, str]
    matters: dict[int, Counter[str]]
    names: dict[int, str]
    undated: int

    @property
    def decided(self) -> list[LotFacts]:
        """The lots with at least two bidders of which one won."""
        return [lot for lot in self.lots.values() if len(lot.bidders) > 1 and lot.winner in lot.bidders]


def span(start: dt.date, end: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The moments from the first to the day after the last day."""
    bounds = (start, end + dt.timedelta(days=1))
    first, last = (timezone.make_aware(dt.datetime.combine(day, dt.time())) for day in bounds)
    return first, last


def read_market(user: User, start: dt.date, end: dt.date) -> Market:
    """Read what `user` may see of the lots whose bids were received from `start` to `end`, both included."""
    first, last = span(start, end)
    bids = Bid.objects.visible_to(user).current().exclude(status=BidStatus.WITHDRAWN)
    dated = bids.filter(uploaded_at__gte=first, uploaded_at__lt=last)
    lots = _lots(dated)
    _awards(user, lots)
    committees, experts = _committees(user, dated, lots)
    matters = _matters(user, first, last)
    known = {party for lot in lots.values() for party in (*lot.bidders, lot.winner, lot.agency) if party}
    names = dict(Party.objects.filter(pk__in=_few(known | set(matters))).values_list("pk", "name"))
    return Market(lots, committees, experts, matters, names, bids.filter(uploaded_at=None).count())


def _few(numbers: Iterable[int]) -> Any:
    # SQLite takes no more than some ten thousand values in one condition.
    chosen = list(numbers)
    return chosen if len(chosen) < 10_000 else Party.objects.values("pk")


def _lots(bids: QuerySet[Bid]) -> dict[int, LotFacts]:
    lots: dict[int, LotFacts] = defaultdict(LotFacts)
    rows = bids.order_by("lot_id", "tenderer_id").values_list(
        "lot_id", "tenderer_id", "status", "lot__tender__agency_id"
    )
    for lot_id, tenderer, status, agency in rows.iterator():
        lot = lots[lot_id]
        lot.agency = agency
        if tenderer not in lot.bidders:
            lot.bidders.append(tenderer)
            lot.rejected += status == BidStatus.DISQUALIFIED
    return dict(lots)


def _awards(user: User, lots: dict[int, LotFacts]) -> None:
    awards = Award.objects.visible_to(user).current().exclude(status__in=NOT_IN_FORCE)
    for lot_id, supplier in awards.exclude(supplier=None).order_by("id").values_list("lot_id", "supplier_id"):
        if lot_id in lots:
            lots[lot_id].winner = supplier


def _committees(
    user: User, bids: QuerySet[Bid], lots: dict[int, LotFacts]
) -> tuple[dict[int, Committee], dict[str, str]]:
    """The points that experts gave, added up over the items; an expert is known by the hash of the identity, else by name."""
    experts: dict[str, str] = {}
    keys: dict[int, str] = {}
    members = EvaluationMember.objects.visible_to(user).current().filter(kind=EvaluationMemberKind.EXPERT)
    for pk, name, id_hash, employer in members.values_list("pk", "name", "id_hash", "employer"):
        keys[pk] = id_hash or f"{name}|{employer}"
        experts[keys[pk]] = f"{name}（{employer}）" if employer else name
    scores = EvaluationScore.objects.visible_to(user).current().filter(bid__in=bids.values("pk"))
    totals = (
        scores.order_by()
        .values_list("evaluation__lot_id", "member_id", "bid_id", "bid__tenderer_id")
        .annotate(points=Sum("score"))
    )
    found: dict[int, Committee] = defaultdict(Committee)
    for lot_id, member, bid, tenderer, points in totals.iterator():
        if member in keys and points is not None:
            committee = found[lot_id]
            committee.winner = lots[lot_id].winner if lot_id in lots else None
            committee.points[keys[member]][bid] = float(points)
            committee.tenderers[bid] = tenderer
    return dict(found), experts


def _matters(user: User, first: dt.datetime, last: dt.datetime) -> dict[int, Counter[str]]:
    """How often a party was complained of or alerted about; alerts that were excluded do not count."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for label, model in (("投诉", Complaint), ("举报", TipOff)):
        rows = model.objects.visible_to(user).filter(
            received_at__gte=first, received_at__lt=last, respondent__isnull=False
        )
        for party, n in rows.order_by().values_list("respondent_id").annotate(n=Count("pk")):
            found[party][label] += n
    alerts = Alert.objects.visible_to(user).filter(
        raised_at__gte=first, raised_at__lt=last, party__isnull=False
    )
    standing = alerts.exclude(state__in=(AlertState.EXCLUDED, AlertState.CLEARED)).order_by()
    sent = Count("pk", filter=~Q(destination=""))
    for party, n, judged in standing.values_list("party_id").annotate(n=Count("pk"), judged=sent):
        found[party]["预警"] += n
        found[party]["预警已转办"] += judged
    return dict(found)
