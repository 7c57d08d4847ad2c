"""The first line of a service: who may."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import User
from wulian.core.config.errors import Forbidden


def require_role(user: User, *roles: Role) -> None:
    """Raise Forbidden, naming the roles that may, unless ``user`` holds one of ``roles`` today."""
    if not user.has_role(*roles):
        names = "、".join(str(role.label) for role in roles)
        raise Forbidden(_("Your role may not do this; it is for: %(roles)s.") % {"roles": names})
