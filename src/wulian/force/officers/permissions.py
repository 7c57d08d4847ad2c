"""Who keeps the officer library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wulian.core.accounts.choices import Role
from wulian.core.accounts.scopes import sees_business
from wulian.core.config.errors import Forbidden

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

    from .models import Officer

KEEPERS = (Role.DISPATCHER, Role.OFFICE_HEAD)


def keeps_library(user: User) -> bool:
    """Whether `user` may enter and change anybody's record."""
    return user.has_role(*KEEPERS)


def may_edit(user: User, officer: Officer) -> bool:
    """Whether `user` may add to this officer's record: the officer, or who keeps the library."""
    return sees_business(user) and (keeps_library(user) or officer.user_id == user.pk)


def require_edit(user: User, officer: Officer) -> None:
    """Raise Forbidden unless `may_edit`."""
    if not may_edit(user, officer):
        raise Forbidden(_("Only the officer or the dispatcher of the coordinating office may do this."))
