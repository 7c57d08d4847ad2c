"""When bids are due, as the dossier says."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from wulian.information.registry.models import BiddingDocuments, Clarification


def deadline_of_lot(lot_id: int) -> datetime | None:
    """The deadline for bids in force: that of the newest documents, or a later one that a clarification set."""
    return deadlines_of([lot_id]).get(lot_id)


def deadlines_of(lot_ids: Iterable[int]) -> dict[int, datetime]:
    """Lot → deadline in force; two queries."""
    ids = list(lot_ids)
    found: dict[int, datetime] = {}
    documents = BiddingDocuments.objects.filter(
        lot_id__in=ids, ended_at=None, kind="tender", deadline_at__isnull=False
    )
    for lot_id, moment in documents.order_by("lot", "version").values_list("lot_id", "deadline_at"):
        if moment is not None:
            found[lot_id] = moment
    extended = Clarification.objects.filter(lot_id__in=ids, ended_at=None, new_deadline_at__isnull=False)
    for lot_id, moment in extended.values_list("lot_id", "new_deadline_at"):
        if moment is not None:
            found[lot_id] = max(moment, found.get(lot_id, moment))
    return found
