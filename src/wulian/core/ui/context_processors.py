"""What the page frame needs on every page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from . import menu, notifications
from .views.page import sees_business


def shell(request: HttpRequest) -> dict[str, Any]:
    """Menu, unread count and language; lazy, so pages without the frame ask the database nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"shell_idle_seconds": 0}
    return {
        "shell_menu": SimpleLazyObject(lambda: menu.sections_for(request)),
        "shell_unread": SimpleLazyObject(lambda: notifications.unread_count(user)),
        "shell_search": SimpleLazyObject(lambda: sees_business(user)),
        "shell_idle_seconds": settings.SESSION_IDLE_SECONDS,
    }
