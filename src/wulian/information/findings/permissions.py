"""Who does what with papers and their findings; administrators see none of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from wulian.core.accounts.choices import Role

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

UPLOADERS: Final = (Role.DISPATCHER, Role.CASE_OFFICER, Role.LIAISON)
JUDGES: Final = (Role.CASE_OFFICER, Role.SECTION_HEAD)
PATTERN_READERS: Final = (
    Role.LEGAL_REVIEWER,
    Role.DISPATCHER,
    Role.OFFICE_HEAD,
    Role.CASE_OFFICER,
    Role.SECTION_HEAD,
    Role.DISCIPLINE,
)
PATTERN_KEEPERS: Final = (Role.LEGAL_REVIEWER,)


def may_upload(user: User) -> bool:
    return user.has_role(*UPLOADERS)


def may_judge(user: User) -> bool:
    return user.has_role(*JUDGES)


def may_switch(user: User) -> bool:
    """Whether ``user`` switches patterns on and off."""
    return user.has_role(*PATTERN_KEEPERS)
