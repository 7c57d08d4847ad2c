"""OCDS compiled releases, one JSON a line, read into rows with integer keys: only what an indicator reads.

A field of the wrong type counts as missing. Keys are those of the batch; `store` turns them into those of the store.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

BATCH = 2048
NOT_SUBMITTED = frozenset({"invited", "withdrawn"})
ENDED = frozenset({"cancelled", "unsuccessful"})
_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+\-−])(\d\d):(\d\d))", re.ASCII
)
_BOM = b"\xef\xbb\xbf"
_NANOSECONDS = 1_000_000_000
_DAY = 86_400 * _NANOSECONDS


class UnreadableFile(ValueError):
    """A file that cannot be read at all; the message names it."""


@dataclass(frozen=True)
class RefusedLine:
    """A line that is no compiled release: its number, counted from 1, and what is wrong with it."""

    line: int
    reason: str


@dataclass
class Batch:
    """The rows of some lines, column by column. A row's process and organisations are positions in `ocids` and `names`."""

    ocids: list[str] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    currencies: dict[str, int] = field(default_factory=dict)
    refused: list[RefusedLine] = field(default_factory=list)
    processes: list[tuple[Any, ...]] = field(default_factory=list)
    bids: list[tuple[Any, ...]] = field(default_factory=list)
    members: list[tuple[Any, ...]] = field(default_factory=list)
    awards: list[tuple[Any, ...]] = field(default_factory=list)
    suppliers: list[tuple[Any, ...]] = field(default_factory=list)
    classes: list[tuple[Any, ...]] = field(default_factory=list)


def read_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a plain or gzip file; UnreadableFile when it is missing, a folder or damaged."""
    try:
        with path.open("rb") as opened:
            packed = opened.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rb") if packed else path.open("rb") as lines:
            yield from lines
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(f"{path}: 无法读取（{_reason(error)}）") from None


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def batches(lines: Iterable[bytes], size: int = BATCH) -> Iterator[tuple[int, list[bytes]]]:
    """Yield lists of at most `size` lines, each with the number of its first line, counted from 1."""
    source, first = iter(lines), 1
    while chunk := list(islice(source, size)):
        yield first, chunk
        first += len(chunk)


def read_batch(first: int, lines: list[bytes]) -> Batch:
    """Read lines, of which the first has the number `first`; of two lines with one `ocid` the later one counts."""
    batch, releases = Batch(), {}
    for number, line in enumerate(lines, start=first):
        release = _release(line.removeprefix(_BOM) if number == 1 else line)
        if isinstance(release, str):
            batch.refused.append(RefusedLine(number, release))
        elif release is not None:
            releases[release["ocid"]] = release
    for release in releases.values():
        _Flattener(batch, release).run()
    return batch


def _release(line: bytes) -> dict[str, Any] | str | None:
    """Return the release, None for an empty line, or what is wrong with it."""
    try:
        release = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return f"不是有效的 JSON（{error.msg}）" if line.strip() else None
    if not isinstance(release, dict):
        return "应为一个 JSON 对象（compiled release）"
    if not isinstance(release.get("ocid"), str):
        return "缺少 ocid，或 ocid 不是文本"
    return release


class _Flattener:
    """Puts one release into a batch."""

    def __init__(self, batch: Batch, release: dict[str, Any]) -> None:
        self.batch, self.release = batch, release
        self.process = len(batch.ocids)
        self.tender = _object(release, "tender")
        self.sides: dict[frozenset[int], int] = {}

    def run(self) -> None:
        tender = self.tender
        cancelled = tender.get("status") == "cancelled"
        period = _object(tender, "tenderPeriod")
        count = tender.get("numberOfTenderers")
        self.batch.ocids.append(self.release["ocid"])
        self.batch.processes.append(
            (
                cancelled,
                _text(tender, "procurementMethod"),
                _text(tender, "procurementMethodDetails"),
                whole_days(_text(period, "startDate"), _text(period, "endDate")),
                # 1.0 is no count: only an integer is.
                type(count) is int and count == 1,
                self._organisation(_object(self.release, "buyer")),
                self._organisation(_object(tender, "procuringEntity")),
            )
        )
        # What belongs to a cancelled process is read by no indicator.
        if not cancelled:
            self._bids(_text(period, "endDate"))
            self._awards()

    def _organisation(self, reference: Any) -> int | None:
        name = reference.get("id") if isinstance(reference, dict) else None
        if not isinstance(name, str):
            return None
        names = self.batch.names
        return names.setdefault(name, len(names))

    def _bids(self, deadline: str | None) -> None:
        for number, bid in enumerate(_list(_object(self.release, "bids"), "details")):
            status = bid.get("status") if isinstance(bid, dict) else None
            if not isinstance(status, str) or status in NOT_SUBMITTED:
                continue
            amount, currency = self._price(_object(bid, "value"))
            side, tenderer = self._side(_list(bid, "tenderers"))
            self.batch.bids.append(
                (
                    self.process,
                    number,
                    status == "valid",
                    status == "disqualified",
                    amount,
                    currency,
                    side,
                    tenderer,
                    deadline is not None and is_after(_text(bid, "date"), deadline),
                )
            )

    def _price(self, value: dict[str, Any]) -> tuple[float | None, int | None]:
        """Return amount and currency of a price that has both."""
        amount, currency = value.get("amount"), value.get("currency")
        if isinstance(amount, bool) or not isinstance(amount, (int, float)) or not isinstance(currency, str):
            return None, None
        currencies = self.batch.currencies
        # + 0.0: minus zero is zero.
        return float(amount) + 0.0, currencies.setdefault(currency, len(currencies))

    def _side(self, tenderers: list[Any]) -> tuple[int | None, int | None]:
        """Return who bids, as one number, and the tenderer when it bids alone.

        Several tenderers get a negative number within the process, with their names in `members`.
        """
        known = [key for item in tenderers if (key := self._organisation(item)) is not None]
        if not known:
            return None, None
        if len(known) == 1:
            return known[0], known[0] if len(tenderers) == 1 else None
        together = frozenset(known)
        if len(together) == 1:
            return known[0], None
        side = self.sides.get(together)
        if side is None:
            side = self.sides[together] = -1 - len(self.sides)
            self.batch.members.extend((self.process, side, member) for member in sorted(together))
        return side, None

    def _awards(self) -> None:
        for award in _list(self.release, "awards"):
            status = award.get("status") if isinstance(award, dict) else None
            if not isinstance(status, str) or status in ENDED:
                continue
            active, suppliers = status == "active", _list(award, "suppliers")
            only = self._organisation(suppliers[0]) if len(suppliers) == 1 else None
            self.batch.awards.append((self.process, active, only))
            if active:
                self._award_parties(suppliers)
                if only is not None:
                    self._award_classes(award, only)

    def _award_parties(self, suppliers: list[Any]) -> None:
        found = {key for supplier in suppliers if (key := self._organisation(supplier)) is not None}
        self.batch.suppliers.extend((self.process, supplier) for supplier in sorted(found))

    def _award_classes(self, award: dict[str, Any], supplier: int) -> None:
        codes: dict[str, None] = {}
        for item in _list(award, "items"):
            code = _object(item, "classification").get("id") if isinstance(item, dict) else None
            if isinstance(code, str):
                codes[code] = None
        self.batch.classes.extend((self.process, supplier, code) for code in codes)


def _object(parent: dict[str, Any], name: str) -> dict[str, Any]:
    found = parent.get(name)
    return found if isinstance(found, dict) else {}


def _list(parent: dict[str, Any], name: str) -> list[Any]:
    found = parent.get(name)
    return found if isinstance(found, list) else []


def _text(parent: dict[str, Any], name: str) -> str | None:
    found = parent.get(name)
    return found if isinstance(found, str) else None


@lru_cache(maxsize=65_536)
def instant(text: str) -> int | None:
    """Return an RFC 3339 time in nanoseconds since year 1, None when the text is none."""
    found = _RFC3339.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    fraction, sign, offset_hours, offset_minutes = found.groups()[6:]
    if hour > 23 or minute > 59 or second > 60:
        return None
    seconds = hour * 3600 + minute * 60 + second
    if sign is not None:
        if int(offset_hours) > 23 or int(offset_minutes) > 59:
            return None
        offset = int(offset_hours) * 3600 + int(offset_minutes) * 60
        seconds += -offset if sign == "+" else offset
    try:
        days = date(year, month, day).toordinal()
    except ValueError:
        return None
    return days * _DAY + seconds * _NANOSECONDS + int(((fraction or "") + "0" * 9)[:9])


def whole_days(start: str | None, end: str | None) -> int | None:
    """Return the whole days between two RFC 3339 times, towards zero; None when one of them is missing or none."""
    first = instant(start) if start is not None else None
    last = instant(end) if end is not None else None
    if first is None or last is None:
        return None
    days = abs(last - first) // _DAY
    return days if last >= first else -days


def is_after(moment: str | None, deadline: str) -> bool:
    """Tell whether `moment` is later: as points in time when both are RFC 3339, else as texts."""
    if moment is None:
        return False
    first, last = instant(moment), instant(deadline)
    return moment > deadline if first is None or last is None else first > last
