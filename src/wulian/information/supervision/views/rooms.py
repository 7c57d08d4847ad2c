"""The board of the day and the live rooms; what a browser asks every second stays small."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from django.views.generic import TemplateView

from wulian.core.accounts.scopes import sees_business
from wulian.core.ui import menu
from wulian.core.ui.views import Action, ActionView, Crumb, FormServiceView, PageMixin
from wulian.information.registry.models import Lot
from wulian.information.supervision import services
from wulian.information.supervision.forms import AnswerForm, RemarkForm
from wulian.information.supervision.models import Remark, Room
from wulian.information.supervision.permissions import REMARKERS, may_handle_feed, may_remark
from wulian.information.supervision.selectors.board import board
from wulian.information.supervision.selectors.findings import alerts_mark, alerts_of_lot
from wulian.information.supervision.selectors.rooms import (
    entries_after,
    room_sheet,
    visible_lot,
    visible_room,
)

LAST_SEEN = "last_seen"
PANELS = ("facts", "bidders", "committee", "scores")
"""Parts of the room that depend on what was told alone; they are rendered once for all who watch."""


class BoardView(PageMixin, TemplateView):
    """All openings and evaluations of a day (``?day=``)."""

    template_name = "supervision/board.html"
    wing = menu.INFORMATION
    title = _("Live supervision")
    subtitle = _("Openings and evaluations of the day")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = _day(self.request)
        html, mark = _board(self.request, day)
        return {**super().get_context_data(**kwargs), "day": day, "rows_html": html, "mark": mark}


@require_GET
@login_required
def board_live(request: HttpRequest) -> HttpResponse:
    """The board again when it is another than ``mark``; 204 otherwise."""
    if not sees_business(request.user):
        raise Http404
    _do_not_keep_awake(request)
    html, mark = _board(request, _day(request))
    if request.GET.get("mark") == mark:
        return HttpResponse(status=204)
    return JsonResponse({"html": html, "mark": mark, "now": timezone.now().isoformat()})


class RoomView(PageMixin, TemplateView):
    """The live room of one lot."""

    template_name = "supervision/room.html"
    wing = menu.INFORMATION

    @cached_property
    def lot(self) -> Lot:
        return _lot_or_404(self.request, self.kwargs["pk"])

    def get_title(self) -> str:
        return self.lot.name

    def get_breadcrumbs(self) -> list[Crumb]:
        return [Crumb(_("Live supervision"), reverse("supervision:board"))]

    def get_actions(self) -> list[Action]:
        dossier = f"{reverse('registry:dossier', args=[self.lot.project_id])}?lot={self.lot.pk}"
        return [Action(_("Dossier"), dossier, icon="folder")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        live = _state(self.request, self.lot, visible_room(self.request.user, self.lot.pk), 0)
        return {
            **super().get_context_data(**kwargs),
            "lot": self.lot,
            "live": live,
            "start": {name: value for name, value in live.items() if name not in ("parts", "own")},
            "may_remark": may_remark(self.request.user),
            "remark_form": RemarkForm(),
        }


@require_GET
@login_required
def room_live(request: HttpRequest, pk: int) -> HttpResponse:
    """What is new in a room after position ``after``: the lines since then and the parts as they stand; 204 when nothing is."""
    _do_not_keep_awake(request)
    after = _number(request.GET.get("after", ""))
    # Asked every second by everybody who watches: the room alone tells whether anything is new.
    room = visible_room(request.user, pk)
    if room is not None and _is_seen(request, room, after):
        return HttpResponse(status=204)
    lot = _lot_or_404(request, pk)
    state = _state(request, lot, room, after)
    if room is None and request.GET.get("alerts") == state["alerts"]:
        return HttpResponse(status=204)
    return JsonResponse(state)


class MakeRemark(ActionView):
    """A supervisor's remark."""

    roles = REMARKERS
    success_message = _("The remark is in the room.")

    def perform(self, request: HttpRequest) -> Remark:
        lot = _lot_or_404(request, self.kwargs["pk"])
        form = RemarkForm(request.POST)
        form.is_valid()
        return services.make_remark(
            lot=lot,
            actor=request.user,
            kind=request.POST.get("kind", ""),
            text=request.POST.get("text", ""),
        )

    def get_success_url(self) -> str:
        return reverse("supervision:room", args=[self.kwargs["pk"]])


class AnswerRemark(FormServiceView):
    """An answer given in person or by telephone, entered by an officer."""

    form_class = AnswerForm
    roles = REMARKERS
    wing = menu.INFORMATION
    title = _("Enter an answer")
    submit_label = _("Write down the answer")
    success_message = _("The answer is in the room.")

    @cached_property
    def remark(self) -> Remark:
        return _remark_or_404(self.request, self.kwargs["pk"])

    def get_breadcrumbs(self) -> list[Crumb]:
        return [
            Crumb(_("Live supervision"), reverse("supervision:board")),
            Crumb(str(self.remark.room), self.get_success_url()),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "intro": str(self.remark)}

    def perform(self, form: AnswerForm) -> Remark:
        return services.answer_remark(remark=self.remark, actor=self.request.user, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("supervision:room", args=[self.remark.room.lot_id])


@require_GET
@login_required
def read_remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to a remark in its room; its author has then read the answer."""
    remark = _remark_or_404(request, pk)
    services.mark_answer_seen(remark=remark, actor=request.user)
    return HttpResponseRedirect(f"{reverse('supervision:room', args=[remark.room.lot_id])}#remarks")


def _board(request: HttpRequest, day: date) -> tuple[str, str]:
    rows = board(request.user, day)
    html = render_to_string("supervision/_board.html", {"rows": rows, "day": day}, request=request)
    return html, hashlib.sha256(html.encode()).hexdigest()[:16]


def _state(request: HttpRequest, lot: Lot, room: Room | None, after: int) -> dict[str, Any]:
    """What the screen shows after a position. The room was read before the lines, so no line is newer than its position."""
    position = room.position if room else 0
    entries = [entry for entry in entries_after(room, after) if entry.position <= position]
    last = entries[-1].position if entries else position
    return {
        **_shared(request, lot, room),
        "position": last,
        "phase": _phase(room),
        "alerts": alerts_mark(request.user, lot.pk, lot.project_id),
        "lines": [
            {"position": entry.position, "html": render_to_string("supervision/_line.html", {"entry": entry})}
            for entry in entries
        ],
        "own": {
            "alerts": _part("alerts", request, alerts=alerts_of_lot(request.user, lot)),
            "remarks": _part("remarks", request, remarks=_remarks(room), may_answer=may_remark(request.user)),
        },
        "now": timezone.now().isoformat(),
    }


def _shared(request: HttpRequest, lot: Lot, room: Room | None) -> dict[str, Any]:
    """The parts that are the same for everybody who may see the room and speaks the same language."""
    handles = may_handle_feed(request.user)
    key = ""
    if room is not None:
        key = f"supervision:{room.pk}:{room.position}:{room.updated_at.timestamp()}:{_phase(room)}:{handles}:{get_language()}"
        if (kept := cache.get(key)) is not None:
            return kept
    sheet = room_sheet(lot, room)
    shared = {
        "parts": {name: _part(name, request, sheet=sheet, handles=handles) for name in PANELS},
        "prices": sheet.prices,
        "deadline": sheet.deadline_at.isoformat() if sheet.deadline_at else "",
    }
    if key:
        cache.set(key, shared, 30)
    return shared


def _part(name: str, request: HttpRequest, **context: Any) -> str:
    return render_to_string(f"supervision/_{name}.html", context, request=request)


def _is_seen(request: HttpRequest, room: Room, after: int) -> bool:
    if after != room.position or request.GET.get("phase", "") != _phase(room):
        return False
    return request.GET.get("alerts") == alerts_mark(request.user, room.lot_id, room.project_id)


def _phase(room: Room | None) -> str:
    """The state for the eye, with the passing of the deadline, and what waits: both can change without a new line."""
    waits = room is not None and room.events.filter(state="waiting").exists()
    deadline = room.deadline_at if room else None
    passed = deadline is not None and deadline <= timezone.now()
    public = room is not None and room.is_open
    return f"{room.state if room else ''}{'+' if passed else ''}{'~' if waits and (public or passed) else ''}"


def _remarks(room: Room | None) -> list[Remark]:
    return list(room.remarks.select_related("author__department", "entered_by")) if room else []


def _lot_or_404(request: HttpRequest, pk: int) -> Lot:
    lot = visible_lot(request.user, pk)
    if lot is None:
        raise Http404
    return lot


def _remark_or_404(request: HttpRequest, pk: int) -> Remark:
    rooms = Room.objects.visible_to(request.user)
    return get_object_or_404(Remark.objects.filter(room__in=rooms).select_related("room__lot"), pk=pk)


def _do_not_keep_awake(request: HttpRequest) -> None:
    """A page that asks by itself is not somebody who works: only ``active=1`` puts off the end of an idle session."""
    if request.GET.get("active") != "1":
        request.session.modified = False


def _day(request: HttpRequest) -> date:
    try:
        return parse_date(request.GET.get("day", "")) or timezone.localdate()
    except ValueError:
        return timezone.localdate()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
