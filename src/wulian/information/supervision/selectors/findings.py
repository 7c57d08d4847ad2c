"""Open alerts beside the rooms.

The rooms of one floor do not know each other, so alerts are read over the registry: they hang from lots and projects under
the name ``alerts``, and only what ``visible_to`` gives is read.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Max, Q

from wulian.information.registry.models import Lot

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

NODES = ("N07", "N08", "N09", "N10")
"""Nodes of bidding, opening, evaluation and candidates."""


def _open_alerts(user: User) -> Any:
    model: Any = Lot._meta.get_field("alerts").related_model
    return model.objects.visible_to(user).open()


def alert_counts(user: User, lot_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """Lot → severity → number of open alerts; one query."""
    found: dict[int, dict[str, int]] = {}
    rows = _open_alerts(user).filter(lot_id__in=lot_ids).order_by().values_list("lot_id", "severity", "rank")
    for lot_id, severity, _rank, count in rows.annotate(n=Count("pk")).order_by("rank"):
        found.setdefault(lot_id, {})[severity] = count
    return found


def alerts_of_lot(user: User, lot: Lot) -> list[Any]:
    """Open alerts of the lot, and those of its project that no lot has, gravest first; one query."""
    return list(_open_alerts(user).filter(_of(lot.pk, lot.project_id)).select_related("project")[:50])


def alerts_mark(user: User, lot_id: int, project_id: int) -> str:
    """Changes when an alert of the lot comes or goes; one query."""
    seen = (
        _open_alerts(user).filter(_of(lot_id, project_id)).order_by().aggregate(n=Count("pk"), last=Max("pk"))
    )
    return f"{seen['n']}-{seen['last'] or 0}"


def _of(lot_id: int, project_id: int) -> Q:
    return Q(lot_id=lot_id) | Q(project_id=project_id, lot=None, node__in=NODES)
