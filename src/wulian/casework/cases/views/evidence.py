"""Pages of evidence."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from wulian.casework.cases import forms, services
from wulian.casework.cases.models import Evidence
from wulian.casework.cases.views.base import OneLead
from wulian.core.ui.views import FormServiceView


class EvidenceFormView(OneLead, FormServiceView):
    """A form about the evidence of a lead and its case."""

    def get_success_url(self) -> str:
        record = self.case or self.lead
        return f"{record.get_absolute_url()}#evidence"

    @property
    def item(self) -> Evidence:
        rows = Evidence.objects.visible_to(self.request.user).select_related("lead")
        return get_object_or_404(rows, lead=self.lead, pk=self.kwargs["item"])


class EvidenceAddView(EvidenceFormView):
    form_class = forms.EvidenceForm
    title = _("Add evidence")
    success_message = _("The item is in the file with its digests.")

    def perform(self, form: Any) -> Evidence:
        return services.add_evidence(actor=self.request.user, lead=self.lead, **form.cleaned_data)


class EvidenceVerifyView(EvidenceFormView):
    form_class = forms.VerifyForm
    title = _("Verify evidence")
    success_message = _("The item counts as verified.")

    def perform(self, form: Any) -> Evidence:
        return services.verify_evidence(
            actor=self.request.user, evidence=self.item, how=form.cleaned_data["how"]
        )


class EvidenceStrikeView(EvidenceFormView):
    form_class = forms.ReasonForm
    title = _("Strike evidence")
    success_message = _("The item is struck; it stays readable.")

    def perform(self, form: Any) -> Evidence:
        return services.strike_evidence(
            actor=self.request.user, evidence=self.item, reason=form.cleaned_data["reason"]
        )


class EvidenceFileView(OneLead, View):
    """The item itself, always as a download."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int, item: int) -> HttpResponse:
        rows = Evidence.objects.visible_to(request.user).select_related("lead")
        evidence = get_object_or_404(rows, lead=self.lead, pk=item)
        content = services.read_evidence(actor=request.user, evidence=evidence)
        response = HttpResponse(content, content_type="application/octet-stream")
        name = evidence.file_name or f"{evidence.title}.json"
        response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
        response.headers["Cache-Control"] = "private, no-store"
        return response
