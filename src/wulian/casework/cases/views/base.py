"""What the pages of one lead and of one case share."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.models import Case, Lead
from wulian.casework.cases.permissions import (
    Ability,
    Involvement,
    case_abilities,
    involvement_of,
    lead_abilities,
)
from wulian.casework.cases.selectors import live_case
from wulian.core.ui.views import Crumb, PageMixin


class CaseworkPage(PageMixin):
    wing = "casework"

    @cached_property
    def who(self) -> Involvement:
        return involvement_of(self.request.user)


class OneLead(CaseworkPage):
    """A page about one lead that the user may see."""

    @cached_property
    def lead(self) -> Lead:
        rows = Lead.objects.visible_to(self.request.user)
        rows = rows.select_related("authority", "party", "project", "lot", "created_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def case(self) -> Case | None:
        return live_case(self.lead)

    @cached_property
    def abilities(self) -> list[Ability]:
        return lead_abilities(self.lead, self.who)

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Leads"), reverse("cases:leads")),
            Crumb(self.lead.lead_no, self.lead.get_absolute_url()),
        ]

    def get_success_url(self) -> str:
        return self.lead.get_absolute_url()


class OneCase(CaseworkPage):
    """A page about one case that the user may see."""

    @cached_property
    def case(self) -> Case:
        rows = Case.objects.visible_to(self.request.user)
        rows = rows.select_related(
            "authority", "party", "project", "lot", "lead", "proposed_by", "endorsed_by", "decision__document"
        )
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def abilities(self) -> list[Ability]:
        return case_abilities(self.case, self.who)

    def get_breadcrumbs(self) -> list[Crumb]:
        name = self.case.case_no or self.case.lead.lead_no
        return [Crumb(_("Cases"), reverse("cases:cases")), Crumb(name, self.case.get_absolute_url())]

    def get_success_url(self) -> str:
        return self.case.get_absolute_url()


def event_title(record: Lead | Case, event: str) -> Any:
    """The Chinese title of an event of the procedure."""
    return record.get_procedure().event_title(event)
