"""Evidence bundles: made, taken, verified."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from wulian.core.files.views import attachment
from wulian.core.ui import menu
from wulian.core.ui.views import ActionView, Crumb, FormServiceView, PageMixin
from wulian.information.comparison import services
from wulian.information.comparison.forms import VerifyForm
from wulian.information.comparison.models import Bundle
from wulian.information.comparison.permissions import READERS, TEXT_READERS
from wulian.information.comparison.views.findings import OfFinding


class MakeBundle(OfFinding, ActionView):
    roles = TEXT_READERS
    success_message = _("The evidence bundle is made and signed.")

    def perform(self, request: HttpRequest) -> Bundle:
        return services.make_bundle(finding=self.finding, actor=request.user)

    def get_success_url(self) -> str:
        return f"{self.finding.get_absolute_url()}#bundles"


class BundleTaken(PageMixin, View):
    """A bundle, only ever as a download."""

    roles = TEXT_READERS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        rows = Bundle.objects.visible_to(request.user).select_related("finding")  # type: ignore[arg-type]
        bundle = get_object_or_404(rows, pk=pk)
        return attachment(bundle.file_name, services.read_bundle(bundle=bundle, actor=request.user))  # type: ignore[arg-type]


class Verify(FormServiceView):
    """Whether an archive that somebody brings is an unaltered bundle of this platform."""

    form_class = VerifyForm
    template_name = "comparison/verify.html"
    roles = READERS
    wing = menu.INFORMATION
    title = _("Verify an evidence bundle")
    submit_label = _("Verify the bundle")
    intro = _(
        "Every part is digested anew and the signatures are checked with this platform's keys; nothing of it is kept."
    )

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Comparison of bids"), reverse("comparison:findings"))]

    def form_valid(self, form: VerifyForm) -> HttpResponse:
        """Show what was found on the same page: verifying changes nothing to go on to."""
        data = b"".join(form.cleaned_data["bundle"].chunks())
        verified = services.verify_bundle(data=data, actor=self.request.user)
        return self.render_to_response(self.get_context_data(form=form, verified=verified))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"verified": None, **super().get_context_data(**kwargs)}
