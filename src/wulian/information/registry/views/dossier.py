"""One project, one dossier."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from wulian.core.ui.panels import panels_for
from wulian.core.ui.views import Action, Crumb, PageMixin
from wulian.information.registry.models import Lot, Party, Project, RegistryChange
from wulian.information.registry.permissions import reads_sensitive
from wulian.information.registry.selectors import dossier_stages, lot_sheet, parties_involved, party_numbers
from wulian.information.registry.services.merges import MERGERS

SHOWN_AT_ONCE = 3


class DossierView(PageMixin, TemplateView):
    """The dossier page; the chosen lot (``?lot=``) is shown whole, the others are a click away."""

    template_name = "registry/dossier.html"
    wing = "information"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        project = get_object_or_404(
            Project.objects.visible_to(self.request.user).select_related("owner"), pk=self.kwargs["pk"]
        )
        lots = list(
            Lot.objects.filter(project=project, ended_at=None)
            .select_related("tender", "tender__agency")
            .order_by("id")
        )
        wanted = self.request.GET.get("lot", "")
        lot = next((item for item in lots if str(item.pk) == wanted), lots[0] if lots else None)
        self.title = project.name
        return {
            **super().get_context_data(**kwargs),
            "project": project,
            "lots": lots,
            "chosen": lot,
            "sheet": lot_sheet(lot) if lot else None,
            "stages": dossier_stages(project, lot),
            "parties": parties_involved(project, lots),
            "panels": panels_for("project", self.request, project),
            "reads_sensitive": reads_sensitive(self.request.user),
        }

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Dossiers"), reverse("registry:projects"))]


def dossier_history(request: HttpRequest, pk: int) -> HttpResponse:
    """A page of the dossier's history, for the history section."""
    project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
    changes = RegistryChange.objects.filter(project=project).select_related("actor", "import_run")
    page = Paginator(changes, 20).get_page(request.GET.get("page"))
    return render(request, "registry/_history.html", {"page": page, "project": project})


class PartyView(PageMixin, TemplateView):
    """One party: who it is, what it bid for, whom it met."""

    template_name = "registry/party.html"
    wing = "information"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        party = get_object_or_404(
            Party.objects.visible_to(self.request.user).select_related("merged_into"), pk=self.kwargs["pk"]
        )
        self.title = party.name
        return {
            **super().get_context_data(**kwargs),
            "party": party,
            "identifiers": party.identifiers.all(),
            "numbers": party_numbers(party, self.request.user),
            "panels": panels_for("party", self.request, party),
            "reads_sensitive": reads_sensitive(self.request.user),
        }

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Parties"), reverse("registry:parties"))]

    def get_actions(self) -> list[Action]:
        if not self.request.user.has_role(*MERGERS):
            return []
        address = f"{reverse('registry:merge_parties')}?keep={self.kwargs['pk']}"
        return [Action(_("Merge with another party"), address, icon="arrow-merge")]
