"""The window: one page to enter what came in, and the receipt in two copies."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from wulian.casework.intake import forms, services
from wulian.casework.intake.choices import MatterKind
from wulian.casework.intake.permissions import WINDOW
from wulian.casework.intake.slips import keep_slip, kept_slip
from wulian.core.ui.views import FormServiceView, PageMixin


class WindowView(FormServiceView):
    """Enter a complaint or a tip-off for somebody."""

    roles = WINDOW
    wing = "casework"
    form_class = forms.WindowForm
    template_name = "intake/window.html"
    title = gettext_lazy("Window entry")
    submit_label = gettext_lazy("Store and print the receipt")

    def perform(self, form: Any) -> Any:
        data = form.cleaned_data
        complaint = data["kind"] == MatterKind.COMPLAINT
        receive = services.receive_complaint if complaint else services.receive_tip_off
        issued = receive(
            actor=self.request.user,
            content=form.content(),
            reporter=form.reporter(),
            received_via=data["received_via"],
            received_at=data["received_at"],
            submission=data["submission"],
        )
        keep_slip(self.request, issued)
        return issued

    def get_success_url(self) -> str:
        return reverse("intake:slip")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context["form"]
        sections = {
            gettext_lazy("What came in"): ("kind", "received_via", "received_at", "materials"),
            gettext_lazy("What it is about"): (
                "topic", "project_code", "project_text", "respondent_name", "happened_on", "facts", "request",
                "evidence",
            ),
            gettext_lazy("Complaints only"): form.COMPLAINT_ONLY,
            gettext_lazy("Who says so (goes into the vault)"): (*form.IDENTITY, "relation"),
        }  # fmt: skip
        return {
            **context,
            "sections": [(title, [form[name] for name in names]) for title, names in sections.items()],
        }


class SlipView(PageMixin, TemplateView):
    """The receipt just issued by this clerk, printed in two copies: one for the person, one for the file."""

    roles = WINDOW
    wing = "casework"
    template_name = "intake/slip.html"
    title = gettext_lazy("Receipt")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slip = kept_slip(self.request)
        if slip is None or slip.receipt.entered_by_id != self.request.user.pk:
            raise Http404
        return {**super().get_context_data(**kwargs), "slip": slip}
