"""Idle sessions end; whoever has a second factor must show it; an initial password must be changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from .services import has_second_factor

GetResponse = Callable[[HttpRequest], HttpResponse]

LAST_SEEN: Final = "last_seen"
HAS_DEVICE: Final = "has_second_factor"
WRITE_EVERY: Final = 30
OPEN_NAMES: Final = ("accounts:login", "accounts:logout", "ui:language")


class IdleSessionMiddleware:
    """After SESSION_IDLE_SECONDS without a request the next one leads to the login and back to the same page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(timezone.now().timestamp())
            seen = request.session.get(LAST_SEEN, now)
            if now - seen > settings.SESSION_IDLE_SECONDS:
                request.session_expired = True  # type: ignore[attr-defined]
                back = return_address(request)
                logout(request)
                return to_login(request, back, idle=True)
            if now - seen >= WRITE_EVERY or LAST_SEEN not in request.session:
                request.session[LAST_SEEN] = now
        response = self.get_response(request)
        if is_partial(request) and response.status_code == 302 and _leads_to_login(response):
            # An XHR would follow the redirect and put the login page into a corner of this one.
            return to_login(request, return_address(request))
        return response


class SecondFactorMiddleware:
    """Administrators always, others once they have set it up, reach nothing before the second factor is verified."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        target = self._hindrance(request)
        if target and not _is_open(request, target):
            address = f"{reverse(target)}?{urlencode({'next': return_address(request)})}"
            return go(request, address)
        return self.get_response(request)

    @staticmethod
    def _hindrance(request: HttpRequest) -> str:
        user = request.user
        if not user.is_authenticated:
            return ""
        if not user.is_verified():  # type: ignore[union-attr]
            if HAS_DEVICE not in request.session:
                request.session[HAS_DEVICE] = has_second_factor(user)
            if request.session[HAS_DEVICE]:
                return "accounts:verify"
            if user.is_administrator:
                return "accounts:second_factor"
        return "accounts:password" if user.must_change_password else ""


def to_login(request: HttpRequest, back: str, *, idle: bool = False) -> HttpResponse:
    """The way to the login page and from there back to `back`."""
    query = {"next": back} | ({"idle": "1"} if idle else {})
    return go(request, f"{reverse(settings.LOGIN_URL)}?{urlencode(query)}")


def go(request: HttpRequest, address: str) -> HttpResponse:
    """A redirect; for a partial request one that moves the whole page."""
    if is_partial(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def is_partial(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def return_address(request: HttpRequest) -> str:
    """The page to come back to: this one, or for a write or a partial request the page it was started from."""
    if request.method in ("GET", "HEAD") and not is_partial(request):
        return request.get_full_path()
    started = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if started and url_has_allowed_host_and_scheme(started, allowed_hosts={request.get_host()}):
        parts = urlsplit(started)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return request.path if request.method in ("GET", "HEAD") else "/"


def _leads_to_login(response: HttpResponse) -> bool:
    return urlsplit(response.headers.get("Location", "")).path == reverse(settings.LOGIN_URL)


def _is_open(request: HttpRequest, target: str) -> bool:
    if request.path.startswith(settings.STATIC_URL):
        return True
    return request.path in {reverse(name) for name in (*OPEN_NAMES, target)}
