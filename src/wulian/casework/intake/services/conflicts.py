"""Who is complained of: a party of the registry, or a department of our own (REFERENCE D.9, conflict screen)."""

from __future__ import annotations

from django.db.models import Q

from wulian.core.accounts.models import Department
from wulian.information.registry.models import Party


def party_named(name: str) -> Party | None:
    """Return the one party of exactly this name, or None when there is none or more than one."""
    if not name:
        return None
    found = list(Party.objects.current().filter(name=name)[:2])
    return found[0] if len(found) == 1 else None


def accused_department_of(name: str, party: Party | None) -> Department | None:
    """Return the department that a name or a party stands for, so that its own officers are shut out; or None."""
    condition = Q(pk__in=())
    if name:
        condition |= Q(name=name) | Q(short_name=name)
    if party is not None and party.uscc:
        condition |= Q(uscc=party.uscc)
    return Department.objects.filter(condition).order_by("id").first()
