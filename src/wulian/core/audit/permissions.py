"""Who may read the audit trail, and how much of it.

Accounts lie above this room, so a user is asked through `has_role(code)`; whoever cannot answer has no role.
"""

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .models import AuditEvent

AUDIT_ADMIN: Final = "audit_admin"
DISCIPLINE: Final = "discipline"
READERS: Final = (AUDIT_ADMIN, DISCIPLINE)
ADMINISTRATORS: Final = ("system_admin", "security_admin", AUDIT_ADMIN)
# The running of the platform itself; everything else is business that administrators do not see.
PLATFORM_APPS: Final = frozenset({"accounts", "audit", "config", "ui"})
# Told by the platform, but with words of the business in it: the title and the conditions of the list.
BUSINESS_VERBS: Final = frozenset({"accounts.list_exported"})


Screen = Callable[[Any], Iterable[tuple[str, Collection[int]]]]
"""Given a user, the records whose events that user may not read: label of the model, and numbers."""
_SCREENS: list[Screen] = []


def register_screen(screen: Screen) -> None:
    """Let a higher room keep the trail of some records from some readers, from oversight too."""
    _SCREENS.append(screen)


def kept_from(user: Any) -> list[tuple[str, Collection[int]]]:
    """Return the records whose events this user may not read."""
    return [kept for screen in _SCREENS for kept in screen(user)]


def has_role(user: Any, *codes: str) -> bool:
    """Say whether the user holds one of the roles."""
    ask = getattr(user, "has_role", None)
    return ask is not None and any(ask(code) for code in codes)


def may_read_trail(user: Any) -> bool:
    """Audit administrator and discipline inspection read the whole trail."""
    return has_role(user, *READERS)


def may_write_checkpoint(user: Any) -> bool:
    """Only the audit administrator signs a checkpoint from the pages; whoever reads may verify."""
    return has_role(user, AUDIT_ADMIN)


def sees_masked(user: Any, event: "AuditEvent") -> bool:
    """The three administrators see verb, actor, time and hashes of business events, not their content."""
    if not has_role(user, *ADMINISTRATORS):
        return False
    app = (event.subject_type or event.verb).split(".", 1)[0]
    return app not in PLATFORM_APPS or event.verb in BUSINESS_VERBS
