"""The side menu by wings; each app registers its entries in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest

OFFICE: Final = "office"
FORCE: Final = "force"
INFORMATION: Final = "information"
INSPECTION: Final = "inspection"
CASEWORK: Final = "casework"
SYSTEM: Final = "system"
WINGS: Final[dict[str, tuple[Any, str]]] = {
    OFFICE: (_("Joint office"), "building-bank"),
    FORCE: (_("Joint force"), "users-group"),
    INFORMATION: (_("Connected information"), "radar-2"),
    INSPECTION: (_("Linked inspection"), "clipboard-check"),
    CASEWORK: (_("Joint casework"), "scale"),
    SYSTEM: (_("System"), "settings"),
}


@dataclass(frozen=True)
class Entry:
    """One line of the menu; `roles` None means every signed-in user who sees business."""

    wing: str
    label: str | Promise
    url_name: str
    icon: str
    roles: frozenset[str] | None
    order: int
    count: Callable[[Any], int] | None = None


_ENTRIES: dict[tuple[str, str], Entry] = {}


def register(
    wing: str,
    label: str | Promise,
    url_name: str,
    icon: str,
    roles: Iterable[str] | None = None,
    order: int = 50,
) -> None:
    """Add an entry under `wing`; raises ValueError for a wing that is not one of WINGS.

    `icon` is a Tabler icon without `ti-`. `roles` limits who sees it; without it every business user does, and in
    the wing `system` every signed-in user.
    """
    if wing not in WINGS:
        raise ValueError(f"menu wing {wing!r}: expected one of {', '.join(WINGS)}")
    allowed = None if roles is None else frozenset(str(role) for role in roles)
    _ENTRIES[wing, url_name] = Entry(wing, label, url_name, icon, allowed, order)


def entries_for(user: Any) -> list[Entry]:
    """The entries `user` may see, by wing and order."""
    if not user.is_authenticated:
        return []
    held = {str(role.value) for role in user.role_set}
    business = bool(held) and not any(role.endswith("_admin") for role in held)
    positions = {wing: index for index, wing in enumerate(WINGS)}
    seen = [entry for entry in _ENTRIES.values() if _may_see(entry, held, business)]
    return sorted(seen, key=lambda entry: (positions[entry.wing], entry.order, entry.url_name))


def sections_for(request: HttpRequest) -> list[dict[str, Any]]:
    """Wings with their entries for the template; the entry whose address is the longest prefix of the path is active."""
    links = [(entry, url) for entry in entries_for(request.user) if (url := _address(entry.url_name))]
    fitting = [url for _entry, url in links if request.path == url or request.path.startswith(url)]
    active = max(fitting, key=len, default="")
    sections = []
    for wing, (label, icon) in WINGS.items():
        own = [
            {"label": entry.label, "url": url, "icon": entry.icon, "active": url == active and url != "/"}
            for entry, url in links
            if entry.wing == wing
        ]
        if own:
            sections.append({"wing": wing, "label": label, "icon": icon, "entries": own})
    return sections


def _may_see(entry: Entry, held: set[str], business: bool) -> bool:
    if entry.roles is not None:
        return not entry.roles.isdisjoint(held)
    return business or entry.wing == SYSTEM


@lru_cache(maxsize=256)
def _address(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""  # a room that is not built yet
