"""Pages of consultations."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.apps import apps
from django.core.exceptions import BadRequest
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from wulian.core.accounts.choices import Role
from wulian.core.procedures.selectors import available_events
from wulian.core.ui.filters import decorate
from wulian.core.ui.views import Action, ActionView, Crumb, FormServiceView, ListView, PageMixin

from . import forms, services
from .choices import State
from .filters import ConsultationFilter
from .models import Consultation, ConsultationTask, Member
from .selectors import member_of, members_without_opinion, minutes_text, subject_seen_by
from .tables import ConsultationTable

PAGES = {
    "approve": ("consultations:approve", "check", "btn-primary", "get"),
    "reject": ("consultations:reject", "x", "btn-outline-danger", "get"),
    "send_materials": ("consultations:materials", "send", "btn-primary", "post"),
    "confirm_recusal": ("consultations:recusals", "user-check", "btn-primary", "post"),
    "conclude": ("consultations:conclude", "gavel", "btn-primary", "get"),
    "draft_minutes": ("consultations:draft", "file-text", "btn-primary", "post"),
    "return_minutes": ("consultations:return", "arrow-back-up", "btn-outline-secondary", "get"),
    "sign_minutes": ("consultations:sign", "signature", "btn-primary", "post"),
    "close": ("consultations:close", "archive", "btn-primary", "get"),
}
"""Event → page, icon, style, method; opinions and feedback have their forms on the page itself."""


class ConsultationPage(PageMixin):
    wing = "office"

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(gettext_lazy("Consultations"), reverse("consultations:list"))]


class ConsultationListView(ListView):
    """All consultations one may see."""

    model = Consultation
    table_class = ConsultationTable
    filter_class = ConsultationFilter
    title = gettext_lazy("Consultations")
    wing = "office"
    empty_title = gettext_lazy("No consultation yet")
    empty_text = gettext_lazy("A consultation brings departments together; it advises and decides nothing.")

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("proposed_by__department")

    def get_actions(self) -> list[Action]:
        if self.request.user.has_role(*services.PROPOSERS):
            return [
                Action(_("Propose consultation"), reverse("consultations:propose"), "plus", "btn-primary")
            ]
        return []


class OneConsultation(ConsultationPage):
    """A page of one consultation."""

    @cached_property
    def consultation(self) -> Consultation:
        rows = Consultation.objects.visible_to(self.request.user).select_related(  # type: ignore[attr-defined]
            "proposed_by__department", "convener", "host", "recorder", "content_type"
        )
        return get_object_or_404(rows, pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    def get_breadcrumbs(self) -> list[Crumb]:
        own = Crumb(self.consultation.document_number, self.consultation.get_absolute_url())
        return [*super().get_breadcrumbs(), own]

    def get_success_url(self) -> str:
        return self.consultation.get_absolute_url()


class ConsultationDetailView(OneConsultation, TemplateView):
    """Agenda, members, opinions, conclusion, tasks, steps."""

    template_name = "consultations/detail.html"

    def get_title(self) -> str:
        return self.consultation.title

    def get_breadcrumbs(self) -> list[Crumb]:
        return ConsultationPage.get_breadcrumbs(self)

    def get_actions(self) -> list[Action]:
        actions = []
        for step in available_events(self.consultation, self.request.user):
            if step.event in PAGES:
                name, icon, style, method = PAGES[step.event]
                url = reverse(name, args=[self.consultation.pk])
                actions.append(Action(step.title, url, icon, style, method))
        return actions

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, item = self.request.user, self.consultation
        events = {step.event for step in available_events(item, user)}
        member = member_of(item, user)
        speaks = "give_opinion" in events and member is not None and member.has_a_voice
        before_meeting = item.state in (State.APPROVED, State.RECUSAL)
        return {
            **super().get_context_data(**kwargs),
            "item": item,
            "subject": subject_seen_by(item, user),
            "members": item.members.select_related("department", "person"),
            "opinions": item.opinions.select_related("member__department", "person"),
            "silent": members_without_opinion(item) if item.state == State.HELD else [],
            "tasks": item.tasks.select_related("department", "receipt_by"),
            "opinion_form": _decorated(forms.OpinionForm()) if speaks else None,
            "own_department": user.department_id,
            "may_recuse_all": before_meeting and user.has_role(Role.OFFICE_HEAD),
            "before_meeting": before_meeting,
            "may_add_task": item.state in (State.CONCLUDED, State.MINUTED)
            and user.has_role(Role.DISPATCHER, Role.OFFICE_HEAD),
            "may_report": "give_feedback" in events,
            "dispatches": user.has_role(Role.DISPATCHER),
            "has_minutes": bool(item.conclusion_kind),
        }


class ProposeView(ConsultationPage, FormServiceView):
    """Propose a consultation, about a record when the address names one (`about=app.model&id=…`)."""

    roles = services.PROPOSERS
    form_class = forms.ProposeForm
    title = gettext_lazy("Propose consultation")
    submit_label = gettext_lazy("Propose")
    success_message = gettext_lazy("The proposal is with the head of the coordinating office.")
    template_name = "consultations/propose.html"

    @cached_property
    def subject(self) -> Model | None:
        label, number = self.request.GET.get("about", ""), self.request.GET.get("id", "")
        if not label:
            return None
        try:
            rows = apps.get_model(label)._default_manager.all()
        except (LookupError, ValueError):
            raise Http404 from None
        if not number.isdigit() or not hasattr(rows, "visible_to"):
            raise BadRequest
        return get_object_or_404(rows.visible_to(self.request.user), pk=number)

    def perform(self, form: Any) -> Consultation:
        values = dict(form.cleaned_data)
        values["parties"] = values["parties"].splitlines()
        return services.propose_consultation(actor=self.request.user, subject=self.subject, **values)

    def get_success_url(self) -> str:
        return self.result.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "subject": self.subject}


class ApproveView(OneConsultation, FormServiceView):
    roles = (Role.OFFICE_HEAD,)
    form_class = forms.ApproveForm
    title = gettext_lazy("Approve consultation")
    submit_label = gettext_lazy("Approve")
    success_message = gettext_lazy("The consultation is approved.")

    def perform(self, form: Any) -> Consultation:
        return services.approve_consultation(
            actor=self.request.user, consultation=self.consultation, **form.cleaned_data
        )


class NoteView(OneConsultation, FormServiceView):
    """A step that needs a reason only."""

    form_class = forms.NoteForm
    service: Any = None

    def perform(self, form: Any) -> Consultation:
        return type(self).service(
            actor=self.request.user, consultation=self.consultation, note=form.cleaned_data["note"]
        )


class RejectView(NoteView):
    roles = (Role.OFFICE_HEAD,)
    title = gettext_lazy("Hold no meeting")
    service = staticmethod(services.reject_consultation)


class ReturnMinutesView(NoteView):
    roles = (Role.OFFICE_HEAD,)
    title = gettext_lazy("Return the minutes")
    service = staticmethod(services.return_minutes)


class CloseView(NoteView):
    roles = (Role.DISPATCHER, Role.OFFICE_HEAD)
    title = gettext_lazy("Close consultation")
    service = staticmethod(services.close_consultation)


class StepView(OneConsultation, ActionView):
    """A step that is one button."""

    service: Any = None

    def perform(self, request: HttpRequest) -> Any:
        return type(self).service(actor=request.user, consultation=self.consultation)


class MaterialsView(StepView):
    service = staticmethod(services.send_materials)
    success_message = gettext_lazy("The members are invited.")


class RecusalsView(StepView):
    service = staticmethod(services.confirm_recusals)
    success_message = gettext_lazy("The recusal check is finished; the meeting may begin.")


class DraftView(StepView):
    service = staticmethod(services.draft_minutes)
    success_message = gettext_lazy("The minutes are with the head of the coordinating office.")


class SignView(StepView):
    service = staticmethod(services.sign_minutes)
    success_message = gettext_lazy("The minutes are signed and numbered.")


class RecuseView(OneConsultation, FormServiceView):
    """A department steps out."""

    form_class = forms.RecuseForm
    title = gettext_lazy("Declare recusal")
    success_message = gettext_lazy("The department is recused.")

    def perform(self, form: Any) -> Member:
        rows = self.consultation.members.select_related("department", "consultation")
        member = get_object_or_404(rows, pk=self.kwargs["item"])
        return services.recuse_member(actor=self.request.user, member=member, **form.cleaned_data)

    def get_success_url(self) -> str:
        # A recused department no longer sees the consultation.
        rows = Consultation.objects.visible_to(self.request.user)
        seen = rows.filter(pk=self.kwargs["pk"]).exists()
        return super().get_success_url() if seen else reverse("consultations:list")


class OpinionView(OneConsultation, FormServiceView):
    form_class = forms.OpinionForm
    title = gettext_lazy("Opinion of the department")
    success_message = gettext_lazy("The opinion is recorded.")

    def perform(self, form: Any) -> Any:
        return services.give_opinion(
            actor=self.request.user, consultation=self.consultation, **form.cleaned_data
        )


class ConcludeView(OneConsultation, FormServiceView):
    roles = (Role.OFFICE_HEAD,)
    form_class = forms.ConcludeForm
    title = gettext_lazy("Conclude")
    submit_label = gettext_lazy("Conclude")
    success_message = gettext_lazy("The conclusion is recorded. Add the tasks, then draft the minutes.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "consultation": self.consultation}

    def perform(self, form: Any) -> Consultation:
        return services.conclude_consultation(
            actor=self.request.user, consultation=self.consultation, **form.cleaned_data
        )


class TaskView(OneConsultation, FormServiceView):
    roles = (Role.DISPATCHER, Role.OFFICE_HEAD)
    form_class = forms.TaskForm
    title = gettext_lazy("Add task")
    success_message = gettext_lazy("The task is added.")

    def perform(self, form: Any) -> ConsultationTask:
        return services.add_task(actor=self.request.user, consultation=self.consultation, **form.cleaned_data)


class ReceiptView(OneConsultation, FormServiceView):
    form_class = forms.ReceiptForm
    title = gettext_lazy("Feedback on a task")
    success_message = gettext_lazy("The feedback is recorded.")

    def perform(self, form: Any) -> ConsultationTask:
        task = get_object_or_404(self.consultation.tasks, pk=self.kwargs["item"])
        return services.give_receipt(actor=self.request.user, task=task, **form.cleaned_data)


class MinutesView(OneConsultation, TemplateView):
    """The minutes: as signed, or as they would read now."""

    template_name = "consultations/minutes.html"
    title = gettext_lazy("Minutes of the consultation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        item = self.consultation
        if not item.conclusion_kind:
            raise Http404
        text = item.minutes
        if not text and item.tasks.exists():
            text = minutes_text(item)
        return {**super().get_context_data(**kwargs), "item": item, "text": text, "draft": not item.minutes}


def _decorated(form: Any) -> Any:
    for field in form.fields.values():
        decorate(field)
    return form
