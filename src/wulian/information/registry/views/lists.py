"""The registry's lists."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.views import Action, ListView
from wulian.information.registry import filters, tables
from wulian.information.registry.models import Bid, Contract, Lot, Notice, Party, Project
from wulian.information.registry.permissions import may_import
from wulian.information.registry.services.merges import MERGERS


class ProjectList(ListView):
    model = Project
    table_class = tables.ProjectTable
    filter_class = filters.ProjectFilter
    template_name = "registry/list.html"
    title = _("Dossiers")
    subtitle = _("One dossier per project, from approval to acceptance")
    wing = "information"
    empty_text = _("Dossiers come in through an import.")

    def get_queryset(self) -> QuerySet[Project]:
        return super().get_queryset().filter(ended_at=None).select_related("owner").order_by("-id")

    def get_actions(self) -> list[Action]:
        if not may_import(self.request.user):
            return []
        return [Action(_("Import"), reverse("registry:imports"), icon="upload")]


class LotList(ListView):
    model = Lot
    table_class = tables.LotTable
    filter_class = filters.LotFilter
    title = _("Lots")
    wing = "information"

    def get_queryset(self) -> QuerySet[Lot]:
        return (
            super()
            .get_queryset()
            .filter(ended_at=None)
            .select_related("tender__procuring_entity", "project")
            .order_by("-id")
        )


class BidList(ListView):
    model = Bid
    table_class = tables.BidTable
    filter_class = filters.BidFilter
    title = _("Bids")
    wing = "information"

    def get_queryset(self) -> QuerySet[Bid]:
        return super().get_queryset().filter(ended_at=None).select_related("tenderer", "lot").order_by("-id")


class PartyList(ListView):
    model = Party
    table_class = tables.PartyTable
    filter_class = filters.PartyFilter
    title = _("Parties")
    subtitle = _("Firms, authorities and agencies that take part in tenders")
    wing = "information"

    def get_queryset(self) -> QuerySet[Party]:
        return super().get_queryset().current().order_by("-id")

    def get_actions(self) -> list[Action]:
        if not self.request.user.has_role(*MERGERS):
            return []
        return [Action(_("Merge parties"), reverse("registry:merge_parties"), icon="arrow-merge")]


class ContractList(ListView):
    model = Contract
    table_class = tables.ContractTable
    filter_class = filters.ContractFilter
    title = _("Contracts")
    wing = "information"

    def get_queryset(self) -> QuerySet[Contract]:
        return super().get_queryset().filter(ended_at=None).select_related("lot", "supplier").order_by("-id")


class NoticeList(ListView):
    model = Notice
    table_class = tables.NoticeTable
    filter_class = filters.NoticeFilter
    title = _("Notices")
    wing = "information"

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().filter(ended_at=None).order_by("-id")
