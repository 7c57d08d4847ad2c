"""Telling people about a matter; never those whom the matter is kept from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import Department, User
from wulian.core.ui.models import Notification
from wulian.core.ui.notifications import notify

if TYPE_CHECKING:
    from wulian.casework.intake.models import Matter


def tell(
    matter: Matter, *, roles: Iterable[Role], title: str, department: Department | None = None, body: str = ""
) -> int:
    """Notify who holds one of `roles` (in `department`, when given) and may see the matter; returns how many."""
    people = User.objects.with_role(*roles).prefetch_related("role_grants")
    if department is not None:
        people = people.filter(department=department)
    rows = type(matter)._default_manager.filter(pk=matter.pk)
    allowed = [user for user in people if rows.visible_to(user).exists()]  # type: ignore[attr-defined]
    return notify(users=allowed, title=title, url=matter.get_absolute_url(), body=body)


def take_back(matter: Matter) -> int:
    """Delete what people were told of a matter that has since turned out to be kept from them; returns how many notifications."""
    rows = type(matter)._default_manager.filter(pk=matter.pk)
    told = Notification.objects.filter(url=matter.get_absolute_url()).select_related("user")
    shut_out = {
        row.pk
        for row in told.prefetch_related("user__role_grants")
        if rows.in_conflict_with(row.user).exists()  # type: ignore[attr-defined]
    }
    return Notification.objects.filter(pk__in=shut_out).delete()[0]
