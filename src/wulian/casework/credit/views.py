"""Pages of points and credit records."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View

from wulian.casework.cases.models import Case
from wulian.casework.credit import forms, services
from wulian.casework.credit.duties import PUBLICATION
from wulian.casework.credit.filters import OutboxFilter, PointFilter
from wulian.casework.credit.models import OutboxFile, OutboxRecord, PointEvent
from wulian.casework.credit.permissions import event_abilities, record_abilities
from wulian.casework.credit.selectors import account_of, events_of
from wulian.casework.credit.services.files import KINDS, read_file
from wulian.casework.credit.services.points import point_rule_title
from wulian.casework.credit.tables import OutboxTable, PointTable
from wulian.core.audit.models import AuditEvent
from wulian.core.clocks.models import Clock
from wulian.core.ui.views import Action, ActionView, Crumb, FormServiceView, ListView, PageMixin
from wulian.exchange.credit_record import COLUMNS
from wulian.information.registry.models import Party
from wulian.law.points import TRIAL_NOTE, comparators, point_rules, scheme


class CreditPage(PageMixin):
    wing = "casework"


class PointListView(ListView):
    """Point events one may see."""

    model = PointEvent
    table_class = PointTable
    filter_class = PointFilter
    title = _("Credit points")
    subtitle = TRIAL_NOTE
    wing = "casework"
    empty_title = _("No points yet")
    empty_text = _("Points are proposed on a penalty decision that was served.")

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("party", "proposed_by")

    def get_actions(self) -> list[Action]:
        return [Action(_("Items"), reverse("credit:rules"), "list-details")]


class RulesView(CreditPage, TemplateView):
    """The items: our own defaults, and the comparators they are set by."""

    template_name = "credit/rules.html"
    title = _("Items of the points")
    subtitle = TRIAL_NOTE

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Credit points"), reverse("credit:events"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "rules": point_rules().values(),
            "comparators": comparators().values(),
            "scheme": scheme(),
        }


class OneEvent(CreditPage):
    """A page about one point event."""

    @cached_property
    def event(self) -> PointEvent:
        rows = PointEvent.objects.visible_to(self.request.user).select_related(
            "party",
            "case__lead",
            "case__authority",
            "case__decision",
            "project",
            "proposed_by",
            "confirmed_by",
        )
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Credit points"), reverse("credit:events")),
            Crumb(str(self.event.party), self.event.get_absolute_url()),
        ]

    def get_success_url(self) -> str:
        return self.event.get_absolute_url()


EVENT_ACTIONS = {
    "notify": (_("Notify the party"), "mail-forward", "btn-primary", "get"),
    "confirm": (_("Confirm"), "check", "btn-primary", "post"),
    "objection": (_("Record a statement"), "message-2", "btn-outline-primary", "get"),
    "answer": (_("Answer the statement"), "message-check", "btn-primary", "get"),
    "dismiss": (_("Dismiss"), "x", "btn-outline-danger", "get"),
}


class EventView(OneEvent, TemplateView):
    """One point event with its period and trail."""

    template_name = "credit/event.html"

    def get_title(self) -> str:
        return f"{self.event.party} · {self.event.points}"

    def get_breadcrumbs(self) -> list[Crumb]:
        return super().get_breadcrumbs()[:1]

    def get_actions(self) -> list[Action]:
        found = []
        for key in event_abilities(self.event, self.request.user):
            label, icon, style, method = EVENT_ACTIONS[key]
            found.append(Action(label, reverse(f"credit:{key}", args=[self.event.pk]), icon, style, method))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event = self.event
        seen = Case.objects.visible_to(self.request.user).filter(pk=event.case_id).exists()
        return {
            **super().get_context_data(**kwargs),
            "event": event,
            "item_title": point_rule_title(event),
            "case_seen": seen,
        }


class EventFormView(OneEvent, FormServiceView):
    """A form about one point event."""


class NotifyView(EventFormView):
    form_class = forms.NotifyForm
    title = _("Notify the party of points")
    success_message = _("The notice is issued; the party has five working days for a statement.")

    def perform(self, form: Any) -> PointEvent:
        return services.notify_points(actor=self.request.user, event=self.event, **form.cleaned_data)


class ObjectionView(EventFormView):
    form_class = forms.ObjectionForm
    title = _("Record a statement")

    def perform(self, form: Any) -> PointEvent:
        return services.record_objection(actor=self.request.user, event=self.event, **form.cleaned_data)


class AnswerView(EventFormView):
    form_class = forms.AnswerForm
    title = _("Answer the statement")

    def perform(self, form: Any) -> PointEvent:
        return services.answer_objection(actor=self.request.user, event=self.event, **form.cleaned_data)


class DismissView(EventFormView):
    form_class = forms.ReasonForm
    title = _("Dismiss points")

    def perform(self, form: Any) -> PointEvent:
        return services.dismiss_points(actor=self.request.user, event=self.event, **form.cleaned_data)


class ConfirmView(OneEvent, ActionView):
    success_message = _("The points are confirmed; they count from tomorrow.")

    def perform(self, request: HttpRequest) -> PointEvent:
        return services.confirm_points(actor=request.user, event=self.event)


class ProposeView(CreditPage, FormServiceView):
    """Propose points on the decision of a case."""

    form_class = forms.ProposeForm
    title = _("Propose points")
    submit_label = _("Propose points")
    success_message = _("The points are proposed.")
    intro = TRIAL_NOTE

    @cached_property
    def case(self) -> Case:
        rows = Case.objects.visible_to(self.request.user).select_related(
            "lead", "party", "decision", "authority"
        )
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Cases"), reverse("cases:cases")),
            Crumb(self.case.case_no or "—", self.case.get_absolute_url()),
        ]

    def perform(self, form: Any) -> list[PointEvent]:
        return services.propose_points(
            actor=self.request.user, case=self.case, parties=form.cleaned_data["parties"]
        )

    def get_success_url(self) -> str:
        return self.result[0].get_absolute_url()


class PartyPointsView(CreditPage, TemplateView):
    """The account of one party: sum, level, events, timeline."""

    template_name = "credit/party.html"

    @cached_property
    def party(self) -> Party:
        return get_object_or_404(Party.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_title(self) -> str:
        return self.party.name

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Credit points"), reverse("credit:events"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        events = list(events_of(self.party, self.request.user))
        trail = AuditEvent.objects.filter(
            subject_type=PointEvent._meta.label_lower, subject_id__in=[str(event.pk) for event in events]
        )
        return {
            **super().get_context_data(**kwargs),
            "party": self.party,
            "account": account_of(self.party),
            "events": events,
            "trail": trail.order_by("-id")[:50],
            "scheme": scheme(),
            "today": timezone.localdate(),
            "trial_note": TRIAL_NOTE,
        }


class OutboxListView(ListView):
    """Credit records one may see."""

    model = OutboxRecord
    table_class = OutboxTable
    filter_class = OutboxFilter
    title = _("Credit publication")
    subtitle = _("Decisions on their way to the provincial credit platform")
    wing = "casework"
    empty_title = _("Nothing in the outbox")
    empty_text = _("A penalty decision comes here by itself.")

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("case__party", "case__authority", "approved_by")


class OneRecord(CreditPage):
    """A page about one credit record."""

    @cached_property
    def record(self) -> OutboxRecord:
        rows = OutboxRecord.objects.visible_to(self.request.user).select_related(
            "case__party",
            "case__authority",
            "case__lead",
            "case__decision__document",
            "prepared_by",
            "approved_by",
        )
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Credit publication"), reverse("credit:outbox")),
            Crumb(self.record.decision_no, self.record.get_absolute_url()),
        ]

    def get_success_url(self) -> str:
        return self.record.get_absolute_url()


RECORD_ACTIONS = {
    "approve": (_("Approve publication"), "check", "btn-primary", "get"),
    "receipt": (_("Enter the answer"), "receipt", "btn-primary", "get"),
    "correct": (_("Push a correction"), "edit", "btn-outline-primary", "get"),
    "retry": (_("Write the file again"), "refresh", "btn-outline-primary", "post"),
}


class RecordView(OneRecord, TemplateView):
    """One record: its fields, its files, what the platform answered."""

    template_name = "credit/record.html"

    def get_title(self) -> str:
        return self.record.decision_no

    def get_breadcrumbs(self) -> list[Crumb]:
        return super().get_breadcrumbs()[:1]

    def get_actions(self) -> list[Action]:
        found = []
        for key in record_abilities(self.record, self.request.user):
            label, icon, style, method = RECORD_ACTIONS[key]
            found.append(Action(label, reverse(f"credit:{key}", args=[self.record.pk]), icon, style, method))
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        payload = self.record.payload
        rows = [(name, COLUMNS[name], payload[name]) for name in COLUMNS if payload.get(name)]
        return {
            **super().get_context_data(**kwargs),
            "record": self.record,
            "rows": rows,
            "files": self.record.files.select_related("answered_by"),
            "publication_clock": Clock.objects.of(self.record.case).filter(kind=PUBLICATION).last(),
        }


class RecordFormView(OneRecord, FormServiceView):
    """A form about one record."""


class ApproveView(RecordFormView):
    form_class = forms.ApproveForm
    title = _("Approve publication")
    submit_label = _("Approve")
    success_message = _("The publication is approved.")

    def perform(self, form: Any) -> OutboxRecord:
        return services.approve_publication(actor=self.request.user, record=self.record, **form.cleaned_data)


class ReceiptView(RecordFormView):
    form_class = forms.ReceiptForm
    title = _("Enter the answer")

    def perform(self, form: Any) -> OutboxRecord:
        return services.record_receipt(actor=self.request.user, record=self.record, **form.cleaned_data)


class CorrectView(RecordFormView):
    form_class = forms.ReasonForm
    title = _("Push a correction")

    def perform(self, form: Any) -> OutboxRecord:
        return services.correct_record(actor=self.request.user, record=self.record, **form.cleaned_data)


class RetryView(OneRecord, ActionView):
    success_message = _("The file will be written.")

    def perform(self, request: HttpRequest) -> OutboxFile:
        file = self.record.files.first()
        if file is None:
            raise Http404
        return services.retry_file(actor=request.user, file=file)


class FileView(OneRecord, View):
    """A written file as a download."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int, item: int, kind: str) -> HttpResponse:
        if kind not in KINDS:
            raise Http404
        file = get_object_or_404(OutboxFile.objects.visible_to(request.user), record=self.record, pk=item)
        content = read_file(actor=request.user, file=file, kind=kind)
        types = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
        response = HttpResponse(content, content_type=types[kind])
        name = content_disposition_header(True, f"{file.name}.{kind}")
        response.headers["Content-Disposition"] = name or "attachment"
        response.headers["Cache-Control"] = "private, no-store"
        return response
