"""Reading rows that somebody may have damaged."""

from collections.abc import Sequence
from typing import Any

from django.db import DatabaseError

from ..canonical import CHAINED_FIELDS, Unreadable
from ..models import AuditEvent

Values = tuple[Any, ...]
_ID = CHAINED_FIELDS.index("id")


def read_events(ids: Sequence[int]) -> dict[int, Values]:
    """Return the values of events by id; a damaged value comes back as Unreadable instead of ending the run."""
    rows = AuditEvent.objects.filter(pk__in=ids).order_by()
    try:
        return {values[_ID]: values for values in rows.values_list(*CHAINED_FIELDS)}
    except (ValueError, TypeError, DatabaseError):
        found = rows.values_list("pk", flat=True)
        return {pk: tuple(_read_value(pk, name) for name in CHAINED_FIELDS) for pk in found}


def _read_value(pk: int, name: str) -> Any:
    try:
        return AuditEvent.objects.filter(pk=pk).values_list(name, flat=True).get()
    except (ValueError, TypeError, DatabaseError) as error:
        return Unreadable(error)
