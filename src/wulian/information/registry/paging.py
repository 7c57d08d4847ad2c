"""Pages of long tables: the keys of a page are found first, then its rows."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_tables2.data import TableQuerysetData

from wulian.core.ui.tables import Table


class KeysFirst(TableQuerysetData):
    """A query whose slices ask for keys, then for the rows of these keys.

    Asked at once, a database joins and sorts all rows of the list to give 25 of them. What lies past the middle is counted from
    the other end, so that the last page costs as much as the first.
    """

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, slice):
            return super().__getitem__(key)
        keys = self._keys(key.start or 0, key.stop)
        found = self.data.filter(pk__in=keys).in_bulk()
        return [found[pk] for pk in keys if pk in found]

    def _keys(self, start: int, stop: int | None) -> list[Any]:
        keys: QuerySet[Any] = self.data.values_list("pk", flat=True)
        count = getattr(getattr(self.table, "paginator", None), "count", None)
        if stop is None or count is None or start <= count // 2:
            return list(keys[start:stop])
        return list(keys.reverse()[max(count - stop, 0) : count - start])[::-1]


class LongTable(Table):
    """Base of the tables of lists that grow with the city."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(KeysFirst(data) if isinstance(data, QuerySet) else data, **kwargs)
