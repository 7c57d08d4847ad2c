"""Who writes to a reporter: the officers of the authority, before that the window and the dispatcher."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from wulian.casework.dialogue.choices import DECIDED, ENDED
from wulian.casework.intake.services.guards import require_sight
from wulian.core.accounts.choices import Role
from wulian.core.config.errors import Forbidden

if TYPE_CHECKING:
    from wulian.casework.intake.models import Matter
    from wulian.core.accounts.models import User

OFFICE: Final = (Role.CLERK, Role.DISPATCHER)
AUTHORITY: Final = (Role.CASE_OFFICER, Role.SECTION_HEAD, Role.AUTHORITY_HEAD)


def may_write(user: User, matter: Matter) -> bool:
    """Whether a user who sees the matter is the one to talk with its reporter now."""
    if matter.authority_id is None:
        return user.has_role(*OFFICE)
    return user.department_id == matter.authority_id and user.has_role(*AUTHORITY)


def own_matters(user: User) -> Q:
    """Return the condition on matters that says the same as `may_write`."""
    scope = Q(pk__in=())
    if user.has_role(*OFFICE):
        scope |= Q(authority=None)
    if user.department_id and user.has_role(*AUTHORITY):
        scope |= Q(authority=user.department_id)
    return scope


def require_writer(user: User, matter: Matter) -> None:
    """Raise Forbidden unless the user sees the matter and is the one to talk with its reporter now."""
    require_sight(user, matter)
    if not may_write(user, matter):
        raise Forbidden(_("Only who handles the matter now writes to its reporter."))


def has_ended(matter: Matter) -> bool:
    """Whether the matter is over for its reporter."""
    return matter.state in ENDED[matter.procedure_code]


def may_withdraw(matter: Matter) -> bool:
    """Whether a withdrawal can be asked for: a complaint that is not decided yet (REFERENCE CH-10)."""
    return matter.is_complaint and matter.state not in DECIDED
