"""Who does what with compared bids. Files of bidders are business secrets: fewer people read them than see the findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wulian.core.accounts.choices import Role

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

UPLOADERS: Final = (Role.DISPATCHER, Role.CASE_OFFICER)
READERS: Final = (
    Role.CASE_OFFICER,
    Role.SECTION_HEAD,
    Role.AUTHORITY_HEAD,
    Role.LEGAL_REVIEWER,
    Role.DISPATCHER,
    Role.OFFICE_HEAD,
    Role.DISCIPLINE,
)
TEXT_READERS: Final = (
    Role.CASE_OFFICER,
    Role.SECTION_HEAD,
    Role.AUTHORITY_HEAD,
    Role.LEGAL_REVIEWER,
    Role.DISCIPLINE,
)
"""Who reads what a bidder wrote; each reading is an audit event."""
CHECKERS: Final = (Role.CASE_OFFICER, Role.SECTION_HEAD)
DECIDERS: Final = (Role.SECTION_HEAD, Role.AUTHORITY_HEAD)


def may_read(user: User) -> bool:
    return user.has_role(*READERS)


def may_read_texts(user: User) -> bool:
    return user.has_role(*TEXT_READERS)


def may_upload(user: User) -> bool:
    return user.has_role(*UPLOADERS)


def may_check(user: User) -> bool:
    return user.has_role(*CHECKERS)
