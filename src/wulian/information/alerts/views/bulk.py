"""Several alerts at once: the preview with what is asked for, then a result for each row."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from wulian.core.accounts.choices import Role
from wulian.core.config.errors import Refusal
from wulian.core.ui.filters import decorate
from wulian.core.ui.views import Action, Crumb, PageMixin, show_refusal
from wulian.core.ui.views.forms import add_refusal
from wulian.core.ui.views.page import safe_next
from wulian.information.alerts import forms
from wulian.information.alerts.models import Alert
from wulian.information.alerts.services import BULK_ACTIONS, chosen_alerts, handle_alerts, preview_bulk

TITLES = {
    "accept": _("Accept alerts"),
    "dispatch": _("Dispatch alerts"),
    "exclude": _("Exclude alerts"),
    "confirm": _("Confirm exclusions"),
    "refer": _("Refer alerts together"),
}
_JUDGES = (Role.CASE_OFFICER, Role.SECTION_HEAD)
_ROLES = {
    "accept": _JUDGES,
    "dispatch": (Role.DISPATCHER, Role.OFFICE_HEAD),
    "exclude": _JUDGES,
    "confirm": (Role.SECTION_HEAD, Role.AUTHORITY_HEAD, Role.OFFICE_HEAD),
    "refer": _JUDGES,
}


def bulk_buttons(user: Any) -> list[Action]:
    """The bulk actions the user's roles may take; each row still says whether it is possible."""
    return [
        Action(TITLES[name], reverse("alerts:bulk", args=[name]))
        for name in BULK_ACTIONS
        if user.has_role(*_ROLES[name])
    ]


class Bulk(PageMixin, TemplateView):
    """POST with `selected` shows what would happen; with `confirm` too it is done, and each row says what came of it."""

    template_name = "alerts/bulk.html"
    wing = "information"
    http_method_names = ["post"]

    @cached_property
    def action(self) -> str:
        if self.kwargs["action"] not in BULK_ACTIONS:
            raise Http404
        return str(self.kwargs["action"])

    @cached_property
    def alerts(self) -> list[Alert]:
        return chosen_alerts(self.request.user, self.request.POST.getlist("selected"))  # type: ignore[arg-type]

    def get_title(self) -> Any:
        return TITLES[self.action]

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Alerts"), reverse("alerts:list"))]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        action, back = self.action, safe_next(request, reverse("alerts:list"))
        try:
            alerts = self.alerts
        except Refusal as refusal:
            show_refusal(request, refusal)
            return HttpResponseRedirect(back)
        form = self.build_form(confirmed="confirm" in request.POST)
        if "confirm" in request.POST and form.is_valid():
            try:
                rows = handle_alerts(action=action, alerts=alerts, actor=request.user, **given(form))  # type: ignore[arg-type]
            except Refusal as refusal:
                add_refusal(form, refusal)
            else:
                return self.show(back=back, rows=rows, finished=True)
        rows = preview_bulk(action=action, alerts=alerts, actor=request.user)  # type: ignore[arg-type]
        return self.show(back=back, rows=rows, form=form, status=422 if form.errors else 200)

    def build_form(self, *, confirmed: bool) -> Form:
        data = self.request.POST if confirmed else None
        possible = self.alerts
        kinds: dict[str, Any] = {
            "accept": lambda: Form(data),
            "dispatch": lambda: forms.DispatchForm(data, alerts=possible),
            "exclude": lambda: forms.ExcludeForm(data, alerts=possible),
            "confirm": lambda: forms.ConfirmForm(data),
            "refer": lambda: forms.ReferForm(data, alerts=possible, user=self.request.user),
        }
        form: Form = kinds[self.action]()
        for field in form.fields.values():
            decorate(field)
        return form

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        rows = context["rows"]
        counts = {"possible": sum(row.ok for row in rows), "refused": sum(not row.ok for row in rows)}
        return self.render_to_response(
            self.get_context_data(action=self.action, **counts, **context), status=status
        )


def given(form: Form) -> dict[str, Any]:
    """What the form was filled with, as the services take it."""
    if isinstance(form, forms.ExcludeForm):
        return {"opinion": form.cleaned_data["opinion"], "basis": form.basis_text()}
    return dict(form.cleaned_data)
