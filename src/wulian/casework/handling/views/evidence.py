"""Pages of evidence and interviews, and the whole file."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from wulian.casework.handling import forms, services
from wulian.casework.handling.models import EvidenceItem, Interview
from wulian.casework.handling.views.base import ComplaintPage, StepView
from wulian.core.config.errors import Refusal
from wulian.core.files.views import attachment
from wulian.core.ui.views import show_refusal


class EvidenceAddView(StepView):
    keys = ("evidence",)
    form_class = forms.EvidenceForm
    title = _("Take in evidence")
    submit_label = _("Take in")
    success_message = _("The item is in the file with its digests.")
    anchor = "#evidence"

    def perform(self, form: Any) -> Any:
        return services.add_evidence(actor=self.request.user, complaint=self.matter, **form.cleaned_data)


class ItemView(StepView):
    """A form about one item of evidence."""

    keys = ("evidence",)
    anchor = "#evidence"

    @cached_property
    def item(self) -> EvidenceItem:
        item = get_object_or_404(EvidenceItem.objects.of(self.matter), pk=self.kwargs["item"])
        item.complaint = self.matter
        return item

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "item": self.item}


class VerifyView(ItemView):
    form_class = forms.VerifyForm
    title = _("Verify evidence")
    success_message = _("The item counts as verified.")

    def perform(self, form: Any) -> Any:
        return services.verify_evidence(actor=self.request.user, item=self.item, **form.cleaned_data)


class StrikeView(ItemView):
    form_class = forms.ReasonForm
    title = _("Strike evidence")
    submit_label = _("Strike")
    success_message = _("The item is struck; it stays readable.")

    def perform(self, form: Any) -> Any:
        return services.strike_evidence(actor=self.request.user, item=self.item, **form.cleaned_data)


class CustodyView(ItemView):
    keys = ("service",)
    form_class = forms.HandOverForm
    title = _("Hand over an item")
    submit_label = _("Record the hand-over")
    success_message = _("Recorded.")

    def perform(self, form: Any) -> Any:
        return services.hand_over(actor=self.request.user, item=self.item, **form.cleaned_data)


class InterviewView(StepView):
    keys = ("interview",)
    form_class = forms.InterviewForm
    form_takes_complaint = False
    title = _("Record of an interview")
    submit_label = _("Write the record")
    intro = _(
        "Two officers, certificates shown, rights told, recusal asked. Print it and have every page signed."
    )
    success_message = _("Written; print it, have it signed and keep the scan.")
    anchor = "#evidence"

    def get_initial(self) -> dict[str, Any]:
        authority = self.matter.authority
        return {"place": authority.name if authority else "", "answers": "问：\n答："}

    def perform(self, form: Any) -> Any:
        return services.record_interview(actor=self.request.user, complaint=self.matter, talk=form.talk())


class SignatureView(StepView):
    keys = ("service",)
    form_class = forms.SignatureForm
    title = _("Keep the signed record")
    success_message = _("Kept.")
    anchor = "#evidence"

    def perform(self, form: Any) -> Any:
        rows = Interview.objects.of(self.matter).select_related("document")
        interview = get_object_or_404(rows, pk=self.kwargs["item"])
        interview.complaint = self.matter
        return services.sign_interview(actor=self.request.user, interview=interview, **form.cleaned_data)


class AnnexView(ComplaintPage, View):
    """The sealed annex of the decision: a look into the vault, so a POST; it is kept nowhere."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            content = services.print_annex(actor=request.user, complaint=self.matter)  # type: ignore[arg-type]
        except Refusal as refusal:
            show_refusal(request, refusal)
            return HttpResponseRedirect(self.get_success_url())
        return attachment(f"{self.matter.number}密封附页.pdf", content)


class BundleView(ComplaintPage, View):
    """The whole file as a ZIP; taking it is written down, so it is a POST."""

    http_method_names = ["post"]
    keys = ("bundle",)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        content = services.bundle(actor=request.user, complaint=self.matter)  # type: ignore[arg-type]
        return attachment(f"{self.matter.number}案卷.zip", content)
