"""Who is complained of: a party of the registry, or a department of our own, whose people are shut out (REFERENCE D.9, conflict screen)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from wulian.casework.intake.models import Complaint, OtherRespondent, TipOff
from wulian.core.accounts.models import Department
from wulian.information.registry.models import Party

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

Numbers = Collection[int]


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


def name_others(complaint: Complaint) -> None:
    """Store the further parties of a complaint as rows, so that conflicts are found with each of them."""
    rows = []
    for one in complaint.other_parties:
        party = party_named(one.name) or _party_of(one.uscc)
        rows.append(
            OtherRespondent(
                complaint=complaint,
                name=one.name,
                key=one.key,
                uscc=one.uscc or (party.uscc if party else ""),
                party=party,
                accused_department=accused_department_of(one.name, party),
            )
        )
    OtherRespondent.objects.bulk_create(rows)


def _party_of(uscc: str) -> Party | None:
    return Party.objects.current().filter(uscc=uscc).first() if uscc else None


def trails_kept_from(user: User) -> Iterator[tuple[str, Numbers]]:
    """Yield, by label of the model, the records whose audit trail the user may not read either.

    They are the matters in conflict with the user, and whatever hangs from them however deep: clocks, documents,
    consultations, the lead and the case that came of it.
    """
    waiting: list[tuple[type[models.Model], set[int]]] = [
        (model, set(model.objects.in_conflict_with(user).values_list("pk", flat=True)))
        for model in (Complaint, TipOff)
    ]
    found: dict[type[models.Model], set[int]] = {}
    while waiting:
        model, numbers = waiting.pop()
        if new := numbers - found.get(model, set()):
            found.setdefault(model, set()).update(new)
            waiting += _hanging_from(model, new)
    for model, numbers in found.items():
        yield model._meta.label_lower, numbers


def _hanging_from(
    model: type[models.Model], numbers: set[int]
) -> Iterator[tuple[type[models.Model], set[int]]]:
    """The rows of each model of ours that point to some rows of a model, by a key or by its generic form."""
    kind = ContentType.objects.get_for_model(model)
    for other in apps.get_models():
        if not other.__module__.startswith("wulian."):
            continue
        pointing = Q(pk__in=())
        for field in [*other._meta.fields, *other._meta.private_fields]:
            pointing |= _points(field, model, kind, numbers)
        rows: Any = other._base_manager.filter(pointing)
        if ids := set(rows.values_list("pk", flat=True)):
            yield other, ids


def _points(field: Any, model: type[models.Model], kind: ContentType, numbers: set[int]) -> Q:
    if isinstance(field, GenericForeignKey):
        return Q(**{field.ct_field: kind, f"{field.fk_field}__in": numbers})
    if field.is_relation and field.related_model is model:
        return Q(**{f"{field.name}__in": numbers})
    return Q(pk__in=())
