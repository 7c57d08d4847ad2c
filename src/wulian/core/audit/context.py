"""The request in which an event happens."""

import uuid
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class RequestContext:
    """What is kept of a request: its number and the network address it came from."""

    request_id: str = ""
    remote_address: str = ""


_NOTHING = RequestContext()
_current: ContextVar[RequestContext] = ContextVar("audit_request", default=_NOTHING)


def current_request() -> RequestContext:
    """Return the context of the request being served, or an empty one outside requests."""
    return _current.get()


class AuditRequestMiddleware:
    """Give each request a number, and let audit events of official users know it and the address.

    The address is the peer's (`REMOTE_ADDR`): a forwarded header can be written by anyone, so a deployment behind a
    proxy lets the web server set REMOTE_ADDR.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        context = RequestContext(uuid.uuid4().hex, request.META.get("REMOTE_ADDR", "")[:45])
        token = _current.set(context)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response.headers["X-Request-ID"] = context.request_id
        return response
