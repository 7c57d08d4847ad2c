"""What one contracting process says by itself, worked out once when its release is read.

Only what depends on no setting and on no other process: settings choose among these rows later (`expressions`). A field of the
wrong type counts as missing. Keys are those of the batch; `store` turns them into those of the store.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from wulian.analysis.indicators.times import is_after, whole_days

NOT_SUBMITTED = frozenset({"invited", "withdrawn"})
ENDED = frozenset({"cancelled", "unsuccessful"})
Row = tuple[Any, ...]


@dataclass(frozen=True)
class RefusedLine:
    """A line that is no compiled release: its number, counted from 1, and what is wrong with it."""

    line: int
    reason: str


@dataclass
class Batch:
    """The rows of some releases by the tables of the store. Processes, organisations and currencies are positions in their names."""

    ocids: list[str] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    currencies: dict[str, int] = field(default_factory=dict)
    refused: list[RefusedLine] = field(default_factory=list)
    processes: list[Row] = field(default_factory=list)
    parties: list[Row] = field(default_factory=list)
    marks: list[Row] = field(default_factory=list)
    differences: list[Row] = field(default_factory=list)
    classes: list[Row] = field(default_factory=list)


class Bid(NamedTuple):
    """A submitted bid: who bids, whether as a `single` tenderer, and the price when it has amount and currency."""

    valid: bool
    disqualified: bool
    people: tuple[int, ...]
    single: bool
    amount: float
    currency: int | None


@dataclass
class Awards:
    """How many awards are active and still open, who supplies, and of which classes each one who supplies alone."""

    active: int = 0
    open: int = 0
    suppliers: set[int] = field(default_factory=set)
    alone: list[int | None] = field(default_factory=list)
    classes: dict[tuple[int, str], None] = field(default_factory=dict)

    @property
    def winner(self) -> int | None:
        """The single winner: all awards are final, one is active, with one supplier."""
        return self.alone[0] if self.active == 1 and not self.open else None


class Process:
    """Works out one release into a batch."""

    def __init__(self, batch: Batch, release: dict[str, Any]) -> None:
        self.batch, self.release = batch, release
        self.process = len(batch.ocids)

    def run(self) -> None:
        """Put the rows of the release into the batch."""
        release, tender = self.release, _object(self.release, "tender")
        self.batch.ocids.append(release["ocid"])
        if tender.get("status") == "cancelled":
            # No indicator reads anything of it.
            self.batch.processes.append((None, None, None, False, None, None, 0, 0, None, None))
            return
        period, count = _object(tender, "tenderPeriod"), tender.get("numberOfTenderers")
        buyer = self._organisation(_object(release, "buyer"))
        entity = self._organisation(_object(tender, "procuringEntity"))
        awards = self._awards()
        bids = self._bids(_text(period, "endDate"), awards.suppliers)
        winner = awards.winner
        contested = [bid for bid in bids if bid.valid and bid.single] if winner is not None else []
        self._parties(bids, contested, awards)
        self._identical_prices(bids)
        if winner is not None:
            self._differences(contested, winner)
        if not awards.open and len(awards.suppliers) == 1:
            self._others_disqualified(bids, *awards.suppliers)
        if awards.active:
            self._lowest_disqualified(bids)
        self.batch.processes.append(
            (
                _text(tender, "procurementMethod"),
                _text(tender, "procurementMethodDetails"),
                whole_days(_text(period, "startDate"), _text(period, "endDate")),
                # 1.0 is no count: only an integer is.
                type(count) is int and count == 1,
                buyer,
                entity,
                len(bids),
                sum(bid.disqualified for bid in bids),
                _first_currency(contested),
                _first_currency(bids) if awards.active else None,
            )
        )

    # -- what the release says -------------------------------------------------------------------------------------

    def _organisation(self, reference: Any) -> int | None:
        name = reference.get("id") if isinstance(reference, dict) else None
        if not isinstance(name, str):
            return None
        names = self.batch.names
        return names.setdefault(name, len(names))

    def _people(self, references: list[Any]) -> tuple[int, ...]:
        """Return the organisations known by name, each once and in the order of their keys."""
        if len(references) == 1:
            key = self._organisation(references[0])
            return () if key is None else (key,)
        return tuple(sorted({key for item in references if (key := self._organisation(item)) is not None}))

    def _awards(self) -> Awards:
        found = Awards()
        for award in _list(self.release, "awards"):
            status = award.get("status") if isinstance(award, dict) else None
            if not isinstance(status, str) or status in ENDED:
                continue
            if status != "active":
                found.open += 1
                continue
            suppliers = _list(award, "suppliers")
            people = self._people(suppliers)
            only = people[0] if people and len(suppliers) == 1 else None
            found.active += 1
            found.suppliers.update(people)
            found.alone.append(only)
            if only is not None:
                for item in _list(award, "items"):
                    code = _object(item, "classification").get("id") if isinstance(item, dict) else None
                    if isinstance(code, str):
                        found.classes[only, code] = None
        return found

    def _bids(self, deadline: str | None, suppliers: set[int]) -> list[Bid]:
        """Return the submitted bids; suppliers whose valid bid is dated after the deadline are marked (R030)."""
        found: list[Bid] = []
        late: set[int] = set()
        for bid in _list(_object(self.release, "bids"), "details"):
            status = bid.get("status") if isinstance(bid, dict) else None
            if not isinstance(status, str) or status in NOT_SUBMITTED:
                continue
            tenderers = _list(bid, "tenderers")
            people, valid = self._people(tenderers), status == "valid"
            single = len(tenderers) == 1 and len(people) == 1
            found.append(
                Bid(valid, status == "disqualified", people, single, *self._price(_object(bid, "value")))
            )
            # Few bids are a supplier's: only their dates are read.
            named = suppliers.intersection(people) if valid else None
            if named and deadline is not None and is_after(_text(bid, "date"), deadline):
                late |= named
        self._mark(30, late)
        return found

    def _price(self, value: dict[str, Any]) -> tuple[float, int | None]:
        """Return amount and currency of a price that has both."""
        amount, currency = value.get("amount"), value.get("currency")
        if isinstance(amount, bool) or not isinstance(amount, (int, float)) or not isinstance(currency, str):
            return 0.0, None
        currencies = self.batch.currencies
        return float(amount), currencies.setdefault(currency, len(currencies))

    # -- what follows from it --------------------------------------------------------------------------------------

    def _mark(self, indicator: int, organisations: Iterable[int], value: int = 1) -> None:
        """Mark organisations and, if there is one, their process."""
        marks = [(self.process, indicator, key, value, None) for key in organisations]
        if marks:
            self.batch.marks += [(self.process, indicator, None, value, None), *marks]

    def _parties(self, bids: list[Bid], contested: list[Bid], awards: Awards) -> None:
        """Note what each organisation did: bids, of them disqualified, bid for a single award, won it, supplied."""
        parties: dict[int, list[int]] = {}
        for bid in bids:
            for person in bid.people:
                party = parties.get(person)
                if party is None:
                    party = parties[person] = [0, 0, 0, 0, 0]
                party[0] += 1
                party[1] += bid.disqualified
        for bid in contested:
            parties[bid.people[0]][2] = 1
        if awards.winner in parties:
            party = parties[awards.winner]
            party[3] = party[2]
        for supplier, code in awards.classes:
            parties.setdefault(supplier, [0, 0, 0, 0, 0])[4] = 1
            self.batch.classes.append((self.process, supplier, code))
        self.batch.parties += [(self.process, person, *party) for person, party in parties.items()]

    def _identical_prices(self, bids: list[Bid]) -> None:
        """R028: one price of different tenderers."""
        prices: dict[tuple[int, float], tuple[int, ...]] = {}
        same: set[int] = set()
        for bid in bids:
            if bid.currency is not None and bid.people:
                other = prices.setdefault((bid.currency, bid.amount), bid.people)
                if other != bid.people:
                    same.update(other, bid.people)
        self._mark(28, same)

    def _others_disqualified(self, bids: list[Bid], supplier: int) -> None:
        """R035: the only supplier is the only valid tenderer; its mark counts the others that were disqualified."""
        if {person for bid in bids if bid.valid for person in bid.people} == {supplier}:
            others = {person for bid in bids if bid.disqualified for person in bid.people} - {supplier}
            if others:
                self._mark(35, [supplier], len(others))

    def _lowest_disqualified(self, bids: list[Bid]) -> None:
        """R036: a mark for each currency in which the first lowest bid is disqualified, and another one valid."""
        lowest: dict[int, Bid] = {}
        valid: set[int] = set()
        for bid in bids:
            currency = bid.currency
            if currency is not None:
                if currency not in lowest or bid.amount < lowest[currency].amount:
                    lowest[currency] = bid
                if bid.valid:
                    valid.add(currency)
        for currency, bid in lowest.items():
            if bid.disqualified and currency in valid:
                self.batch.marks.append((self.process, 36, None, 1, currency))

    def _differences(self, contested: list[Bid], winner: int) -> None:
        """R024, R058: by currency, how far the first second-lowest price is above the winning one, where the lowest price won."""
        prices: dict[int, float] = {}
        seconds: dict[int, Bid] = {}
        for bid in contested:
            currency, amount = bid.currency, bid.amount
            if currency is None:
                continue
            if bid.people[0] == winner:
                prices[currency] = min(amount, prices.get(currency, amount))
            elif currency not in seconds or amount < seconds[currency].amount:
                seconds[currency] = bid
        for currency, price in prices.items():
            second = seconds.get(currency)
            if second is not None and second.amount >= price and price != 0:
                ratio = (second.amount - price) / price
                self.batch.differences.append((self.process, currency, ratio, winner, second.people[0]))


def _first_currency(bids: list[Bid]) -> int | None:
    return next((bid.currency for bid in bids if bid.currency is not None), None)


def _object(parent: dict[str, Any], name: str) -> dict[str, Any]:
    found = parent.get(name)
    return found if isinstance(found, dict) else {}


def _list(parent: dict[str, Any], name: str) -> list[Any]:
    found = parent.get(name)
    return found if isinstance(found, list) else []


def _text(parent: dict[str, Any], name: str) -> str | None:
    found = parent.get(name)
    return found if isinstance(found, str) else None
