"""Reading submissions, comparisons and findings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet

from wulian.analysis.similarity.facts import plain
from wulian.information.comparison.choices import OPEN_STATES, Conclusion, ExclusionState, FileRole, Level
from wulian.information.comparison.models import (
    EarlierBid,
    ExtractedText,
    Opinion,
    Pair,
    Run,
    SimilarityFinding,
    Submission,
)
from wulian.information.registry.models import Award, Bid, BiddingDocuments, BidOpening, Lot, Party

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def opening_of(lot: Lot) -> dt.datetime | None:
    """Return when the bids of a lot were or will be opened; None when the dossier does not say."""
    opened = BidOpening.objects.filter(lot=lot, ended_at=None).values_list("actual_at", flat=True).first()
    if opened:
        return opened
    planned = BiddingDocuments.objects.filter(lot=lot, ended_at=None).order_by("-version")
    row = planned.values("opening_at", "deadline_at").first()
    return (row["opening_at"] or row["deadline_at"]) if row else None


def is_awarded(lot: Lot) -> bool:
    """Whether the lot has an award that stands: a committee can no longer be asked."""
    return Award.objects.filter(lot=lot, ended_at=None).exists()


@dataclass(frozen=True)
class OwnFiles:
    """The files of one bidder, or of the tender (`bidder` empty), by what they are."""

    role: str
    bidder: str
    files: list[Submission]

    @property
    def size(self) -> int:
        """Their bytes together."""
        return sum(one.size for one in self.files)


def files_of(lot: Lot) -> list[OwnFiles]:
    """The files of a lot, the tender's first, then each bidder's; one query."""
    order = {FileRole.TENDER: 0, FileRole.RECORD: 1, FileRole.BID: 2}
    rows = sorted(
        Submission.objects.filter(lot=lot).select_related("uploaded_by"),
        key=lambda one: (order[FileRole(one.role)], one.bidder, one.file_name),
    )
    groups = groupby(rows, key=lambda one: (one.role, one.bidder))
    return [OwnFiles(role, bidder, list(own)) for (role, bidder), own in groups]


def expected_bidders(lot: Lot) -> list[str]:
    """The bidders that the dossier names."""
    names = Bid.objects.filter(lot=lot, ended_at=None).values_list("tenderer__name", flat=True)
    return sorted(set(names))


def parties_of(finding: SimilarityFinding) -> list[Party | str]:
    """The bidders of a finding as the dossier knows them, else their names."""
    bids = Bid.objects.filter(lot=finding.lot_id).select_related("tenderer")
    known = {plain(bid.tenderer.name): bid.tenderer for bid in bids}
    return [known.get(plain(name), name) for name in finding.subjects]


def latest_runs(user: User, project_id: int) -> list[Run]:
    """The latest comparison of each lot of a dossier."""
    rows = Run.objects.visible_to(user).filter(project_id=project_id).select_related("lot").order_by("-pk")
    latest: dict[int, Run] = {}
    for run in rows:
        latest.setdefault(run.lot_id, run)
    return list(latest.values())


def listed_findings(user: User) -> QuerySet[SimilarityFinding]:
    """Findings as lists show them."""
    return SimilarityFinding.objects.visible_to(user).select_related("lot", "run")


def listed_runs(user: User) -> QuerySet[Run]:
    """Comparisons as lists show them."""
    return Run.objects.visible_to(user).select_related("lot", "ordered_by")


def waiting_by_lot(user: User) -> QuerySet[Any]:
    """Lots with findings that nobody has decided: how many wait, how many are candidates, how many wait for a decision."""
    findings = SimilarityFinding.objects.visible_to(user).filter(state__in=OPEN_STATES)
    open_ones = Q(similarity_findings__state__in=OPEN_STATES)
    return (
        Lot.objects.filter(pk__in=findings.order_by().values("lot"))
        .select_related("project")
        .annotate(
            waiting=Count("similarity_findings", filter=open_ones),
            deemed=Count(
                "similarity_findings",
                filter=open_ones
                & Q(similarity_findings__level=Level.DEEMED, similarity_findings__explained=False),
            ),
            deciding=Count("similarity_findings", filter=Q(similarity_findings__state="待决定")),
        )
        .order_by("-deemed", "-pk")
    )


def opinions_now(finding: SimilarityFinding) -> list[Opinion]:
    """The opinions of the present round."""
    rows = finding.opinions.filter(round=finding.round)
    return list(rows.select_related("officer__user", "officer__authority"))


def missing_for_decision(finding: SimilarityFinding) -> list[str]:
    """What REFERENCE C.5 still asks for before a decision, in sentences for people; empty when it is complete."""
    from django.utils.translation import gettext as _
    from django.utils.translation import ngettext

    missing = []
    untested = sum(item["state"] == ExclusionState.OPEN for item in finding.exclusions)
    if untested:
        missing.append(
            ngettext("%(n)d exclusion is not tested", "%(n)d exclusions are not tested", untested)
            % {"n": untested}
        )
    if finding.level == Level.DEEMED:
        heard = set(finding.explanations.values_list("bidder", flat=True))
        silent = [name for name in finding.subjects if name not in heard]
        if silent:
            missing.append(_("not heard: %(names)s") % {"names": "、".join(silent)})
    lacking = 2 - len({one.officer_id for one in opinions_now(finding)})
    if lacking > 0:
        missing.append(
            ngettext(
                "the opinion of %(n)d more officer is needed",
                "the opinions of %(n)d more officers are needed",
                lacking,
            )
            % {"n": lacking}
        )
    return missing


def may_be_acted_on(finding: SimilarityFinding) -> bool:
    """Whether the officers' opinions and the exclusions allow more than ruling out or checking on."""
    return not finding.explained and all(
        one.conclusion == Conclusion.SUPPORTED for one in opinions_now(finding)
    )


def pair_of(finding: SimilarityFinding) -> Pair | None:
    """The pair of texts behind a finding between two bidders."""
    if len(finding.subjects) < 2:
        return None
    a, b = sorted(finding.subjects[:2])
    return Pair.objects.filter(run=finding.run_id, a=a, b=b).first()


def findings_of_pair(pair: Pair) -> list[SimilarityFinding]:
    """Findings of the same comparison that both bidders are part of, the rarest shared errors first."""
    rows = SimilarityFinding.objects.filter(run=pair.run_id).order_by("rank", "pk")
    both = [one for one in rows if pair.a in one.subjects and pair.b in one.subjects]
    return sorted(
        both, key=lambda one: (one.check_code != "T-2", -one.weight if one.check_code == "T-2" else one.rank)
    )


@dataclass(frozen=True)
class ShownEarlier:
    """An earlier bid as one reader sees it: whose it is, or (`is_hidden`) only that there is one; places are [page, start, end]."""

    use: EarlierBid
    is_hidden: bool
    own_place: tuple[int, int, int]
    place: tuple[int, int, int]

    @property
    def count(self) -> int:
        """How many passages are listed."""
        return len(self.use.passages)


def earlier_bids(user: User, **of: Any) -> list[ShownEarlier]:
    """The earlier bids of a finding or of a comparison's findings, of which the user sees the finding; few queries for all."""
    rows = EarlierBid.objects.filter(finding__in=SimilarityFinding.objects.visible_to(user), **of)
    uses = list(rows.select_related("finding__lot", "project", "lot", "text"))
    seen = set(
        EarlierBid.objects.visible_to(user)
        .filter(pk__in=[one.pk for one in uses])
        .values_list("pk", flat=True)
    )
    own = {
        (one.run_id, one.name): one
        for one in ExtractedText.objects.filter(
            run__in={one.finding.run_id for one in uses}, name__in={one.own_file for one in uses}
        )
    }
    return [_shown(one, own.get((one.finding.run_id, one.own_file)), one.pk not in seen) for one in uses]


def sees_earlier_bids(user: User, finding: SimilarityFinding) -> bool:
    """Whether the user sees the dossiers of all earlier bids behind a finding."""
    return not finding.earlier_bids.exclude(pk__in=EarlierBid.objects.visible_to(user)).exists()


def _shown(use: EarlierBid, own: ExtractedText | None, is_hidden: bool) -> ShownEarlier:
    start, end, first, last = use.passages[0]
    return ShownEarlier(
        use,
        is_hidden,
        (own.page_of(start) if own else 0, start, end),
        (use.text.page_of(first) if use.text else 0, first, last),
    )
