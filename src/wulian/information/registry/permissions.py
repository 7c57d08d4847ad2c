"""Who sees the personal and device data of a bid, and who may write in the registry."""

from __future__ import annotations

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import User

SENSITIVE_READERS = (
    Role.CASE_OFFICER,
    Role.SECTION_HEAD,
    Role.AUTHORITY_HEAD,
    Role.LEGAL_REVIEWER,
    Role.DISPATCHER,
    Role.OFFICE_HEAD,
    Role.DISCIPLINE,
)
IMPORTERS = (Role.DISPATCHER, Role.OFFICE_HEAD)  # 监管办负责项目数据初期录入


def reads_sensitive(user: User) -> bool:
    """Whether ``user`` sees accounts, phones, device codes and certificate numbers of a bid unmasked."""
    return user.has_role(*SENSITIVE_READERS)


def may_import(user: User) -> bool:
    return user.has_role(*IMPORTERS)


def masked(value: str) -> str:
    """``value`` with only its last four characters readable; short values wholly hidden."""
    return f"••••{value[-4:]}" if len(value) > 6 else "••••" if value else ""
