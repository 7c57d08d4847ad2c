"""What the registry's pages read; each function says how many queries it takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from wulian.information.registry.lights import Light, lights, severities
from wulian.information.registry.models import (
    Award,
    AwardCandidate,
    Bid,
    BiddingDocuments,
    BidEvaluation,
    BidOpening,
    Clarification,
    Contract,
    DossierNode,
    EvaluationScore,
    Lot,
    Notice,
    Objection,
    Party,
    PartyMerge,
    Project,
    Tender,
)
from wulian.information.registry.services.parties import ALIKE, likeness
from wulian.information.registry.stages import NODE_TITLES, Stage


@dataclass(frozen=True)
class NodeView:
    """A node on the timeline: what is known, and how it looks."""

    code: str
    title: str
    node: DossierNode | None
    colour: str
    overdue: bool


@dataclass
class StageView:
    stage: Stage
    light: Light
    nodes: list[NodeView] = field(default_factory=list)


def dossier_stages(project: Project, lot: Lot | None, now: datetime | None = None) -> list[StageView]:
    """The seven lights with their nodes for one lot (or the project alone); two queries besides the providers'."""
    now = now or timezone.now()
    found = severities([project.pk]).get(project.pk, {})
    nodes: dict[str, DossierNode] = {}
    for node in DossierNode.objects.filter(project=project, ended_at=None).order_by("code"):
        if node.lot_id is None or (lot is not None and node.lot_id == lot.pk):
            nodes[node.code] = node
    views = []
    for light in lights(project.stage, found):
        view = StageView(light.stage, light)
        for code in light.stage.nodes:
            view.nodes.append(_node_view(code, nodes.get(code), found.get(code, ""), now))
        views.append(view)
    return views


def _node_view(code: str, node: DossierNode | None, finding: str, now: datetime) -> NodeView:
    reached = bool(node and node.actual_at)
    overdue = bool(node and not node.actual_at and node.planned_at and node.planned_at < now)
    colour = finding or ("green" if reached else "yellow" if overdue else "grey")
    return NodeView(code, NODE_TITLES[code], node, colour, overdue)


@dataclass(frozen=True)
class PartyInvolved:
    party: Party
    part: str


@dataclass
class LotSheet:
    """A lot with all that hangs from it, read in a fixed number of queries (about fifteen)."""

    lot: Lot
    notices: list[Notice]
    documents: list[BiddingDocuments]
    clarifications: list[Clarification]
    objections: list[Objection]
    bids: list[Bid]
    opening: BidOpening | None
    evaluation: BidEvaluation | None
    score_rows: list[dict[str, Any]]
    members: list[Any]
    candidates: list[AwardCandidate]
    awards: list[Award]
    contracts: list[Contract]
    price_chart: dict[str, Any] | None


def lot_sheet(lot: Lot) -> LotSheet:
    """Everything of one lot that its source still holds."""
    awards = list(lot.awards.current().select_related("supplier"))
    winners = {award.supplier_id for award in awards if award.supplier_id and award.status in ("", "active")}
    bids = list(lot.bids.current().select_related("tenderer").order_by("price", "id"))
    for bid in bids:
        bid.won = bid.tenderer_id in winners
    evaluation = BidEvaluation.objects.filter(lot=lot, ended_at=None).first()
    members = list(evaluation.members.current().order_by("id")) if evaluation else []
    return LotSheet(
        lot=lot,
        notices=list(lot.notices.current().order_by("published_at")),
        documents=list(lot.documents.current().order_by("version")),
        clarifications=list(lot.clarifications.current().order_by("issued_at")),
        objections=list(lot.objections.current().select_related("objector").order_by("received_at")),
        bids=bids,
        opening=BidOpening.objects.filter(lot=lot, ended_at=None).first(),
        evaluation=evaluation,
        score_rows=_score_rows(evaluation, bids, members) if evaluation else [],
        members=members,
        candidates=list(lot.candidates.current().select_related("tenderer").order_by("rank", "id")),
        awards=awards,
        contracts=list(
            lot.contracts.current()
            .select_related("supplier", "acceptance")
            .prefetch_related("implementation", "amendments")
        ),
        price_chart=price_chart(lot, bids),
    )


def _score_rows(evaluation: BidEvaluation, bids: list[Bid], members: list[Any]) -> list[dict[str, Any]]:
    """One row a bid: each member's total, the mean, and the member furthest from it."""
    totals: dict[tuple[int, int], Decimal] = {}
    for bid_id, member_id, score in EvaluationScore.objects.filter(
        evaluation=evaluation, ended_at=None
    ).values_list("bid_id", "member_id", "score"):
        totals[bid_id, member_id] = totals.get((bid_id, member_id), Decimal(0)) + score
    rows = []
    for bid in bids:
        scores = [totals.get((bid.pk, member.pk)) for member in members]
        known = [score for score in scores if score is not None]
        if known:
            rows.append({"bid": bid, "scores": scores, "mean": sum(known) / len(known)})
    return sorted(rows, key=lambda row: row["mean"], reverse=True)


def price_chart(lot: Lot, bids: list[Bid]) -> dict[str, Any] | None:
    """ECharts options: bid prices in ascending order with the ceiling and estimate as lines; None with no price."""
    priced = [(bid, float(bid.price) / 10_000) for bid in bids if bid.price is not None]
    if not priced:
        return None
    limits = [
        (name, float(value) / 10_000)
        for name, value in (("最高投标限价", lot.ceiling_price), ("估算价", lot.estimated_price))
        if value
    ]
    lines = [{"yAxis": value, "name": name} for name, value in limits]
    values = [price for _bid, price in priced] + [value for _name, value in limits]
    low, high = min(values), max(values)
    return {
        "grid": {"left": 8, "right": 90, "top": 24, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "category",
            "data": [bid.tenderer.name for bid, _price in priced],
            "axisLabel": {"interval": 0, "width": 84, "overflow": "truncate", "rotate": 30 if len(priced) > 5 else 0},
        },
        "yAxis": {
            "type": "value",
            "name": "万元",
            "min": round(low - (high - low or low) * 0.15, 2),
            "max": round(high + (high - low or high) * 0.05, 2),
        },
        "series": [
            {
                "type": "bar",
                "name": "投标报价",
                "barMaxWidth": 36,
                "data": [
                    {
                        "value": round(price, 4),
                        "itemStyle": {"color": "#2f9e44" if bid.won else "#868e96" if bid.status == "disqualified" else "#4c78a8"},
                    }
                    for bid, price in priced
                ],
                "markLine": {"symbol": "none", "data": lines, "label": {"formatter": "{b}"}},
            }
        ],
    }  # fmt: skip


def parties_involved(project: Project, lots: list[Lot]) -> list[PartyInvolved]:
    """Who takes part and as what: owner, procuring entities, agencies, winners; two queries."""
    found: dict[tuple[int, str], PartyInvolved] = {}

    def add(party: Party | None, part: str) -> None:
        if party is not None:
            found.setdefault((party.pk, part), PartyInvolved(party, part))

    add(project.owner, "项目单位")
    for tender in Tender.objects.filter(project=project, ended_at=None).select_related(
        "procuring_entity", "agency"
    ):
        add(tender.procuring_entity, "招标人")
        add(tender.agency, "代理机构")
    for award in Award.objects.filter(
        project=project, ended_at=None, status__in=("", "active")
    ).select_related("supplier"):
        add(award.supplier, "中标人")
    return list(found.values())


def parties_with_counts(queryset: QuerySet[Party]) -> QuerySet[Party]:
    """Each party with ``bid_count`` and ``win_count``, counted only for the rows that are fetched."""
    bids = (
        Bid.objects.filter(tenderer=OuterRef("pk"))
        .order_by()
        .values("tenderer")
        .annotate(n=Count("pk"))
        .values("n")
    )
    wins = (
        Award.objects.filter(supplier=OuterRef("pk"), status__in=("", "active"))
        .order_by()
        .values("supplier")
        .annotate(n=Count("pk"))
        .values("n")
    )
    return queryset.annotate(bid_count=Coalesce(Subquery(bids), 0), win_count=Coalesce(Subquery(wins), 0))


@dataclass(frozen=True)
class BidsAndWins:
    """How often a party bid and won."""

    bids: int = 0
    wins: int = 0


def counts_of_parties(ids: list[int] | None) -> dict[int, BidsAndWins]:
    """Return what `parties_with_counts` counts, for these parties or for all that bid or won; two queries."""
    bids = Bid.objects.all() if ids is None else Bid.objects.filter(tenderer__in=ids)
    awards = Award.objects.filter(status__in=("", "active"), supplier__isnull=False)
    wins = awards if ids is None else awards.filter(supplier__in=ids)
    bid_counts = dict(bids.order_by().values_list("tenderer").annotate(n=Count("pk")))
    win_counts = dict(wins.order_by().values_list("supplier").annotate(n=Count("pk")))
    return {
        pk: BidsAndWins(bid_counts.get(pk, 0), win_counts.get(pk, 0))
        for pk in bid_counts.keys() | win_counts.keys()
    }


@dataclass(frozen=True)
class PartyNumbers:
    """A party's record in the dossiers that the reader may see."""

    bids: int
    wins: int
    co_bidders: list[Any]
    recent_bids: list[Bid]
    as_owner: list[Tender]

    @property
    def win_rate(self) -> float | None:
        return self.wins / self.bids * 100 if self.bids else None


def party_numbers(party: Party, user: Any) -> PartyNumbers:
    """Bids, wins and the ten firms met most often in the same lot; about six queries."""
    bids = Bid.objects.visible_to(user).filter(tenderer=party)
    met = (
        Bid.objects.visible_to(user)
        .filter(lot__in=bids.values("lot"))
        .exclude(tenderer=party)
        .values("tenderer", "tenderer__name")
        .annotate(times=Count("pk"))
        .order_by("-times", "tenderer__name")[:10]
    )
    wins = Award.objects.visible_to(user).filter(supplier=party, status__in=("", "active"))
    won = set(wins.values_list("lot_id", flat=True))
    recent = list(bids.select_related("lot", "project").order_by("-uploaded_at", "-id")[:20])
    for bid in recent:
        bid.won = bid.lot_id in won
    tenders = Tender.objects.visible_to(user).select_related("project")
    as_owner = list(tenders.filter(procuring_entity=party).order_by("-id")[:10]) or list(
        tenders.filter(agency=party).order_by("-id")[:10]
    )
    return PartyNumbers(bids.count(), len(won), list(met), recent, as_owner)


def parties_found(text: str, *, but: Party | None = None, limit: int = 20) -> list[Party]:
    """Parties that are not merged and whose name or credit code holds ``text``, with counts; one query."""
    found = Party.objects.current().filter(Q(name__icontains=text) | Q(uscc__iexact=text))
    if but is not None:
        found = found.exclude(pk=but.pk)
    return list(parties_with_counts(found).order_by("name", "pk")[:limit])


def likely_duplicates(party: Party, limit: int = 10) -> list[Party]:
    """Parties that may be the same as ``party``: alike in name or with its representative, never another credit code.

    One query; of names only those that begin alike are read (an index serves that), at most 300.
    """
    same = Q(name__startswith=party.name[:4])
    if party.legal_representative:
        same |= Q(legal_representative=party.legal_representative)
    found = Party.objects.current().exclude(pk=party.pk).filter(same)
    if party.uscc:
        found = found.filter(uscc="")
    scored = [
        (likeness(party.name, other.name), other) for other in parties_with_counts(found).order_by("pk")[:300]
    ]
    scored.sort(key=lambda pair: -pair[0])
    represents = party.legal_representative
    return [
        other
        for score, other in scored
        if score >= ALIKE or (represents and other.legal_representative == represents)
    ][:limit]


def merges_so_far() -> QuerySet[PartyMerge]:
    """Every merge, the newest first, each with ``in_force`` (not undone, and so can be)."""
    later = PartyMerge.objects.filter(duplicate=OuterRef("duplicate"), pk__gt=OuterRef("pk"))
    in_force = Q(duplicate__merged_into=F("kept")) & ~Exists(later)
    return (
        PartyMerge.objects.select_related("kept", "duplicate", "merged_by")
        .annotate(in_force=in_force)
        .order_by("-pk")
    )
