"""The list, the page of one objection, and its steps."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView

from wulian.casework.intake.models import Complaint
from wulian.casework.objections import forms, services
from wulian.casework.objections.filters import ObjectionFilter
from wulian.casework.objections.models import WatchedObjection
from wulian.casework.objections.permissions import abilities
from wulian.casework.objections.selectors import alerts_about, procuring_entity_of
from wulian.casework.objections.tables import ObjectionTable
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden
from wulian.core.ui.views import Action, Crumb, FormServiceView, ListView, PageMixin


class ObjectionListView(ListView):
    """The objections of the projects the reader's department supervises, newest first."""

    wing = "casework"
    model = WatchedObjection
    table_class = ObjectionTable
    filter_class = ObjectionFilter
    title = gettext_lazy("Objections")
    empty_title = gettext_lazy("No objection")
    empty_text = gettext_lazy(
        "Objections that the trading platform reports appear here with the days left to answer them."
    )

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset().select_related("project", "lot", "objection")
        return rows.prefetch_related(Prefetch("clocks", queryset=Clock.objects.with_ledger()))


class WatchMixin(PageMixin):
    """A page about one objection that the reader may see; anything else is not found."""

    wing = "casework"

    @cached_property
    def watch(self) -> WatchedObjection:
        rows = WatchedObjection.objects.visible_to(self.request.user)
        rows = rows.select_related("project", "lot__tender", "objection__objector", "ordered_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(gettext_lazy("Objections"), reverse("objections:list"))]


class ObjectionDetailView(WatchMixin, TemplateView):
    """What was objected to, what became of it, and the alerts of the rules."""

    template_name = "objections/objection.html"

    def get_title(self) -> str:
        return str(self.watch)

    def get_actions(self) -> list[Action]:
        may = abilities(self.watch, self.request.user)
        offered = [
            ("order", _("Order to answer"), "order", "gavel", "btn-primary"),
            ("set_aside", _("Needs no answer"), "set_aside", "circle-x", "btn-outline-primary"),
            ("resume", _("Resumed"), "resume", "player-play", "btn-outline-primary"),
        ]
        return [
            Action(label, reverse(f"objections:{name}", args=[self.watch.pk]), icon, css)
            for key, label, name, icon, css in offered
            if may[key]
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        watch, user = self.watch, self.request.user
        seen = alerts_about([watch]).visible_to(user)
        complaint = Complaint.objects.visible_to(user).filter(pk=watch.complaint_id).first()
        return {
            **super().get_context_data(**kwargs),
            "watch": watch,
            "alerts": list(seen),
            "complaint": complaint,
            "entity": procuring_entity_of(watch),
        }


class WatchFormView(WatchMixin, FormServiceView):
    """A form about one objection; `ability` is what `permissions.abilities` must allow."""

    ability = ""

    def check_role(self, user: Any) -> None:
        super().check_role(user)
        if not abilities(self.watch, user)[self.ability]:
            raise Forbidden(
                _("You cannot do this now: it stands at “%(state)s”, or it is for another role.")
                % {"state": self.watch.state_title}
            )

    def get_breadcrumbs(self) -> list[Crumb]:
        return [*super().get_breadcrumbs(), Crumb(str(self.watch), self.watch.get_absolute_url())]

    def get_success_url(self) -> str:
        return self.watch.get_absolute_url()


class OrderView(WatchFormView):
    ability = "order"
    form_class = forms.OrderForm
    title = gettext_lazy("Order the procuring entity to answer")
    submit_label = gettext_lazy("Issue the notice to correct")
    intro = gettext_lazy(
        "The procuring entity did not answer the objection in time (Implementation Regulations of the Tendering Law, article 77, second paragraph)."
    )
    success_message = gettext_lazy("The order has been issued.")

    def perform(self, form: Any) -> Any:
        return services.order_answer(actor=self.request.user, watch=self.watch, **form.cleaned_data)


class SetAsideView(WatchFormView):
    ability = "set_aside"
    form_class = forms.NoteForm
    title = gettext_lazy("It needs no answer")
    intro = gettext_lazy(
        "It is no objection, came too late or was taken back, and the objector has been told."
    )
    submit_label = gettext_lazy("Note it")
    success_message = gettext_lazy("Noted.")

    def perform(self, form: Any) -> Any:
        return services.set_aside(actor=self.request.user, watch=self.watch, **form.cleaned_data)


class ResumeView(WatchFormView):
    ability = "resume"
    form_class = forms.NoteForm
    title = gettext_lazy("The tender was resumed")
    submit_label = gettext_lazy("Note it")
    success_message = gettext_lazy("Noted.")

    def perform(self, form: Any) -> Any:
        return services.resume_tender(actor=self.request.user, watch=self.watch, **form.cleaned_data)
