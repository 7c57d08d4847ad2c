"""What the page of the window looks up while somebody types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Q, QuerySet

from wulian.casework.intake.models import Matter
from wulian.casework.window.models import WindowEntry
from wulian.core.accounts.choices import DepartmentKind
from wulian.core.accounts.models import Department
from wulian.information.registry.choices import SearchKind
from wulian.information.registry.models import Party, Project, SearchEntry

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

OFFERED: Final = 10


def offered_projects(*, user: User, text: str) -> list[Project]:
    """Return at most ten dossiers the user may see whose name or number holds every word, the newest first."""
    text = text.strip()[:100]
    if len(text) < 2:
        return []
    found = SearchEntry.objects.visible_to(user).filter(kind=SearchKind.PROJECT).matching(text)
    rows = Project.objects.visible_to(user).filter(pk__in=found.values("project_id"), ended_at=None)
    return list(rows.order_by("-id")[:OFFERED])


def offered_parties(*, user: User, text: str) -> list[str]:
    """Return at most ten names: departments, then parties, that begin with the text or hold it as a search word."""
    text = text.strip()[:100]
    if len(text) < 2:
        return []
    departments = bodies().filter(Q(name__contains=text) | Q(short_name__contains=text))
    names = list(departments.values_list("name", flat=True)[:OFFERED])
    found = SearchEntry.objects.visible_to(user).filter(kind=SearchKind.PARTY).matching(text)
    parties = Party.objects.visible_to(user).current().filter(pk__in=found.values("party_id"))
    names += parties.order_by("name").values_list("name", flat=True)[:OFFERED]
    return list(dict.fromkeys(names))[:OFFERED]


def bodies() -> QuerySet[Department]:
    """Return the departments of the joint mechanism, by which a transfer is known as one from inside."""
    rows = Department.objects.filter(is_active=True).exclude(kind=DepartmentKind.REGION)
    return rows.order_by("id")


def department_named(name: str) -> Department | None:
    """Return the department of exactly this full or short name, or None when there is none or more than one."""
    name = name.strip()
    found = list(bodies().filter(Q(name=name) | Q(short_name=name))[:2]) if name else []
    return found[0] if len(found) == 1 else None


def entry_of(matter: Matter) -> WindowEntry | None:
    """Return what the window noted about the submission a matter came with, or None when it did not come that way."""
    rows = WindowEntry.objects.filter(receipt=matter.receipt_id)
    return rows.select_related("receipt__entered_by", "transferring_department").first()
