"""Refused events, and missing ones."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.core.ui import menu
from wulian.core.ui.views import ActionView, Crumb, FormServiceView, ListView
from wulian.exchange.events import kind_label
from wulian.information.supervision import services
from wulian.information.supervision.choices import QuarantineState, RefusalCode
from wulian.information.supervision.filters import QuarantineFilter
from wulian.information.supervision.forms import ReasonForm
from wulian.information.supervision.models import QuarantinedEvent, Room
from wulian.information.supervision.permissions import (
    QUARANTINE_HANDLERS,
    QUARANTINE_READERS,
    may_handle_feed,
)
from wulian.information.supervision.selectors.quarantine import lots_with_sealed_events, shown_events
from wulian.information.supervision.tables import QuarantineTable


class QuarantineList(ListView):
    """Events that trading systems sent with a good token and that were refused."""

    model = QuarantinedEvent
    table_class = QuarantineTable
    filter_class = QuarantineFilter
    template_name = "supervision/quarantine.html"
    roles = QUARANTINE_READERS
    wing = menu.INFORMATION
    title = _("Refused events")
    subtitle = _(
        "Nothing of them has entered a dossier; each can be taken in after all, or dropped with a reason."
    )

    def get_queryset(self) -> QuerySet[QuarantinedEvent]:
        return shown_events(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {
            **super().get_context_data(**kwargs),
            "sealed_lots": lots_with_sealed_events(self.request.user),
            "may_handle": may_handle_feed(self.request.user),
        }


class RefusedEventView(FormServiceView):
    """One refused event: why, and the two ways out."""

    form_class = ReasonForm
    template_name = "supervision/refused.html"
    roles = QUARANTINE_READERS
    wing = menu.INFORMATION
    title = _("Refused event")
    submit_label = _("Drop the event")
    success_message = _("The event has been dropped.")

    @cached_property
    def event(self) -> QuarantinedEvent:
        return get_object_or_404(shown_events(self.request.user), pk=self.kwargs["pk"])

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Refused events"), reverse("supervision:quarantine"))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        event = self.event
        opened = Room.objects.filter(lot_code=event.lot_code).exclude(opened_at=None).exists()
        return {
            **super().get_context_data(**kwargs),
            "event": event,
            "kind": kind_label(event.kind) if event.kind else "",
            "shows_id": opened,
            "may_handle": may_handle_feed(self.request.user) and event.state == QuarantineState.OPEN,
            "may_replay": event.code != RefusalCode.CONFLICT,
        }

    def perform(self, form: ReasonForm) -> QuarantinedEvent:
        return services.drop_event(event=self.event, actor=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("supervision:quarantine")


class Replay(ActionView):
    roles = QUARANTINE_HANDLERS
    success_message = _("The event has been taken in.")

    def perform(self, request: HttpRequest) -> QuarantinedEvent:
        event = get_object_or_404(shown_events(request.user), pk=self.kwargs["pk"])
        return services.replay_event(event=event, actor=request.user)

    def get_success_url(self) -> str:
        return reverse("supervision:refused", args=[self.kwargs["pk"]])


class ReplaySealed(ActionView):
    """All sealed events of a lot at once: which and how many is not told."""

    roles = QUARANTINE_HANDLERS
    success_message = _("The sealed events were tried again; what still cannot be taken stays here.")

    def perform(self, request: HttpRequest) -> int:
        return services.replay_sealed_events(lot_code=request.POST.get("lot", "")[:64], actor=request.user)

    def get_success_url(self) -> str:
        return reverse("supervision:quarantine")


class ReleaseGap(FormServiceView):
    """Pass over events that never came."""

    form_class = ReasonForm
    roles = QUARANTINE_HANDLERS
    wing = menu.INFORMATION
    title = _("Pass over missing events")
    intro = _(
        "Later events wait until the missing ones arrive. Passing over them is recorded and cannot be undone."
    )
    submit_label = _("Pass over them")
    success_message = _("The missing events have been passed over.")

    @cached_property
    def room(self) -> Room:
        rooms = Room.objects.visible_to(self.request.user).select_related("lot")
        room = rooms.filter(lot_id=self.kwargs["pk"]).first()
        if room is None:
            raise Http404
        return room

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Live supervision"), reverse("supervision:board")),
            Crumb(str(self.room), self.get_success_url()),
        ]

    def perform(self, form: ReasonForm) -> int:
        return services.release_gap(room=self.room, actor=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("supervision:room", args=[self.kwargs["pk"]])
