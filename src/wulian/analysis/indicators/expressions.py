"""The indicators as Ibis expressions over the tables of the store: one definition for every engine.

An expression gives what each process contributes: flags that a process raises by itself, the price difference of a process,
and tallies of organisations. Contributions of processes add up, so that a changed process needs only its own to be
computed again. What depends on all processes together (quartiles and fences) is in `findings`.
"""

from __future__ import annotations

from functools import cache, reduce
from typing import Any, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from wulian.analysis.indicators.settings import Settings
from wulian.analysis.indicators.store import SCHEMAS

CONTRIBUTIONS = {
    "flags": pa.schema(
        {
            "indicator": pa.int16(),
            "process": pa.int32(),
            "organisation": pa.int32(),
            "value": pa.float64(),
        }
    ),
    "differences": pa.schema(
        {"process": pa.int32(), "ratio": pa.float64(), "winner": pa.int32(), "runner_up": pa.int32()}
    ),
    "tallies": pa.schema(
        {"kind": pa.int16(), "organisation": pa.int32(), "hits": pa.int64(), "total": pa.int64()}
    ),
    "varieties": pa.schema({"organisation": pa.int32(), "code": pa.string(), "processes": pa.int64()}),
}
"""What the expressions give. `flags.organisation`: null when the process itself is flagged; `differences`: of the second
lowest price to the winning one; `tallies`: by kind, wins of bids, disqualified of submitted bids, and processes supplied;
`varieties`: in how many processes an organisation supplied a class."""
KINDS = 5
WINS, BUYER, ENTITY, TENDERER, SUPPLIED = range(KINDS)
"""Kinds of tallies."""
PLACES = 2**32
"""Two keys fit into one number: the first times this, and the second."""


class Contributions:
    """The expressions for some settings; `currency` is the key of the main currency."""

    def __init__(self, settings: Settings, currency: int) -> None:
        self.settings = settings
        self.currency = currency

    def tables(self) -> dict[str, ir.Table]:
        """Return the expressions by the names of CONTRIBUTIONS, without those that nobody asks for."""
        runs = self.settings.runs
        flags = [
            make()
            for code, make in (
                ("R003", self._short_period),
                ("R018", self._single_bid),
                ("R028", self._identical_prices),
                ("R030", self._late_bid),
                ("R035", self._others_disqualified),
                ("R036", self._lowest_disqualified),
            )
            if runs(code)
        ]
        tallies = [*([self._wins()] if runs("R025") else ()), *(self._disqualified() if runs("R038") else ())]
        if runs("R048"):
            tallies.append(self._supplied())
        found = {
            "flags": _union([part for parts in flags for part in parts]) if flags else None,
            "differences": self.differences() if runs("R024", "R058") else None,
            "tallies": _union(tallies) if tallies else None,
            "varieties": self._varieties() if runs("R048") else None,
        }
        return {name: _typed(table, name) for name, table in found.items() if table is not None}

    # -- what the indicators share ---------------------------------------------------------------------------------

    @property
    def _processes(self) -> ir.Table:
        processes = _table("processes")
        processes = processes.filter(~processes.cancelled)
        if excluded := self.settings.excluded:
            processes = processes.filter(~processes.details.isin(excluded).fill_null(False))
        return processes

    def _rows(self, name: str, *, prices: bool = False) -> ir.Table:
        """The rows of a table for the processes that count; with `prices` only where prices may be compared.

        The store holds nothing else of cancelled processes, so that most settings need no look at the processes.
        """
        settings, rows = self.settings, _table(name)
        if prices and settings.compared:
            return rows.semi_join(
                self._processes.filter(ibis._.details.isin(settings.compared).fill_null(False)), "process"
            )
        if prices and settings.not_compared:
            return rows.semi_join(
                self._processes.filter(~ibis._.details.isin(settings.not_compared).fill_null(False)),
                "process",
            )
        return rows.semi_join(self._processes, "process") if settings.excluded else rows

    def _decided(self) -> ir.Table:
        """One row a process whose awards are all final, with how many are active, and the supplier when it is one."""
        awards = self._rows("awards")
        decided = awards.group_by("process").agg(
            active=awards.count(where=awards.active),
            open=awards.count(where=~awards.active),
            winner=awards.supplier.max(where=awards.active),
        )
        return decided.filter(decided.open == 0)

    def _winners(self) -> ir.Table:
        """One row a process with a single winner: one active award to one supplier."""
        decided = self._decided()
        return decided.filter(decided.active == 1, decided.winner.notnull()).select("process", "winner")

    def _people(self, bids: ir.Table) -> ir.Table:
        """One row for each tenderer of each bid, as `organisation`; bids of nobody known are left out."""
        alone = bids.filter(bids.side >= 0).mutate(organisation=ibis._.side)
        together = bids.filter(bids.side < 0).inner_join(_table("members"), ["process", "side"])
        return alone.union(together.select(alone.columns), distinct=False)

    # -- flags a process raises by itself --------------------------------------------------------------------------

    def _short_period(self) -> list[ir.Table]:
        option = self.settings.option
        processes = self._processes
        if methods := option("R003", "procurement_methods"):
            processes = processes.filter(processes.method.isin(methods))
        threshold: Any = ibis.literal(option("R003", "threshold"), "int64")
        if special := option("R003", "procurement_method_details"):
            branches = [(processes.details == name, ibis.literal(days, "int64")) for name, days in special]
            threshold = ibis.cases(*branches, else_=threshold)
        return [_flag("R003", processes.filter(processes.days < threshold))]

    def _single_bid(self) -> list[ir.Table]:
        processes = self._processes
        if methods := self.settings.option("R018", "procurement_methods"):
            processes = processes.filter(processes.method.isin(methods))
        return [_flag("R018", processes.filter(processes.single))]

    def _identical_prices(self) -> list[ir.Table]:
        bids = self._rows("bids", prices=True)
        priced = bids.filter(bids.side.notnull(), bids.amount.notnull())
        same = priced.group_by("process", "amount", "currency").agg(
            least=priced.side.min(), greatest=priced.side.max()
        )
        same = same.filter(same.least != same.greatest).select("process", "amount", "currency")
        bidders = self._people(priced.semi_join(same, ["process", "amount", "currency"]))
        return [_flag("R028", same), _flag("R028", bidders, "organisation")]

    def _late_bid(self) -> list[ir.Table]:
        bids = self._rows("bids")
        late = self._people(bids.filter(bids.late, bids.valid))
        winners = late.semi_join(_table("suppliers"), ["process", "organisation"])
        return [_flag("R030", winners), _flag("R030", winners, "organisation")]

    def _others_disqualified(self) -> list[ir.Table]:
        """One valid tenderer, which is all the suppliers of all active awards, and others that were disqualified."""
        bids, suppliers = self._rows("bids"), _table("suppliers")
        disqualified = bids.filter(bids.disqualified)
        only = suppliers.group_by("process").agg(
            supplier=suppliers.organisation.min(), last=suppliers.organisation.max()
        )
        only = only.filter(only.supplier == only["last"]).semi_join(disqualified, "process")
        only = only.semi_join(self._decided(), "process")
        valid = self._people(bids.filter(bids.valid).semi_join(only, "process"))
        valid = valid.group_by("process").agg(
            least=ibis._.organisation.min(), greatest=ibis._.organisation.max()
        )
        alone = valid.inner_join(only, "process").filter(
            ibis._.least == ibis._.supplier, ibis._.greatest == ibis._.supplier
        )
        others = self._people(disqualified).inner_join(alone.select("process", "supplier"), "process")
        others = others.filter(others.organisation != others.supplier)
        found = others.group_by("process", "supplier").agg(others=others.organisation.nunique())
        found = found.filter(found.others >= max(1, self.settings.option("R035", "threshold")))
        return [
            _flag("R035", found, value=found.others),
            _flag("R035", found, "supplier", value=ibis.literal(0)),
        ]

    def _lowest_disqualified(self) -> list[ir.Table]:
        bids, awards = self._rows("bids", prices=True), _table("awards")
        priced = self._in_currency(bids).semi_join(awards.filter(awards.active), "process")
        lowest = priced.group_by("process").agg(
            lowest=priced.amount.min(),
            disqualified=priced.amount.min(where=priced.disqualified),
            valid=priced.count(where=priced.valid),
        )
        lowest = lowest.filter(lowest.valid > 0, lowest.disqualified == lowest.lowest)
        # Of several lowest bids the first one decides: its place, doubled, is even when it was disqualified.
        first = priced.inner_join(lowest.select("process", "lowest"), "process").filter(
            ibis._.amount == ibis._.lowest
        )
        place = first.number.cast("int64") * 2 + first.disqualified.ifelse(0, 1)
        first = first.group_by("process").agg(place=place.min())
        return [_flag("R036", first.filter(first.place % 2 == 0))]

    def _in_currency(self, bids: ir.Table) -> ir.Table:
        return bids.filter(bids.amount.notnull(), bids.currency == ibis.literal(self.currency, "int32"))

    # -- what is compared across processes -------------------------------------------------------------------------

    def _contested(self, *, prices: bool) -> ir.Table:
        """Valid bids of tenderers that bid alone, in processes with a single winner."""
        bids = self._rows("bids", prices=prices)
        return bids.filter(bids.valid, bids.tenderer.notnull()).inner_join(self._winners(), "process")

    def differences(self) -> ir.Table:
        """How far the second-lowest price is above the winning one, as a share of it, where the lowest price won."""
        bids = self._in_currency(self._contested(prices=True))
        won = bids.tenderer == bids.winner
        prices = bids.group_by("process", "winner").agg(
            price=bids.amount.min(where=won), second=bids.amount.min(where=~won)
        )
        prices = prices.filter(prices.second >= prices.price, prices.price != 0)
        seconds = bids.filter(~won).inner_join(prices.select("process", "second"), "process")
        seconds = seconds.filter(seconds.amount == seconds.second)
        # Of several second-lowest bids the first one: its place before its tenderer in one number.
        place = seconds.number.cast("int64") * PLACES + seconds.tenderer.cast("int64")
        seconds = seconds.group_by("process").agg(place=place.min())
        found = prices.inner_join(seconds, "process")
        return found.select(
            "process",
            "winner",
            ratio=(found.second - found.price) / found.price,
            runner_up=found.place % PLACES,
        )

    def _wins(self) -> ir.Table:
        """Of each tenderer in how many processes it bid and won, however many bids it made in one."""
        bids = self._contested(prices=False)
        bids = bids.group_by("process", "tenderer").agg(won=(bids.tenderer == bids.winner).max())
        return _tally(WINS, bids, "tenderer", bids.won)

    def _disqualified(self) -> list[ir.Table]:
        """Disqualified and submitted bids of each buyer, procuring entity and tenderer."""
        bids = self._rows("bids")
        received = bids.group_by("process").agg(hits=bids.count(where=bids.disqualified), total=bids.count())
        processes = _table("processes").select("process", "buyer", "entity")
        received = received.inner_join(processes, "process")
        bidders = self._people(bids)
        return [
            _tally(BUYER, received, "buyer", received.hits, received.total),
            _tally(ENTITY, received, "entity", received.hits, received.total),
            _tally(TENDERER, bidders, "organisation", bidders.disqualified),
        ]

    def _supplied(self) -> ir.Table:
        classes = self._rows("classes").select("process", "organisation").distinct()
        return _tally(SUPPLIED, classes, "organisation", ibis.literal(0))

    def _varieties(self) -> ir.Table:
        classes = self._rows("classes")
        code = classes.code.substr(0, self.settings.option("R048", "digits"))
        classes = classes.select("process", "organisation", code=code).distinct()
        return classes.group_by("organisation", "code").agg(processes=classes.count())

    def currencies(self) -> ir.Table:
        """One row for each way a currency is first met: the place of the bid, in the order the indicators read."""
        parts = []
        if self.settings.runs("R024", "R058"):
            parts.append(_first_met(self._contested(prices=True), 0))
        if self.settings.runs("R036"):
            awards = _table("awards")
            bids = self._rows("bids", prices=True).semi_join(awards.filter(awards.active), "process")
            parts.append(_first_met(bids, 1))
        return _union(parts)


def _first_met(bids: ir.Table, turn: int) -> ir.Table:
    """The first priced bid: `process`, `turn`, and place and currency packed in one number, `place`."""
    bids = bids.filter(bids.amount.notnull())
    first = bids.filter(bids.process == bids.process.min().as_scalar())
    place = first.number.cast("int64") * PLACES + first.currency.cast("int64")
    return first.group_by("process").agg(place=place.min()).mutate(turn=ibis.literal(turn, "int64"))


@cache
def _table(name: str) -> ir.Table:
    return ibis.table(ibis.Schema.from_pyarrow(SCHEMAS[name]), name=name)


def _union(parts: list[ir.Table]) -> ir.Table:
    return reduce(lambda first, second: first.union(second, distinct=False), parts)


def _flag(code: str, rows: ir.Table, organisation: str | None = None, value: Any = None) -> ir.Table:
    """Flag each process of `rows`, or each organisation in each process, once."""
    found = rows.select(
        indicator=ibis.literal(int(code[1:]), "int16"),
        process=rows.process,
        organisation=rows[organisation] if organisation else ibis.null("int32"),
        value=(ibis.literal(1) if value is None else value).cast("float64"),
    )
    return found.distinct()


def _tally(kind: int, rows: ir.Table, organisation: str, hits: Any, total: Any = None) -> ir.Table:
    rows = rows.select(
        organisation=rows[organisation],
        hits=hits.cast("int64"),
        total=(ibis.literal(1) if total is None else total).cast("int64"),
    )
    rows = rows.filter(rows.organisation.notnull())
    return rows.group_by(kind=ibis.literal(kind, "int16"), organisation=rows.organisation).agg(
        hits=rows.hits.sum(), total=rows.total.sum()
    )


def _typed(table: ir.Table, name: str) -> ir.Table:
    types = ibis.Schema.from_pyarrow(CONTRIBUTIONS[name])
    return cast(ir.Table, table.select(**{field: table[field].cast(kind) for field, kind in types.items()}))
