"""Cubes over the dossiers: projects, tenders, lots, bids, awards, contracts."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from wulian.dashboards.cubes.cube import Cube
from wulian.dashboards.cubes.dimensions import Computed, Dimension, Link, choose
from wulian.dashboards.cubes.measures import Measure, discount, in_yuan
from wulian.dashboards.tables import AwardList, TenderList
from wulian.information.registry import choices as c
from wulian.information.registry.filters import REGIONS, STAGE_CHOICES
from wulian.information.registry.models import Award, Bid, Contract, Lot, Notice, Project, Tender
from wulian.information.registry.stages import STAGES

CURRENT = Q(ended_at=None)
COUNT = Measure("count", _("How many"))
OPENING_NOTICES = (c.NoticeKind.TENDER, c.NoticeKind.PREQUALIFICATION, c.NoticeKind.INVITATION)
LATER_NOTICES = tuple(kind for kind in c.NoticeKind if kind not in OPENING_NOTICES)


def _project(path: str = "project__") -> tuple[Dimension, ...]:
    return (
        Dimension("sector", _("Sector"), f"{path}sector", lambda: c.Sector.choices),
        Dimension("region", _("Area"), f"{path}region_code", lambda: REGIONS),
        Link("owner", _("Owner"), f"{path}owner", name="name"),
    )


def _tender(path: str) -> tuple[Dimension, ...]:
    return (
        Dimension("mode", _("Tendering method"), f"{path}mode", lambda: c.TenderMode.choices),
        Link("entity", _("Procuring entity"), f"{path}procuring_entity", name="name"),
        Link("agency", _("Agency"), f"{path}agency", name="name"),
    )


def _category(path: str) -> Dimension:
    return Dimension("category", _("Category"), f"{path}category", lambda: c.LotCategory.choices)


def _stage() -> Any:
    return choose(*((Q(stage__in=stage.nodes), stage.code) for stage in STAGES))


def _published(path: str) -> Any:
    """When a lot was first announced; of a tender, its first lot."""
    notices = Notice.objects.filter(**{path: OuterRef("pk")}, ended_at=None, published_at__isnull=False)
    # Said the other way round: by the index on the kind, SQLite would read all notices of the city for each lot.
    notices = notices.exclude(kind__in=LATER_NOTICES)
    return Subquery(notices.order_by("published_at").values("published_at")[:1])


def _decided() -> Any:
    awards = Award.objects.filter(lot=OuterRef("pk"), ended_at=None, decided_at__isnull=False)
    return Subquery(awards.order_by("decided_at").values("decided_at")[:1])


def _bidders() -> Any:
    """How many bids a lot received that were not withdrawn; empty when none is known."""
    bids = Bid.objects.filter(lot=OuterRef("pk"), ended_at=None).exclude(status=c.BidStatus.WITHDRAWN)
    return Subquery(bids.order_by().values("lot").annotate(n=Count("pk")).values("n"))


def _amount(code: str, label: Any, average: Any, path: str, **values: Any) -> tuple[Measure, Measure]:
    value = in_yuan(path, **values)
    return (
        Measure(code, label, "sum", "money", value),
        Measure(f"{code}_average", average, "average", "money", value),
    )


PROJECTS = Cube(
    "projects", _("Projects"), lambda: Project, "registry:projects", "approved_on", _("Approved between"),
    (
        *_project(""),
        Computed("stage", _("Stage"), "stage", lambda: STAGE_CHOICES, _stage),
        Dimension("approval", _("Kind of approval"), "approval_type", lambda: c.ApprovalType.choices),
    ),
    (COUNT, *_amount("investment", _("Total investment"), _("Average investment"), "total_investment", condition=None)),
    is_date=True, current=CURRENT,
)  # fmt: skip

TENDERS = Cube(
    "tenders", _("Tenders"), lambda: Tender, TenderList, "published", _("Announced between"),
    (
        *_project(),
        *_tender(""),
        Dimension("form", _("Organisation form"), "org_form", lambda: c.OrganisationForm.choices),
    ),
    (COUNT,),
    current=CURRENT, derived={"published": lambda: _published("lot__tender")},
)  # fmt: skip

LOTS = Cube(
    "lots", _("Lots"), lambda: Lot, "registry:lots", "published", _("Announced between"),
    (
        *_project(),
        _category(""),
        *_tender("tender__"),
        Dimension("award_mode", _("Award mode"), "award_mode", lambda: c.LotAwardMode.choices),
    ),
    (
        COUNT,
        *_amount(
            "ceiling", _("Ceiling prices"), _("Average ceiling price"), "ceiling_price",
            condition=Q(tender__currency__in=("CNY", "")),
        ),
        Measure("bidders", _("Average number of bidders"), "average", "number", _bidders),
        Measure(
            "days", _("Median days from notice to award"), "median", "days", start="published", end="decided"
        ),
    ),
    current=CURRENT, derived={"published": lambda: _published("lot"), "decided": _decided},
)  # fmt: skip

BIDS = Cube(
    "bids", _("Bids"), lambda: Bid, "registry:bids", "uploaded_at", _("Received between"),
    (
        *_project(),
        Dimension("status", _("State"), "status", lambda: c.BidStatus.choices),
        Link("tenderer", _("Tenderer"), "tenderer", name="name"),
        _category("lot__"),
        *_tender("lot__tender__"),
    ),
    (
        COUNT,
        *_amount("price", _("Bid prices"), _("Average bid price"), "price"),
        Measure("discount", _("Average discount"), "average", "percent", discount("price", "lot__ceiling_price")),
    ),
    current=CURRENT,
)  # fmt: skip

AWARDS = Cube(
    "awards", _("Awards"), lambda: Award, AwardList, "decided_at", _("Decided between"),
    (
        *_project(),
        Dimension("status", _("State"), "status", lambda: c.AwardStatus.choices),
        Link("supplier", _("Supplier"), "supplier", name="name"),
        _category("lot__"),
        *_tender("lot__tender__"),
    ),
    (
        COUNT,
        *_amount("price", _("Award prices"), _("Average award price"), "price"),
        Measure("discount", _("Average discount"), "average", "percent", discount("price", "lot__ceiling_price")),
    ),
    current=CURRENT,
)  # fmt: skip

CONTRACTS = Cube(
    "contracts", _("Contracts"), lambda: Contract, "registry:contracts", "signed_at", _("Signed between"),
    (
        *_project(),
        Link("supplier", _("Supplier"), "supplier", name="name"),
        _category("lot__"),
        *_tender("lot__tender__"),
    ),
    (COUNT, *_amount("price", _("Contract prices"), _("Average contract price"), "price")),
    current=CURRENT,
)  # fmt: skip

DOSSIER_CUBES = (PROJECTS, TENDERS, LOTS, BIDS, AWARDS, CONTRACTS)
