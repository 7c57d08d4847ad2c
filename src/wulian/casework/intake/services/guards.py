"""The first line of a service on a matter: may this user see it, and is it theirs?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wulian.core.config.errors import Forbidden

if TYPE_CHECKING:
    from wulian.casework.intake.models import Matter
    from wulian.core.accounts.models import User


def require_sight(user: User, matter: Matter) -> None:
    """Raise Forbidden unless the matter is visible to the user; says nothing about the matter."""
    if not type(matter)._default_manager.filter(pk=matter.pk).visible_to(user).exists():  # type: ignore[attr-defined]
        raise Forbidden(_("You may not see this matter."))


def require_authority(user: User, matter: Matter) -> None:
    """Raise Forbidden unless the user belongs to the authority the matter was given to, and may see it."""
    require_sight(user, matter)
    if matter.authority_id is None or user.department_id != matter.authority_id:
        raise Forbidden(_("Only the competent authority it was given to may do this."))
