"""Tables of the registry's lists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import django_tables2
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.tables import DateColumn, DateTimeColumn, LongTable, MoneyColumn
from wulian.core.ui.templatetags.ui import light_word
from wulian.information.registry.filters import REGIONS
from wulian.information.registry.lights import Light, lights, severities
from wulian.information.registry.models import Bid, Contract, Lot, Notice, Party, Project
from wulian.information.registry.selectors import BidsAndWins, counts_of_parties
from wulian.information.registry.stages import stage_of

_REGION_NAMES = dict(REGIONS)
DOSSIER = ("registry:dossier", {"pk": django_tables2.A("project_id")})
NO_WRAP = {"td": {"class": "text-nowrap"}}
RIGHT = {"td": {"class": "text-end"}, "th": {"class": "text-end"}}


_DOT = '<span class="rg-dot rg-{}" role="img" aria-label="{} {}" title="{}"></span>'


def _spoken(row: list[Light]) -> Iterator[tuple[str, str, str, str]]:
    return ((light.colour, light.title, light_word(light.colour), light.title) for light in row)


class RegionColumn(django_tables2.Column):
    """A region code as its name."""

    def render(self, value: str) -> str:
        return _REGION_NAMES.get(value, value)


class LightsColumn(django_tables2.Column):
    """Seven small lights; the findings of a page's projects are asked for once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            empty_values=(), orderable=kwargs.pop("orderable", True), order_by=("stage", "id"), **kwargs
        )
        self.attrs.setdefault("td", {})["class"] = "text-nowrap"

    def render(self, record: Project, table: Any) -> str:
        found = getattr(table, "findings", None)
        if found is None:
            page = getattr(table, "page", None)
            rows = [row.record for row in page.object_list] if page else [record]
            found = table.findings = severities([row.pk for row in rows])
        return format_html_join("", _DOT, _spoken(lights(record.stage, found.get(record.pk, {}))))

    def value(self, record: Project) -> str:
        stage = stage_of(record.stage)
        return stage.title if stage else ""


class ProjectTable(LongTable):
    name = django_tables2.Column(
        verbose_name=_("Project"), linkify=("registry:dossier", {"pk": django_tables2.A("pk")})
    )
    project_code = django_tables2.Column(verbose_name=_("Project code"), orderable=False, attrs=NO_WRAP)
    owner = django_tables2.Column(verbose_name=_("Owner"), orderable=False)
    sector = django_tables2.Column(verbose_name=_("Sector"), order_by=("sector", "id"))
    region_code = RegionColumn(verbose_name=_("Area"), order_by=("region_code", "id"))
    stage = LightsColumn(verbose_name=_("Seven lights"))
    total_investment = MoneyColumn(verbose_name=_("Total investment"), order_by=("total_investment", "id"))
    approved_on = DateColumn(verbose_name=_("Approved"), order_by=("approved_on", "id"))

    class Meta(LongTable.Meta):
        model = Project
        fields = (
            "name",
            "project_code",
            "owner",
            "sector",
            "region_code",
            "stage",
            "total_investment",
            "approved_on",
        )


class LotTable(LongTable):
    name = django_tables2.Column(verbose_name=_("Lot"), linkify=DOSSIER, orderable=False)
    lot_code = django_tables2.Column(verbose_name=_("Lot code"), orderable=False)
    category = django_tables2.Column(verbose_name=_("Category"), order_by=("category", "id"))
    mode = django_tables2.Column(
        verbose_name=_("Tendering method"), accessor="tender__get_mode_display", orderable=False
    )
    procuring_entity = django_tables2.Column(
        verbose_name=_("Procuring entity"), accessor="tender__procuring_entity", orderable=False
    )
    ceiling_price = MoneyColumn(verbose_name=_("Ceiling price"), orderable=False)
    region = RegionColumn(verbose_name=_("Area"), accessor="project__region_code", orderable=False)

    class Meta(LongTable.Meta):
        model = Lot
        fields = ("name", "lot_code", "category", "mode", "procuring_entity", "ceiling_price", "region")


class BidTable(LongTable):
    tenderer = django_tables2.Column(
        verbose_name=_("Tenderer"),
        linkify=("registry:party", {"pk": django_tables2.A("tenderer_id")}),
        orderable=False,
    )
    lot = django_tables2.Column(verbose_name=_("Lot"), linkify=DOSSIER, orderable=False)
    price = MoneyColumn(verbose_name=_("Price"), order_by=("price", "id"))
    status = django_tables2.Column(verbose_name=_("State"), order_by=("status", "id"))
    uploaded_at = DateTimeColumn(verbose_name=_("Received at"), order_by=("uploaded_at", "id"))
    manager_name = django_tables2.Column(verbose_name=_("Project manager"), orderable=False)

    class Meta(LongTable.Meta):
        model = Bid
        fields = ("tenderer", "lot", "price", "status", "uploaded_at", "manager_name")


class PartyTable(LongTable):
    name = django_tables2.Column(
        verbose_name=_("Name"), linkify=("registry:party", {"pk": django_tables2.A("pk")})
    )
    uscc = django_tables2.Column(verbose_name=_("Unified social credit code"))
    kind = django_tables2.Column(verbose_name=_("Party kind"), orderable=False)
    legal_representative = django_tables2.Column(verbose_name=_("Legal representative"), orderable=False)
    bids = django_tables2.Column(verbose_name=_("Bids"), empty_values=(), orderable=False, attrs=RIGHT)
    wins = django_tables2.Column(verbose_name=_("Awards"), empty_values=(), orderable=False, attrs=RIGHT)

    class Meta(LongTable.Meta):
        model = Party
        fields = ("name", "uscc", "kind", "legal_representative", "bids", "wins")

    @cached_property
    def counts(self) -> dict[int, BidsAndWins]:
        """Bids and awards of the parties of the page, or of all rows of an export; asked for once."""
        page = getattr(self, "page", None)
        return counts_of_parties([row.record.pk for row in page.object_list] if page else None)

    def render_bids(self, record: Party) -> int:
        return self.counts.get(record.pk, BidsAndWins()).bids

    def render_wins(self, record: Party) -> int:
        return self.counts.get(record.pk, BidsAndWins()).wins


class ContractTable(LongTable):
    contract_no = django_tables2.Column(
        verbose_name=_("Contract no."), linkify=DOSSIER, orderable=False, empty_values=(None,)
    )
    lot = django_tables2.Column(verbose_name=_("Lot"), linkify=DOSSIER, orderable=False)
    supplier = django_tables2.Column(verbose_name=_("Supplier"), orderable=False)
    price = MoneyColumn(verbose_name=_("Contract price"), order_by=("price", "id"))
    signed_at = DateColumn(verbose_name=_("Signed"), order_by=("signed_at", "id"))

    class Meta(LongTable.Meta):
        model = Contract
        fields = ("contract_no", "lot", "supplier", "price", "signed_at")


class NoticeTable(LongTable):
    title = django_tables2.Column(verbose_name=_("Title"), linkify=DOSSIER, orderable=False)
    kind = django_tables2.Column(verbose_name=_("Notice kind"), attrs=NO_WRAP, order_by=("kind", "id"))
    published_at = DateTimeColumn(verbose_name=_("Published at"), order_by=("published_at", "id"))
    ends_at = DateTimeColumn(verbose_name=_("Ends"), orderable=False)
    media = django_tables2.Column(verbose_name=_("Media"), orderable=False)

    class Meta(LongTable.Meta):
        model = Notice
        fields = ("title", "kind", "published_at", "ends_at", "media")
