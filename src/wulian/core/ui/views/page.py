"""What every page of the house has: a signed-in user with a fitting role, a title, breadcrumbs, actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from wulian.core.config.errors import Forbidden, Refusal

from .. import menu

Words = str | Promise


@dataclass(frozen=True)
class Action:
    """A button at the head of a page; `method` post makes a small form of it."""

    label: Words
    url: str
    icon: str = ""
    style: str = ""
    method: str = "get"


@dataclass(frozen=True)
class Crumb:
    """A step of the breadcrumbs; without `url` it is only text."""

    label: Words
    url: str = ""


class PageMixin(LoginRequiredMixin):
    """Only for signed-in users; with `roles`, only for those who hold one of them today.

    `business` True (the default) also keeps out whoever sees no business: users without a role and the three
    administrators; pages of the platform itself set it to False or name their roles.
    """

    roles: Iterable[str] | None = None
    business = True
    title: Words = ""
    subtitle: Words = ""
    wing = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            self.check_role(request.user)
        return super().dispatch(request, *args, **kwargs)

    def check_role(self, user: Any) -> None:
        """Raise Forbidden, naming the roles that may, for a user whom this page is not for."""
        if self.roles is not None:
            if not user.has_role(*self.roles):
                names = "、".join(str(getattr(role, "label", role)) for role in self.roles)
                raise Forbidden(
                    _("Your role may not open this page; it is for: %(roles)s.") % {"roles": names}
                )
        elif self.business and not sees_business(user):
            raise Forbidden(_("Your account has no business role, so it sees no business content."))

    def get_title(self) -> Words:
        return self.title

    def get_breadcrumbs(self) -> list[Crumb]:
        """The way from the wing to this page, without the page itself."""
        return []

    def get_actions(self) -> list[Action]:
        """The buttons at the head of the page."""
        return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)  # type: ignore[misc]
        crumbs = self.get_breadcrumbs()
        if self.wing in menu.WINGS:
            crumbs = [Crumb(menu.WINGS[self.wing][0]), *crumbs]
        context.setdefault("page_title", self.get_title())
        context.setdefault("page_subtitle", self.subtitle)
        context.setdefault("page_crumbs", crumbs)
        context.setdefault("page_actions", self.get_actions())
        return context


def sees_business(user: Any) -> bool:
    """Whether a user holds an active role that is not an administrator's (accounts lies above this room)."""
    held = {str(role.value) for role in user.role_set}
    return user.is_active and bool(held) and not any(role.endswith("_admin") for role in held)


def show_refusal(request: HttpRequest, refusal: Refusal) -> None:
    """Put a refusal among the messages of the next page."""
    messages.error(request, refusal.message)


def safe_next(request: HttpRequest, fallback: str) -> str:
    """The address asked for by `next` when it is one of ours, else `fallback`."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and ours else fallback
