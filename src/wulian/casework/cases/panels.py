"""What casework shows on the pages of the registry."""

from __future__ import annotations

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.models import Case, Lead
from wulian.casework.cases.selectors import (
    cases_of_party,
    cases_of_project,
    latest_moments,
    leads_of_project,
)
from wulian.core.clocks.selectors import first_clocks
from wulian.core.ui import panels

SHOWN_MOMENTS = 12


def render_project_panel(request: HttpRequest, project: Model) -> str:
    """Return the leads and cases of a dossier with their latest steps and documents, or nothing when there is none to see."""
    leads = list(leads_of_project(project, request.user))  # type: ignore[arg-type]
    cases = list(cases_of_project(project, request.user))  # type: ignore[arg-type]
    if not leads and not cases:
        return ""
    for model, records in ((Lead, leads), (Case, cases)):
        clocks = first_clocks(model, [record.pk for record in records])
        for record in records:
            record.clock = clocks.get(record.pk)  # type: ignore[union-attr]
    return render_to_string(
        "cases/_for_project.html",
        {"leads": leads, "cases": cases, "moments": latest_moments(leads, cases, SHOWN_MOMENTS)},
        request=request,
    )


def render_party_panel(request: HttpRequest, party: Model) -> str:
    """Return the cases against a party, or nothing."""
    cases = list(cases_of_party(party, request.user))  # type: ignore[arg-type]
    return render_to_string("cases/_for_party.html", {"cases": cases}, request=request) if cases else ""


def register_panels() -> None:
    """Put casework on the dossier and the party page."""
    panels.register("project", "casework", _("Leads and cases"), render_project_panel, icon="gavel", order=20)
    panels.register("party", "cases", _("Cases"), render_party_panel, icon="gavel", order=20)
