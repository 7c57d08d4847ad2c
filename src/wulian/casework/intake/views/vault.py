"""Pages of the vault: the second person's decision, and the one look at an identity."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from wulian.casework.intake import forms, services
from wulian.casework.intake.models import IdentityOpening
from wulian.casework.intake.permissions import may_decide
from wulian.core.config.errors import Forbidden
from wulian.core.ui.views import Crumb, FormServiceView, PageMixin


class OpeningMixin(PageMixin):
    """A page about one request, for who may see its matter."""

    wing = "casework"

    @cached_property
    def opening(self) -> IdentityOpening:
        found = get_object_or_404(
            IdentityOpening.objects.select_related("requested_by__department", "identity__receipt"),
            pk=self.kwargs["opening"],
        )
        rows = type(found.about)._default_manager.filter(pk=found.object_id)
        if not rows.visible_to(self.request.user).exists():
            raise Http404
        return found

    def get_breadcrumbs(self) -> list[Crumb]:
        matter = self.opening.about
        return [Crumb(matter.number, matter.get_absolute_url())]


class OpeningDecideView(OpeningMixin, FormServiceView):
    """The second person allows it or does not."""

    form_class = forms.DecideOpeningForm
    template_name = "intake/opening.html"
    title = gettext_lazy("Decide on opening an identity")
    submit_label = gettext_lazy("Decide")

    def check_role(self, user: Any) -> None:
        super().check_role(user)
        if not may_decide(self.opening, user):
            raise Forbidden(_("This request is decided, your own, or for another role."))

    def perform(self, form: Any) -> Any:
        data = form.cleaned_data
        verb = services.approve_opening if data["decision"] == "approve" else services.refuse_opening
        return verb(actor=self.request.user, opening=self.opening, note=data["note"])

    def get_success_url(self) -> str:
        return self.opening.about.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "opening": self.opening}


class IdentityView(OpeningMixin, View):
    """POST shows the identity once, in an answer that no cache keeps; a look is a write, because it is written down."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        details = services.open_identity(actor=request.user, opening=self.opening)
        self.opening.refresh_from_db()
        response = render(
            request,
            "intake/identity.html",
            {
                "page_title": _("Reporter's identity"),
                "page_crumbs": self.get_breadcrumbs(),
                "details": details,
                "opening": self.opening,
                "back": self.opening.about.get_absolute_url() or reverse("intake:complaints"),
            },
        )
        response.headers["Cache-Control"] = "no-store"
        return response
