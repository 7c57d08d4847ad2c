"""Pages of leads."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from wulian.casework.cases import forms, services
from wulian.casework.cases.choices import Source
from wulian.casework.cases.filters import LeadFilter
from wulian.casework.cases.models import Case, Evidence, Lead
from wulian.casework.cases.permissions import may_add_evidence, may_edit_lead
from wulian.casework.cases.selectors import KINDS, officers_for, suggest_cause, suggest_law, timeline_of
from wulian.casework.cases.services.guards import current_assignments
from wulian.casework.cases.services.leads import FINDERS, LEAD_EVENTS
from wulian.casework.cases.tables import LeadTable
from wulian.casework.cases.views.base import CaseworkPage, OneLead, event_title
from wulian.core.ui.views import Action, Crumb, FormServiceView, ListView


class LeadListView(ListView):
    """Leads one may see."""

    model = Lead
    table_class = LeadTable
    filter_class = LeadFilter
    title = gettext_lazy("Leads")
    subtitle = gettext_lazy("What may be a violation: checked before anybody is accused")
    wing = "casework"
    empty_title = gettext_lazy("No lead yet")
    empty_text = gettext_lazy(
        "Leads come from alerts, complaints, tip-offs and inspections, or are entered by hand."
    )

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("authority")

    def get_actions(self) -> list[Action]:
        if not self.request.user.has_role(*FINDERS):
            return []
        return [Action(_("New lead"), reverse("cases:lead_new"), "plus", "btn-primary")]


class LeadNewView(CaseworkPage, FormServiceView):
    """Enter a lead by hand."""

    roles = FINDERS
    form_class = forms.LeadForm
    title = gettext_lazy("New lead")
    success_message = gettext_lazy("The lead is registered.")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(gettext_lazy("Leads"), reverse("cases:leads"))]

    def perform(self, form: Any) -> Lead:
        values = dict(form.cleaned_data)
        values["project"] = values.pop("project_code")
        return services.create_lead(actor=self.request.user, source=Source.MANUAL, **values)

    def get_success_url(self) -> str:
        seen = Lead.objects.visible_to(self.request.user).filter(pk=self.result.pk).exists()
        return self.result.get_absolute_url() if seen else reverse("cases:leads")


PAGES = {
    "assign_check": "cases:lead_assign",
    "propose_filing": "cases:lead_filing",
}
ICONS = {
    "assign_check": "users",
    "propose_filing": "gavel",
    "transfer": "arrow-forward-up",
    "decline_check": "ban",
    "conclude_unfounded": "circle-off",
}


class LeadView(OneLead, TemplateView):
    """One lead: what is known, who checks it, evidence, periods, timeline."""

    template_name = "cases/lead.html"

    def get_title(self) -> str:
        return self.lead.title

    def get_breadcrumbs(self) -> list[Crumb]:
        return super().get_breadcrumbs()[:1]

    def get_actions(self) -> list[Action]:
        lead = self.lead
        actions = []
        for able in self.abilities:
            page = PAGES.get(able.key)
            url = (
                reverse(page, args=[lead.pk])
                if page
                else reverse("cases:lead_step", args=[lead.pk, able.key])
            )
            actions.append(Action(able.title, url, ICONS.get(able.key, "check"), able.style))
        if may_edit_lead(lead, self.who):
            name = "cases:lead_examine" if lead.state == "L02" else "cases:lead_classify"
            actions.append(Action(_("Complete"), reverse(name, args=[lead.pk]), "edit"))
        return actions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        show = self.request.GET.get("show", "")
        moments = timeline_of(*filter(None, [self.lead, self._seen_case()]))
        return {
            **super().get_context_data(**kwargs),
            "lead": self.lead,
            "case": self._seen_case(),
            "origin": self._origin(),
            "assignments": current_assignments(self.lead),
            "evidence": Evidence.objects.visible_to(self.request.user)
            .filter(lead=self.lead)
            .select_related("added_by", "verified_by"),
            "may_add_evidence": may_add_evidence(self.lead, self.who, self.case),
            "moments": [item for item in moments if not show or item.kind == show],
            "kinds": KINDS,
            "show": show,
            "unclear": self.lead.authority is None,
        }

    def _seen_case(self) -> Case | None:
        if self.case is None:
            return None
        return Case.objects.visible_to(self.request.user).filter(pk=self.case.pk).first()

    def _origin(self) -> Any:
        """The record the lead came from, when the user may see it."""
        origin = self.lead.origin
        if origin is None or not hasattr(origin, "get_absolute_url"):
            return None
        rows = type(origin)._default_manager
        seen = (
            hasattr(rows, "visible_to") and rows.visible_to(self.request.user).filter(pk=origin.pk).exists()
        )
        return origin if seen else None


class LeadFormView(OneLead, FormServiceView):
    """A form about one lead."""

    submit_label = gettext_lazy("Submit")


class ExamineView(LeadFormView):
    form_class = forms.ExamineForm
    title = gettext_lazy("Complete the lead")
    success_message = gettext_lazy("The lead is completed.")

    def get_initial(self) -> dict[str, Any]:
        lead = self.lead
        names = ("title", "facts", "violation_code", "sector", "region_code", "conduct_date")
        return {**{name: getattr(lead, name) for name in names}, "party": str(lead.party or "")}

    def perform(self, form: Any) -> Lead:
        return services.examine_lead(actor=self.request.user, lead=self.lead, **form.cleaned_data)


class ClassifyView(LeadFormView):
    form_class = forms.ClassifyForm
    title = gettext_lazy("What the check has shown")
    success_message = gettext_lazy("The lead is completed.")

    def get_initial(self) -> dict[str, Any]:
        lead = self.lead
        return {
            "violation_code": lead.violation_code,
            "conduct_date": lead.conduct_date,
            "party": str(lead.party or ""),
        }

    def perform(self, form: Any) -> Lead:
        return services.classify_lead(actor=self.request.user, lead=self.lead, **form.cleaned_data)


class AssignView(LeadFormView):
    form_class = forms.AssignForm
    template_name = "cases/assign.html"
    success_message = gettext_lazy("The lead is with its officers.")

    def get_title(self) -> Any:
        return event_title(self.lead, "assign_check")

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["officers"].offer(officers_for(self.lead))
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "lead": self.lead}

    def perform(self, form: Any) -> Lead:
        return services.assign_lead(actor=self.request.user, lead=self.lead, **form.cleaned_data)


class FilingView(LeadFormView):
    form_class = forms.FilingForm
    success_message = gettext_lazy("The proposal is with the section head.")

    def get_title(self) -> Any:
        return event_title(self.lead, "propose_filing")

    def get_initial(self) -> dict[str, Any]:
        lead, party = self.lead, self.lead.party
        provisions, basis = suggest_law(lead)
        initial = {
            "cause": suggest_cause(lead),
            "facts": lead.facts,
            "provisions": provisions,
            "penalty_basis": basis,
            "conduct_place": lead.project.address if lead.project else "",
        }
        if party is not None:
            initial |= {
                "party_identifier": party.uscc,
                "party_address": party.address,
                "party_representative": party.legal_representative,
                "party_contact": party.phone,
            }
        return initial

    def perform(self, form: Any) -> Case:
        return services.request_filing(actor=self.request.user, lead=self.lead, **form.cleaned_data)

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()


class LeadStepView(LeadFormView):
    """A plain step of a lead, with its reason."""

    form_class = forms.NoteForm

    @property
    def event(self) -> str:
        event: str = self.kwargs["event"]
        if event not in LEAD_EVENTS:
            raise Http404
        return event

    def get_title(self) -> Any:
        return event_title(self.lead, self.event)

    def get_form_kwargs(self) -> dict[str, Any]:
        transition = self.lead.get_procedure().transition(self.event, self.lead.state)
        return {**super().get_form_kwargs(), "required": bool(transition and transition.note_required)}

    def perform(self, form: Any) -> Lead:
        return services.take_lead_step(
            actor=self.request.user, lead=self.lead, event=self.event, note=form.cleaned_data["note"]
        )
