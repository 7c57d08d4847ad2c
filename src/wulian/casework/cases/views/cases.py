"""Pages of cases."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from wulian.casework.cases import forms, services
from wulian.casework.cases.filters import CaseFilter
from wulian.casework.cases.models import Case, Evidence
from wulian.casework.cases.permissions import may_add_evidence, may_change_officers, may_revoke
from wulian.casework.cases.sections import sections_for
from wulian.casework.cases.selectors import (
    KINDS,
    last_values,
    officers_for,
    position_of,
    stages_of,
    suggest_base,
    timeline_of,
)
from wulian.casework.cases.services.guards import current_assignments
from wulian.casework.cases.services.steps import NEEDS_WORDS, PLAIN_STEPS
from wulian.casework.cases.tables import CaseTable
from wulian.casework.cases.views.base import OneCase, event_title
from wulian.core.ui.views import Action, ActionView, Crumb, FormServiceView, ListView
from wulian.office.consultations.models import Consultation

PAGES = {
    "endorse_filing": "cases:endorse",
    "approve_filing": "cases:approve",
    "reject_filing": "cases:reject",
    "finish_investigation": "cases:report",
    "issue_notice": "cases:notice",
    "serve_notice": "cases:serve_notice",
    "record_statement": "cases:statement",
    "receive_hearing_request": "cases:hearing",
    "finish_statement_review": "cases:answer",
    "decide_penalty": "cases:decide",
    "decide_no_penalty": "cases:no_penalty",
    "record_service": "cases:serve",
    "record_payment": "cases:payment",
}
BUTTONS = {"close_statement_term": "cases:close_term", "seal_decision": "cases:seal"}
"""Steps that need nothing but a click."""

ICONS = {
    "endorse_filing": "signature", "approve_filing": "gavel", "reject_filing": "ban", "finish_investigation": "report",
    "issue_notice": "file-text", "serve_notice": "mail-forward", "record_statement": "message-2",
    "receive_hearing_request": "microphone-2", "finish_statement_review": "message-check", "decide_penalty": "gavel",
    "decide_no_penalty": "circle-off", "record_service": "mail-forward", "record_payment": "cash",
    "seal_decision": "rubber-stamp", "close_statement_term": "calendar-check", "return_investigation": "arrow-back-up",
    "archive": "archive", "approve_closing": "folder-check", "suspend": "player-pause", "resume": "player-play",
}  # fmt: skip


class CaseListView(ListView):
    """Cases one may see."""

    model = Case
    table_class = CaseTable
    filter_class = CaseFilter
    title = gettext_lazy("Cases")
    subtitle = gettext_lazy("Administrative penalty cases in the name of the competent authority")
    wing = "casework"
    empty_title = gettext_lazy("No case yet")
    empty_text = gettext_lazy("A case begins when a checked lead is proposed for filing.")

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("authority", "party", "decision")


class CaseView(OneCase, TemplateView):
    """One case: where it stands, what is next, and one timeline."""

    template_name = "cases/case.html"

    def get_title(self) -> str:
        return self.case.cause

    def get_breadcrumbs(self) -> list[Crumb]:
        return super().get_breadcrumbs()[:1]

    def get_actions(self) -> list[Action]:
        case = self.case
        actions = [self._action(able.key, able.title, able.style) for able in self.abilities]
        if may_change_officers(case, self.request.user):
            actions.append(Action(_("Change officers"), reverse("cases:officers", args=[case.pk]), "users"))
        if may_revoke(case, self.request.user):
            actions.append(
                Action(
                    _("Revoke the decision"),
                    reverse("cases:revoke", args=[case.pk]),
                    "file-x",
                    "btn-outline-danger",
                )
            )
        return actions

    def _action(self, key: str, title: str, style: str) -> Action:
        pk, icon = self.case.pk, ICONS.get(key, "check")
        if key in BUTTONS:
            return Action(title, reverse(BUTTONS[key], args=[pk]), icon, style, "post")
        url = reverse(PAGES[key], args=[pk]) if key in PAGES else reverse("cases:step", args=[pk, key])
        return Action(title, url, icon, style)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        case, show = self.case, self.request.GET.get("show", "")
        moments = timeline_of(case.lead, case)
        evidence = Evidence.objects.filter(lead=case.lead).select_related("added_by", "verified_by")
        return {
            **super().get_context_data(**kwargs),
            "page_subtitle": f"{case.party.name} {case.case_no}",
            "case": case,
            "lead": case.lead,
            "stages": stages_of(case),
            "assignments": current_assignments(case.lead),
            "evidence": evidence,
            "may_add_evidence": may_add_evidence(case.lead, self.who, case),
            "proposal": case.proposals.first(),
            "decision": getattr(case, "decision", None),
            "statements": case.statements.select_related("answered_by"),
            "deliveries": case.deliveries.select_related("document", "receipt"),
            "consultations": Consultation.objects.visible_to(self.request.user).filter(
                content_type=ContentType.objects.get_for_model(Case), object_id=case.pk
            ),
            "sections": sections_for(self.request, case),
            "moments": [item for item in moments if not show or item.kind == show],
            "kinds": KINDS,
            "show": show,
        }


class CaseFormView(OneCase, FormServiceView):
    """A form for one step of a case."""

    event = ""
    submit_label = gettext_lazy("Submit")

    def get_title(self) -> Any:
        return self.title or event_title(self.case, self.event)


class OfficersMixin:
    """Offers the officers of the authority, those of the case ticked."""

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)  # type: ignore[misc]
        form.fields["officers"].offer(officers_for(self.case))  # type: ignore[attr-defined]
        return form

    def get_initial(self) -> dict[str, Any]:
        held = current_assignments(self.case.lead)  # type: ignore[attr-defined]
        return {"officers": [item.officer_id for item in held]}


class EndorseView(OfficersMixin, CaseFormView):
    event = "endorse_filing"
    form_class = forms.EndorseForm
    success_message = gettext_lazy("The filing is with the head of the authority.")

    def perform(self, form: Any) -> Case:
        return services.endorse_filing(actor=self.request.user, case=self.case, **form.cleaned_data)


class OfficersView(OfficersMixin, CaseFormView):
    title = gettext_lazy("Change officers")
    form_class = forms.ChangeOfficersForm
    success_message = gettext_lazy("The officers are changed.")

    def perform(self, form: Any) -> Case:
        return services.assign_officers(actor=self.request.user, case=self.case, **form.cleaned_data)


class ApproveView(CaseFormView):
    event = "approve_filing"
    form_class = forms.OpinionForm
    success_message = gettext_lazy("The case is filed.")

    def perform(self, form: Any) -> Case:
        return services.approve_filing(actor=self.request.user, case=self.case, **form.cleaned_data)


class RejectView(CaseFormView):
    event = "reject_filing"
    form_class = forms.ReasonForm

    def perform(self, form: Any) -> Case:
        return services.reject_filing(actor=self.request.user, case=self.case, **form.cleaned_data)


class ReportView(CaseFormView):
    event = "finish_investigation"
    form_class = forms.ReportForm
    template_name = "cases/report.html"
    success_message = gettext_lazy("The report is in the file.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "case": self.case}

    def get_initial(self) -> dict[str, Any]:
        case, position = self.case, position_of(self.case)
        suggestion = suggest_base(case, position)
        initial = {"facts": case.facts, "report": case.report, "position": position}
        if suggestion and suggestion.amount:
            initial["base_amount"] = suggestion.amount
        return initial

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        suggestion = suggest_base(self.case, position_of(self.case))
        return {**context, "case": self.case, "row": self.case.violation, "suggestion": suggestion}

    def perform(self, form: Any) -> Any:
        return services.finish_investigation(
            actor=self.request.user,
            case=self.case,
            report=form.cleaned_data["report"],
            facts=form.cleaned_data["facts"],
            plan=form.plan(),
        )


class NoticeView(CaseFormView):
    title = gettext_lazy("Advance notice")
    form_class = forms.NoticeForm
    success_message = gettext_lazy("The notice is issued; now it has to be served.")

    def get_initial(self) -> dict[str, Any]:
        names = ("contact_address", "contact_person", "contact_phone")
        kept = last_values(self.case, "W22", names)
        user, place = self.request.user, self.case.authority
        return {
            "contact_address": place.address,
            "contact_person": user.full_name,
            "contact_phone": place.phone,
        } | {name: value for name, value in kept.items() if value and name != "contact_person"}

    def perform(self, form: Any) -> Any:
        return services.issue_notice(actor=self.request.user, case=self.case, **form.cleaned_data)


class ServingView(CaseFormView):
    form_class = forms.ServiceForm

    def get_initial(self) -> dict[str, Any]:
        case = self.case
        return {"receiver": case.party_representative or case.party.name, "place": case.party_address}


class ServeNoticeView(ServingView):
    event = "serve_notice"
    success_message = gettext_lazy("The service is recorded; the party's periods run.")

    def perform(self, form: Any) -> Any:
        return services.serve_notice(actor=self.request.user, case=self.case, service=form.service())


class ServeDecisionView(ServingView):
    event = "record_service"
    success_message = gettext_lazy("The service is recorded; the fifteen days to pay run.")

    def perform(self, form: Any) -> Any:
        return services.record_service(actor=self.request.user, case=self.case, service=form.service())


class StatementView(CaseFormView):
    title = gettext_lazy("Statement and defence")
    form_class = forms.StatementForm
    success_message = gettext_lazy("The statement is in the file.")

    def perform(self, form: Any) -> Any:
        return services.record_statement(actor=self.request.user, case=self.case, **form.cleaned_data)


class HearingView(CaseFormView):
    event = "receive_hearing_request"
    form_class = forms.HearingRequestForm

    def perform(self, form: Any) -> Any:
        return services.record_hearing_request(actor=self.request.user, case=self.case, **form.cleaned_data)


class AnswerView(CaseFormView):
    event = "finish_statement_review"
    form_class = forms.AnswerForm

    def perform(self, form: Any) -> Any:
        return services.answer_statement(actor=self.request.user, case=self.case, **form.cleaned_data)


class DecideView(CaseFormView):
    event = "decide_penalty"
    form_class = forms.DecisionForm
    template_name = "cases/decide.html"
    success_message = gettext_lazy("The decision is made and its document issued.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "proposal": self.case.proposals.first()}

    def get_initial(self) -> dict[str, Any]:
        proposal = self.case.proposals.first()
        names = ("payment_bank", "payment_account_name", "payment_account", "review_authority", "court")
        initial: dict[str, Any] = last_values(self.case, "W29", names)
        if proposal is not None:
            initial |= {
                "rate_permille": proposal.rate * 1000 if proposal.rate is not None else None,
                "amount": proposal.fine,
                "tier": proposal.tier,
                "reasons": proposal.reasons,
                "mitigation_ground": proposal.mitigation_ground,
            }
        return initial

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {**context, "case": self.case, "proposal": self.case.proposals.first()}

    def perform(self, form: Any) -> Any:
        return services.decide_penalty(
            actor=self.request.user, case=self.case, remedies=form.remedies(), **form.changes()
        )


class NoPenaltyView(CaseFormView):
    event = "decide_no_penalty"
    form_class = forms.NoPenaltyForm
    success_message = gettext_lazy("The decision is made and its document issued.")

    def perform(self, form: Any) -> Any:
        return services.decide_no_penalty(actor=self.request.user, case=self.case, **form.cleaned_data)


class PaymentView(CaseFormView):
    event = "record_payment"
    form_class = forms.PaymentForm

    def perform(self, form: Any) -> Any:
        return services.record_payment(actor=self.request.user, case=self.case, **form.cleaned_data)


class RevokeView(CaseFormView):
    title = gettext_lazy("Revoke the decision")
    form_class = forms.ReasonForm
    success_message = gettext_lazy("The decision is revoked; points and publication follow.")

    def perform(self, form: Any) -> Any:
        decision = getattr(self.case, "decision", None)
        if decision is None:
            raise Http404
        return services.revoke_decision(
            actor=self.request.user, decision=decision, reason=form.cleaned_data["reason"]
        )


class StepView(CaseFormView):
    """A plain step of a case."""

    form_class = forms.NoteForm

    @property
    def event(self) -> str:  # type: ignore[override]
        event: str = self.kwargs["event"]
        if event not in PLAIN_STEPS:
            raise Http404
        return event

    def get_form_kwargs(self) -> dict[str, Any]:
        transition = self.case.get_procedure().transition(self.event, self.case.state)
        needed = self.event in NEEDS_WORDS or bool(transition and transition.note_required)
        return {**super().get_form_kwargs(), "required": needed}

    def perform(self, form: Any) -> Case:
        return services.take_step(
            actor=self.request.user, case=self.case, event=self.event, note=form.cleaned_data["note"]
        )


class CloseTermView(OneCase, ActionView):
    """Go on after the periods of the party."""

    def perform(self, request: HttpRequest) -> Case:
        return services.close_statement_term(actor=request.user, case=self.case)


class SealView(OneCase, ActionView):
    """Seal the decision."""

    success_message = gettext_lazy("The decision is sealed; now it has to be served.")

    def perform(self, request: HttpRequest) -> Case:
        return services.seal_decision(actor=request.user, case=self.case)
