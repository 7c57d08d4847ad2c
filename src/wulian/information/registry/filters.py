"""Filters of the registry's lists; each one is served by an index."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.filters import DateRangeWidget, FilterSet
from wulian.information.registry import choices as c
from wulian.information.registry.models import Bid, Contract, Lot, Notice, Party, Project, SearchEntry
from wulian.information.registry.models.base import DossierQuerySet
from wulian.information.registry.stages import STAGES

REGIONS = [("421300", "随州市本级"), ("421303", "曾都区"), ("421321", "随县"), ("421381", "广水市")]
STAGE_CHOICES = [(stage.code, stage.title) for stage in STAGES]


def projects_matching(text: str) -> QuerySet:
    """Ids of the projects whose words hold ``text`` (full-text index)."""
    return SearchEntry.objects.filter(kind=c.SearchKind.PROJECT).matching(text).values("project_id")


def parties_matching(text: str) -> QuerySet:
    """Ids of the parties whose words hold ``text``."""
    return SearchEntry.objects.filter(kind=c.SearchKind.PARTY).matching(text).values("party_id")


class DossierFilter(FilterSet):
    """Words, sector and region of the project that a row hangs from; ``project_path`` leads to it."""

    project_path = "project__"

    q = django_filters.CharFilter(method="by_words", label=_("Project words"))
    sector = django_filters.ChoiceFilter(choices=c.Sector.choices, method="by_sector", label=_("Sector"))
    region = django_filters.ChoiceFilter(choices=REGIONS, method="by_region", label=_("Area"))

    def by_words(self, queryset: DossierQuerySet, name: str, value: str) -> QuerySet:
        path = self.project_path.removesuffix("__") or "pk"
        return queryset.filter(**{f"{path}__in": projects_matching(value)})

    def by_sector(self, queryset: DossierQuerySet, name: str, value: str) -> QuerySet:
        return queryset.of_projects(Q(sector=value))

    def by_region(self, queryset: DossierQuerySet, name: str, value: str) -> QuerySet:
        return queryset.of_projects(Q(region_code=value))


class ProjectFilter(DossierFilter):
    project_path = ""

    stage = django_filters.ChoiceFilter(choices=STAGE_CHOICES, method="by_stage", label=_("Stage"))
    owner = django_filters.CharFilter(method="by_owner", label=_("Owner"))
    approved_on = django_filters.DateFromToRangeFilter(label=_("Approved between"), widget=DateRangeWidget())
    total_investment = django_filters.RangeFilter(label=_("Investment between (CNY)"))

    class Meta:
        model = Project
        fields: list[str] = []

    def by_stage(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        stage = next(stage for stage in STAGES if stage.code == value)
        return queryset.filter(stage__in=stage.nodes)

    def by_owner(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(owner__in=parties_matching(value))


class LotFilter(DossierFilter):
    category = django_filters.ChoiceFilter(choices=c.LotCategory.choices, label=_("Category"))
    mode = django_filters.ChoiceFilter(
        field_name="tender__mode", choices=c.TenderMode.choices, label=_("Tendering method")
    )

    class Meta:
        model = Lot
        fields: list[str] = []


class BidFilter(DossierFilter):
    tenderer = django_filters.CharFilter(method="by_tenderer", label=_("Tenderer"))
    status = django_filters.ChoiceFilter(choices=c.BidStatus.choices, label=_("State"))
    uploaded_at = django_filters.DateFromToRangeFilter(label=_("Received between"), widget=DateRangeWidget())
    price = django_filters.RangeFilter(label=_("Price between (CNY)"))

    class Meta:
        model = Bid
        fields: list[str] = []

    def by_tenderer(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(tenderer__in=parties_matching(value))


class PartyFilter(FilterSet):
    q = django_filters.CharFilter(method="by_words", label=_("Name or credit code"))
    kind = django_filters.ChoiceFilter(choices=c.PartyKind.choices, label=_("Party kind"))

    class Meta:
        model = Party
        fields: list[str] = []

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(Q(pk__in=parties_matching(value)))


class ContractFilter(DossierFilter):
    supplier = django_filters.CharFilter(method="by_supplier", label=_("Supplier"))
    signed_at = django_filters.DateFromToRangeFilter(label=_("Signed between"), widget=DateRangeWidget())
    price = django_filters.RangeFilter(label=_("Price between (CNY)"))

    class Meta:
        model = Contract
        fields: list[str] = []

    def by_supplier(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(supplier__in=parties_matching(value))


class NoticeFilter(DossierFilter):
    kind = django_filters.ChoiceFilter(choices=c.NoticeKind.choices, label=_("Notice kind"))
    published_at = django_filters.DateFromToRangeFilter(
        label=_("Published between"), widget=DateRangeWidget()
    )

    class Meta:
        model = Notice
        fields: list[str] = []
