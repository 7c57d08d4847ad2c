"""Trading systems and their tokens, for the system administrator."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from wulian.core.config.errors import Refusal
from wulian.core.ui import menu
from wulian.core.ui.views import Action, ActionView, Crumb, FormServiceView, ListView, PageMixin
from wulian.core.ui.views.forms import add_refusal
from wulian.information.supervision import services
from wulian.information.supervision.forms import SystemForm, TokenForm
from wulian.information.supervision.models import AccessToken, RejectedCalls, TradingSystem
from wulian.information.supervision.permissions import SYSTEM_KEEPERS
from wulian.information.supervision.tables import SystemTable


class SystemList(ListView):
    model = TradingSystem
    table_class = SystemTable
    template_name = "supervision/systems.html"
    roles = SYSTEM_KEEPERS
    wing = menu.SYSTEM
    title = _("Trading systems")
    subtitle = _(
        "Who may report openings and evaluations, and with which token; what they report is not shown here."
    )

    def get_queryset(self) -> QuerySet[TradingSystem]:
        in_force = Q(tokens__revoked_at=None, tokens__expires_at__gt=timezone.now())
        return (
            super()
            .get_queryset()
            .annotate(
                tokens_in_force=Count("tokens", filter=in_force), last_used_at=Max("tokens__last_used_at")
            )
        )

    def get_actions(self) -> list[Action]:
        return [Action(_("New trading system"), reverse("supervision:system_add"), "plus", "btn-primary")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "rejected": list(RejectedCalls.objects.all()[:20])}


class _OneSystem:
    roles = SYSTEM_KEEPERS
    wing = menu.SYSTEM

    @cached_property
    def system(self) -> TradingSystem:
        return get_object_or_404(TradingSystem.objects.visible_to(self.request.user), pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    def get_breadcrumbs(self) -> list[Crumb]:
        crumbs = [Crumb(_("Trading systems"), reverse("supervision:systems"))]
        if type(self) is not SystemView:
            crumbs.append(Crumb(self.system.name, self.get_success_url()))
        return crumbs

    def get_success_url(self) -> str:
        return reverse("supervision:system", args=[self.kwargs["pk"]])  # type: ignore[attr-defined]


class SystemView(_OneSystem, PageMixin, TemplateView):
    template_name = "supervision/system.html"

    def get_title(self) -> str:
        return self.system.name

    def get_actions(self) -> list[Action]:
        return [
            Action(_("Change"), reverse("supervision:system_edit", args=[self.system.pk]), "pencil"),
            Action(_("Issue a token"), reverse("supervision:token_issue", args=[self.system.pk]), "key", "btn-primary"),
        ]  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tokens = list(self.system.tokens.select_related("system", "created_by"))
        return {
            **super().get_context_data(**kwargs),
            "system": self.system,
            "departments": list(self.system.departments.all()),
            "tokens": tokens,
        }


class SystemAdd(FormServiceView):
    form_class = SystemForm
    roles = SYSTEM_KEEPERS
    wing = menu.SYSTEM
    title = _("New trading system")
    success_message = _("The trading system has been entered.")

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Trading systems"), reverse("supervision:systems"))]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": TradingSystem()}

    def perform(self, form: SystemForm) -> TradingSystem:
        return services.save_system(actor=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("supervision:system", args=[self.result.pk])


class SystemEdit(_OneSystem, FormServiceView):
    form_class = SystemForm
    title = _("Change a trading system")
    success_message = _("The trading system has been changed.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": TradingSystem.objects.get(pk=self.system.pk)}

    def perform(self, form: SystemForm) -> TradingSystem:
        return services.save_system(actor=self.request.user, system=self.system, **form.cleaned_data)


class TokenIssue(_OneSystem, FormServiceView):
    """Issue a token; the answer to the form is the only page that ever shows it."""

    form_class = TokenForm
    title = _("Issue a token")
    submit_label = _("Issue the token")

    def perform(self, form: TokenForm) -> services.tokens.Issued:
        return services.issue_token(actor=self.request.user, system=self.system, **form.cleaned_data)

    def form_valid(self, form: TokenForm) -> HttpResponse:
        try:
            issued = self.perform(form)
        except Refusal as refusal:
            add_refusal(form, refusal)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        self.template_name = "supervision/token.html"
        response = self.render_to_response(self.get_context_data(form=form, issued=issued))
        response.headers["Cache-Control"] = "no-store"
        return response


class TokenRevoke(ActionView):
    roles = SYSTEM_KEEPERS
    success_message = _("The token has been revoked.")

    @cached_property
    def token(self) -> AccessToken:
        systems = TradingSystem.objects.visible_to(self.request.user)
        return get_object_or_404(AccessToken.objects.filter(system__in=systems), pk=self.kwargs["pk"])

    def perform(self, request: HttpRequest) -> AccessToken:
        return services.revoke_token(actor=request.user, token=self.token)

    def get_success_url(self) -> str:
        return reverse("supervision:system", args=[self.token.system_id])
