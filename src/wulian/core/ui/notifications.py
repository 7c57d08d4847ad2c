"""Telling users something; call it inside the business transaction."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from .models import Notification


def notify(*, users: Iterable[Any], title: str | Promise, url: str = "", body: str | Promise = "") -> int:
    """Write one notification for each distinct active user; returns how many."""
    ids = {user.pk for user in users if user.is_active}
    Notification.objects.bulk_create(
        Notification(user_id=pk, title=str(title)[:200], url=url, body=str(body)) for pk in sorted(ids)
    )
    return len(ids)


def mark_read(*, user: Any, ids: Iterable[int] | None = None) -> int:
    """Mark `user`'s own unread notifications as read, all of them without `ids`; returns how many."""
    mine = Notification.objects.visible_to(user).unread()
    if ids is not None:
        mine = mine.filter(pk__in=list(ids))
    return mine.update(read_at=timezone.now())


def unread_count(user: Any) -> int:
    """How many notifications `user` has not read."""
    return Notification.objects.visible_to(user).unread().count()
