"""The whole file of a complaint, and the sealed annex of its decision."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.generic import View

from wulian.casework.handling import services
from wulian.casework.handling.views.base import ComplaintPage
from wulian.core.config.errors import Refusal
from wulian.core.files.views import attachment
from wulian.core.ui.views import show_refusal


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
