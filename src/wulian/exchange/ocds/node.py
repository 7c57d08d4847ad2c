"""A JSON object with its path: reads what it holds, and names the place of what is wrong."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from wulian.exchange.refusals import excerpt
from wulian.exchange.values import TIME_EXPECTED, clean_text, parse_amount, parse_time

_ABSENT: dict[str, Any] = {}


class Malformed(ValueError):
    """A value that matters and is not what it should be."""

    def __init__(self, path: str, message: str, raw: object) -> None:
        super().__init__(message)
        self.path, self.message, self.raw = path, message, excerpt(raw)


class Node:
    """One object of the release; absent keys read as empty, odd shapes of optional things as absent."""

    __slots__ = ("key", "notes", "parent", "value")

    def __init__(
        self, value: dict[str, Any], notes: list[str], parent: Node | None = None, key: str = ""
    ) -> None:
        self.value, self.notes, self.parent, self.key = value, notes, parent, key

    def __bool__(self) -> bool:
        return bool(self.value)

    def path(self, key: str = "") -> str:
        """The JSON path of this object, or of ``key`` in it."""
        above = self.parent.path(self.key) if self.parent else ""
        return f"{above}/{key}" if key else above

    def node(self, *keys: str) -> Node:
        """The first of ``keys`` that holds an object; of a list, its first object."""
        for key in keys:
            found = self.value.get(key)
            if isinstance(found, dict):
                return Node(found, self.notes, self, key)
            if isinstance(found, list):
                for index, item in enumerate(found):
                    if isinstance(item, dict):
                        return Node(item, self.notes, self, f"{key}[{index}]")
        return Node(_ABSENT, self.notes, self, keys[0])

    def nodes(self, key: str) -> list[Node]:
        """The objects of the list at ``key``; one object alone counts as a list of one."""
        found = self.value.get(key)
        if isinstance(found, dict):
            return [Node(found, self.notes, self, key)] if found else []
        if not isinstance(found, list):
            return []
        return [
            Node(item, self.notes, self, f"{key}[{index}]")
            for index, item in enumerate(found)
            if isinstance(item, dict) and item
        ]

    def text(self, *keys: str) -> str:
        """The first non-empty text of ``keys``."""
        for key in keys:
            found = self.value.get(key)
            if found is not None and (text := clean_text(found)):
                return text
        return ""

    def texts(self, key: str) -> list[str]:
        """The texts of a list, or the text alone."""
        found = self.value.get(key)
        items = found if isinstance(found, list) else [found]
        return [text for item in items if (text := clean_text(item))]

    def whole(self, key: str) -> int | None:
        """A count that is not negative; anything else is absent."""
        found = self.value.get(key)
        if isinstance(found, str) and found.strip().isdecimal() and len(found) < 10:
            found = int(found)
        if isinstance(found, Decimal) and found.is_finite() and found == found.to_integral_value():
            found = int(found) if abs(found) < 10**9 else None
        return found if type(found) is int and 0 <= found < 2**31 else None

    def time(self, *keys: str, end_of_day: bool = False) -> datetime | None:
        """The first time of ``keys``; Malformed when it is none."""
        for key in keys:
            found = self.value.get(key)
            if found is None or found == "":
                continue
            if not isinstance(found, str):
                raise Malformed(self.path(key), TIME_EXPECTED, found)
            if not found.strip():
                continue
            try:
                return parse_time(found, end_of_day=end_of_day)
            except ValueError as error:
                raise Malformed(self.path(key), str(error), found) from None
        return None

    def money(self, *keys: str) -> Decimal | None:
        """The first amount of ``keys``, an OCDS value or a bare number; Malformed when it is none."""
        for key in keys:
            holder: Any = self.value.get(key)
            path = self.path(key)
            if isinstance(holder, dict):
                holder, path = holder.get("amount"), f"{path}/amount"
            if holder is None or (isinstance(holder, str) and not holder.strip()):
                continue
            try:
                amount, rounded = parse_amount(holder)
            except ValueError as error:
                raise Malformed(path, str(error), holder) from None
            if rounded:
                self.notes.append(f"{path}: {holder} 取两位小数 {amount}")
            return amount
        return None

    def currency(self, *keys: str) -> str:
        """The currency of the first value of ``keys`` that names one, as three capitals; else empty."""
        for key in keys:
            found = self.node(key).text("currency").upper()
            if len(found) == 3 and found.isascii() and found.isalpha():
                return found
        return ""
