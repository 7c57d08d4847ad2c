"""Pages of long tables: the keys of a page are found first, then its rows."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django_tables2.data import TableQuerysetData


class KeysFirst(TableQuerysetData):
    """A query whose slices ask for keys, then for the rows of these keys.

    Asked at once, a database joins and sorts all rows of the list to give 25 of them. What lies past the middle is counted from
    the other end, so that the last page costs as much as the first.
    """

    def __getitem__(self, key: Any) -> Any:
        if not isinstance(key, slice):
            return super().__getitem__(key)
        keys = self._keys(key.start or 0, key.stop)
        rows = self.data.all()
        # The keys have met the conditions; asking again would read the reader's whole scope once more.
        rows.query.clear_where()
        found = rows.in_bulk(keys)
        return [found[pk] for pk in keys if pk in found]

    def _keys(self, start: int, stop: int | None) -> list[Any]:
        keys: QuerySet[Any] = self.data.values_list("pk", flat=True)
        count = getattr(getattr(self.table, "paginator", None), "count", None)
        if stop is None or count is None or start <= count // 2:
            return list(keys[start:stop])
        return list(keys.reverse()[max(count - stop, 0) : count - start])[::-1]
