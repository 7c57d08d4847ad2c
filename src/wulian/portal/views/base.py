"""What every public page has: nothing typed is lost, whatever goes wrong, with script or without."""

from __future__ import annotations

import logging
from typing import Any, Final

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.template.loader import render_to_string
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from wulian.portal.drafts import set_cookie

logger = logging.getLogger(__name__)
NOT_TYPED: Final = ("csrfmiddlewaretoken", "proof")


class _Check(CsrfViewMiddleware):
    """The check of Django, which says why instead of answering with a page that knows nothing of what was typed."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


@method_decorator([never_cache, csrf_exempt], name="dispatch")
class PublicView(View):
    """A page without login.

    A form whose token is gone (cookies cleared, page open for long), and one during which the server failed, come back with all
    that was typed and a button to send it again; before that nothing is done with it.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if _token_is_gone(request):
                return give_back(request, status=403)
            response = super().dispatch(request, *args, **kwargs)
        except (Http404, PermissionDenied, SuspiciousOperation):
            raise
        except Exception:
            # Its own page instead of that of the server: it must hold what was typed.
            logger.exception("public page %s failed", request.path)
            return give_back(request, status=500)
        set_cookie(request, response)
        return response


def give_back(request: HttpRequest, status: int) -> HttpResponse:
    """Return the page with what was typed; it needs neither session nor database, which may be what failed."""
    typed = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NOT_TYPED
        for value in map(str, values)
    ]
    context = {
        "address": request.get_full_path(),
        "typed": typed,
        "failed": status >= 500,
        "had_files": bool(request.FILES) if request.method == "POST" else False,
        "csrf_token": get_token(request),
    }
    return HttpResponse(render_to_string("portal/again.html", context), status=status)


def _token_is_gone(request: HttpRequest) -> bool:
    check = _Check(lambda _request: HttpResponse())
    check.process_request(request)
    return check.process_view(request, None, (), {}) is not None  # type: ignore[arg-type]
