"""The pages of the frame: home with the worklist, search, notifications, language."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView, View

from .. import notifications, search, worklist
from ..models import Notification
from ..signals import language_chosen
from .page import PageMixin, safe_next

DUTIES_PER_PAGE = 50


class HomeView(PageMixin, TemplateView):
    """My worklist first, then counts and notifications."""

    template_name = "ui/home.html"
    business = False
    title = _("My worklist")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        failed: list[str] | None = None if settings.DEBUG else []
        mine = worklist.worklist_of(self.request.user, failed)
        duties = mine.duties
        kind, when = self.request.GET.get("kind", ""), self.request.GET.get("when", "")
        of_kind = [duty for duty in duties if str(duty.kind) == kind] if kind else duties
        shown = [duty for duty in of_kind if duty.when == when] if when else of_kind
        page = Paginator(shown, DUTIES_PER_PAGE).get_page(self.request.GET.get("page"))
        return {
            **context,
            "duties": page,
            "page_obj": page,
            "kinds": worklist.kinds_of(duties),
            "kind": kind,
            "groups": worklist.groups_of(of_kind),
            "when": when,
            "total": sum(not duty.waits_for for duty in duties),
            "rests": [rest for rest in mine.rests if not kind or str(rest.kind) == kind],
            "cut_kinds": {str(rest.kind) for rest in mine.rests},
            "incomplete": bool(failed),
            "latest": list(Notification.objects.visible_to(self.request.user)[:6]),
        }


class SearchView(PageMixin, TemplateView):
    """Results of every room for one text."""

    template_name = "ui/search.html"
    title = _("Search")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        text = self.request.GET.get("q", "").strip()[:100]
        groups = search.find(self.request.user, text)
        return {**context, "query": text, "groups": groups, "found": sum(map(len, groups.values()))}


class NotificationListView(PageMixin, TemplateView):
    """One's notifications, the newest first."""

    template_name = "ui/notifications.html"
    business = False
    title = _("Notifications")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        mine = Notification.objects.visible_to(self.request.user)
        if self.request.GET.get("unread"):
            mine = mine.unread()
        page = Paginator(mine, 25).get_page(self.request.GET.get("page"))
        return {**context, "page_obj": page, "only_unread": bool(self.request.GET.get("unread"))}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Mark all as read."""
        count = notifications.mark_read(user=request.user)
        text = ngettext(
            "%(count)d notification marked as read.", "%(count)d notifications marked as read.", count
        )
        messages.success(request, text % {"count": count})
        return HttpResponseRedirect(reverse("ui:notifications"))


class NotificationOpenView(PageMixin, View):
    """Mark one as read and go where it leads."""

    business = False
    http_method_names = ["get"]

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = get_object_or_404(Notification.objects.visible_to(request.user), pk=pk)
        notifications.mark_read(user=request.user, ids=[found.pk])
        return HttpResponseRedirect(found.url or reverse("ui:notifications"))


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the pages; kept in a cookie and, through `language_chosen`, with the account."""
    language = request.POST.get("language", "")
    response = HttpResponseRedirect(safe_next(request, "/"))
    if language in dict(settings.LANGUAGES):
        translation.activate(language)
        remember_language(response, language)
        if request.user.is_authenticated:
            language_chosen.send(sender=choose_language, user=request.user, language=language)
    return response


def remember_language(response: HttpResponse, language: str) -> None:
    """Keep the language of the pages in this browser for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE, httponly=True,
    )  # fmt: skip
