"""Alerts that are judged together: those of one dossier, of one lot, of one party."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    Max,
    Min,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wulian.information.alerts.choices import FINAL, Severity
from wulian.information.alerts.models import Alert, AlertQuerySet
from wulian.information.registry.models import Lot, Party, Project

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


@dataclass(frozen=True)
class GroupKind:
    """What alerts are grouped by: the field of the alert and the model it refers to."""

    field: str
    model: type[Model]
    title: str | Promise
    url_name: str
    list_name: str


KINDS: Final = {
    "project": GroupKind("project", Project, _("By dossier"), "alerts:group_project", "alerts:groups"),
    "lot": GroupKind("lot", Lot, _("By lot"), "alerts:group_lot", "alerts:groups_lot"),
    "party": GroupKind("party", Party, _("By party"), "alerts:group_party", "alerts:groups_party"),
}


@dataclass(frozen=True)
class Numbers:
    """What a row of the list of groups says beside the index."""

    unfinished: int = 0
    red: int = 0
    total: int = 0
    latest: datetime | None = None
    worst: int = 4


def groups_of(kind: GroupKind, user: User) -> QuerySet[Any]:
    """Return the records that have an unfinished alert the user may see, with their `index` over the alerts he may see."""
    visible = Alert.objects.visible_to(user).filter(**{kind.field: OuterRef("pk")}).order_by()
    points = visible.values(kind.field).annotate(n=Sum("points")).values("n")
    rows = kind.model._default_manager.filter(Exists(visible.open()))
    return rows.annotate(index=Coalesce(Subquery(points, output_field=IntegerField()), 0))


def numbers_of(kind: GroupKind, user: User, ids: Iterable[int]) -> dict[int, Numbers]:
    """Return the numbers of the groups of one page, in one query."""
    rows = (
        Alert.objects.visible_to(user)
        .filter(**{f"{kind.field}__in": list(ids)})
        .order_by()
        .values_list(kind.field)
        .annotate(
            unfinished=Count("pk", filter=~Q(state__in=FINAL)),
            red=Count("pk", filter=Q(severity=Severity.RED) & ~Q(state__in=FINAL)),
            total=Count("pk"),
            latest=Max("raised_at"),
            worst=Min("rank", filter=~Q(state__in=FINAL)),
        )
    )
    return {pk: Numbers(*values) for pk, *values in rows}


def parts_of(kind: GroupKind, user: User, ids: Iterable[int]) -> dict[int, list[tuple[str, int]]]:
    """Return what makes the index of the groups of one page: rule and points, the heaviest first; in one query."""
    rows = Alert.objects.visible_to(user).filter(points__gt=0, **{f"{kind.field}__in": list(ids)})
    found: dict[int, list[tuple[str, int]]] = {}
    for pk, rule, points in rows.order_by("-points", "pk").values_list(kind.field, "rule_id", "points"):
        found.setdefault(pk, []).append((rule, points))
    return found


def alerts_of_group(kind: GroupKind, pk: int, user: User) -> AlertQuerySet:
    """Return the alerts of one group that the user may see, the gravest first."""
    return (
        Alert.objects.visible_to(user)
        .filter(**{kind.field: pk})
        .select_related("project", "lot", "party", "department", "assignee")
        .defer("evidence")
    )


def neighbours(alert: Alert, user: User) -> dict[str, int]:
    """Return how many other unfinished alerts the lot, and the party, of an alert have."""
    found = {}
    for name in ("lot", "party"):
        if pk := getattr(alert, f"{name}_id"):
            others = Alert.objects.visible_to(user).open().filter(**{name: pk}).exclude(pk=alert.pk).count()
            if others:
                found[name] = others
    return found
