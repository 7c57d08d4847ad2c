"""Whose business a user sees: decided once, used by every ``visible_to``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from wulian.core.accounts.choices import ADMINISTRATORS, CITY_REGION, CITY_WIDE

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

NOTHING = Q(pk__in=())
EVERYTHING = ~NOTHING
"""Not an empty `Q`: that would vanish from `EVERYTHING | other`, and leave the other alone."""


def sees_business(user: User) -> bool:
    """Whether ``user`` holds an active business role; the three administrators do not."""
    return bool(
        user.is_authenticated and user.is_active and user.role_set and not user.role_set & ADMINISTRATORS
    )


def sees_whole_city(user: User) -> bool:
    """Whether ``user`` works for the coordinating office or for oversight."""
    return sees_business(user) and bool(user.role_set & CITY_WIDE)


def dossier_scope(user: User, path: str = "project__") -> Q:
    """The projects of ``user``'s department: of its sector in a city department, of its region in a county one.

    ``path`` is the lookup prefix from the filtered model to the project.
    """
    if sees_whole_city(user):
        return EVERYTHING
    if user.department is None or not sees_business(user):
        return NOTHING
    scope = EVERYTHING
    if user.department.sector:
        scope &= Q(**{f"{path}sector": user.department.sector})
    if user.department.region_code not in ("", CITY_REGION):
        scope &= Q(**{f"{path}region_code": user.department.region_code})
    return scope
