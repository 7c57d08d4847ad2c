"""Tables of the reports, and of tenders and awards, which have no list elsewhere."""

from __future__ import annotations

from typing import Any

import django_tables2
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.tables import DateColumn, DateTimeColumn, MoneyColumn, Table
from wulian.core.ui.views import ListView
from wulian.dashboards.models import BriefingReport
from wulian.information.registry.models import Award, Tender
from wulian.information.registry.tables import DOSSIER, RegionColumn


class TenderTable(Table):
    name = django_tables2.Column(verbose_name=_("Tender"), linkify=DOSSIER, orderable=False)
    mode = django_tables2.Column(verbose_name=_("Tendering method"))
    procuring_entity = django_tables2.Column(verbose_name=_("Procuring entity"), orderable=False)
    agency = django_tables2.Column(verbose_name=_("Agency"), orderable=False)
    region = RegionColumn(verbose_name=_("Area"), accessor="project__region_code", orderable=False)

    class Meta(Table.Meta):
        model = Tender
        fields = ("name", "mode", "procuring_entity", "agency", "region")


class AwardTable(Table):
    lot = django_tables2.Column(verbose_name=_("Lot"), linkify=DOSSIER, orderable=False)
    supplier = django_tables2.Column(
        verbose_name=_("Supplier"),
        linkify=("registry:party", {"pk": django_tables2.A("supplier_id")}),
        orderable=False,
    )
    price = MoneyColumn(verbose_name=_("Award price"), orderable=False)
    status = django_tables2.Column(verbose_name=_("State"), orderable=False)
    decided_at = DateColumn(verbose_name=_("Decided"))

    class Meta(Table.Meta):
        model = Award
        fields = ("lot", "supplier", "price", "status", "decided_at")


class TenderList(ListView):
    """Tenders one may see."""

    model = Tender
    table_class = TenderTable
    title = _("Tenders")
    wing = "information"

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().filter(ended_at=None)
        return rows.select_related("procuring_entity", "agency", "project").order_by("-id")


class AwardList(ListView):
    """Awards one may see."""

    model = Award
    table_class = AwardTable
    title = _("Awards")
    wing = "information"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(ended_at=None).select_related("lot", "supplier").order_by("-id")


class ReportTable(Table):
    title = django_tables2.Column(
        verbose_name=_("Meeting report"), accessor="pk", linkify=True, orderable=False
    )
    state = django_tables2.Column(verbose_name=_("State"))
    requested_by = django_tables2.Column(verbose_name=_("Report prepared by"), orderable=False)
    generated_at = DateTimeColumn(verbose_name=_("Computed at"), orderable=False)

    class Meta(Table.Meta):
        model = BriefingReport
        fields = ("title", "state", "requested_by", "generated_at")

    def render_title(self, record: BriefingReport) -> str:
        """Return what the report is called: it has no column of its own for that."""
        return str(record)
