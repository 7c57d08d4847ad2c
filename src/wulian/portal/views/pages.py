"""Pages that only tell, and the size of type."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from wulian.casework.intake import keys
from wulian.core.accounts.choices import DepartmentKind
from wulian.core.accounts.models import Department
from wulian.office.jurisdiction.selectors import region_name
from wulian.portal.drafts import COOKIE_PATH
from wulian.portal.selectors import competent_for_complaints
from wulian.portal.views.base import PublicView

LARGE = "wulian_large"
YEAR = 365 * 24 * 3600


class ObjectionView(PublicView):
    """How to raise an objection first, and until when (实施条例 第二十二条、第四十四条、第五十四条)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "portal/objection.html", {"topic": request.GET.get("topic", "")})


class PublishedView(PublicView):
    """Who handles what, on which legal basis, within which time."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rules = list(competent_for_complaints())
        regions: dict[str, list[Any]] = {}
        for rule in rules:
            regions.setdefault(region_name(rule.region_code), []).append(rule)
        office = Department.objects.filter(kind=DepartmentKind.COORDINATING_OFFICE, is_active=True).first()
        context = {
            "regions": regions,
            "demonstration": any(rule.is_demonstration for rule in rules),
            "office": office,
            "key_id": keys.receipt_signer().key_id,
        }
        return render(request, "portal/published.html", context)


class LargeView(PublicView):
    """Large type on, or off again; kept in this browser, for the public pages only."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = request.POST.get("next", "")
        ours = url_has_allowed_host_and_scheme(
            wanted, {request.get_host()}, require_https=request.is_secure()
        )
        response = HttpResponseRedirect(wanted if ours else reverse("portal:start"))
        if request.COOKIES.get(LARGE):
            response.delete_cookie(LARGE, path=COOKIE_PATH, samesite="Lax")
        else:
            response.set_cookie(
                LARGE, "1", max_age=YEAR, path=COOKIE_PATH, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
            )  # fmt: skip
        return response
