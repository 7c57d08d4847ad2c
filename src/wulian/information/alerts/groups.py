"""Alerts that are judged together: those of one dossier, of one lot, of one party."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db.models import (
    Count,
    Max,
    Min,
    Model,
    Q,
    QuerySet,
    Sum,
)
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wulian.information.alerts.choices import FINAL, RANKS, AlertState, Severity
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


UNFINISHED: Final = tuple(state for state in AlertState if state not in FINAL)
AT_ONCE: Final = 1000
"""Groups asked for in one query."""


@dataclass(frozen=True)
class Numbers:
    """What a row of the list of groups says beside the index."""

    unfinished: int = 0
    red: int = 0
    latest: datetime | None = None
    worst: int = 4

    def with_(self, unfinished: int, red: int, latest: datetime, worst: int) -> Numbers:
        """Return the numbers of both."""
        newest = latest if self.latest is None else max(self.latest, latest)
        return Numbers(self.unfinished + unfinished, self.red + red, newest, min(self.worst, worst))


def groups_of(kind: GroupKind, user: User) -> QuerySet[Any]:
    """Return a row for each record that has an unfinished alert the user may see: its key under the field of the kind, and the
    `index` over these alerts; what has ended adds nothing to it.
    """
    field = kind.field
    visible = Alert.objects.visible_to(user).filter(state__in=UNFINISHED, **{f"{field}__isnull": False})
    return visible.order_by().values(field).annotate(index=Sum("points"))


@dataclass(frozen=True)
class GroupDetails:
    """What the list shows of some groups beside their index, by the key of the record."""

    records: dict[int, Any]
    numbers: dict[int, Numbers]
    parts: dict[int, list[tuple[str, int]]]

    @classmethod
    def of(cls, kind: GroupKind, user: User, ids: list[int]) -> GroupDetails:
        """Ask for them in two queries for each thousand groups."""
        found = cls({}, {}, {})
        for start in range(0, len(ids), AT_ONCE):
            part = ids[start : start + AT_ONCE]
            rows = kind.model._default_manager.all()
            found.records.update(
                (rows.select_related("project") if kind.field == "lot" else rows).in_bulk(part)
            )
            found.count(kind, user, part)
        return found

    def count(self, kind: GroupKind, user: User, ids: list[int]) -> None:
        """Take in the numbers of some groups and what makes their index: rule and its points, the heaviest first; in one query."""
        rows = (
            Alert.objects.visible_to(user)
            .filter(state__in=UNFINISHED, **{f"{kind.field}__in": ids})
            .order_by()
            .values_list(kind.field, "rule_id")
            .annotate(
                sum=Sum("points"),
                unfinished=Count("pk"),
                red=Count("pk", filter=Q(rank=RANKS[Severity.RED])),
                latest=Max("raised_at"),
                worst=Min("rank"),
            )
        )
        for pk, rule, points, *values in rows.order_by("-sum", "rule_id"):
            self.numbers[pk] = self.numbers.get(pk, Numbers()).with_(*values)
            if points:
                self.parts.setdefault(pk, []).append((rule, points))


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
