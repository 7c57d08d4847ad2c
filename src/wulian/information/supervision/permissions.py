"""Who does what in the live supervision; administrators see no room, discipline and audit only read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wulian.core.accounts.choices import Role

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

REMARKERS: Final = (
    Role.CASE_OFFICER,
    Role.SECTION_HEAD,
    Role.AUTHORITY_HEAD,
    Role.DISPATCHER,
    Role.OFFICE_HEAD,
)
"""Who supervises in person: remarks, and answers given by telephone."""
QUARANTINE_READERS: Final = (Role.DISPATCHER, Role.LIAISON, Role.OFFICE_HEAD, Role.DISCIPLINE)
QUARANTINE_HANDLERS: Final = (Role.DISPATCHER, Role.LIAISON)
SYSTEM_KEEPERS: Final = (Role.SYSTEM_ADMIN,)


def may_remark(user: User) -> bool:
    return user.has_role(*REMARKERS)


def may_handle_feed(user: User) -> bool:
    """Whether ``user`` replays and drops refused events, and passes over missing ones."""
    return user.has_role(*QUARANTINE_HANDLERS)
