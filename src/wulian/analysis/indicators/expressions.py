"""What settings make of the store, as Ibis expressions: one definition for every engine.

An expression gives what each process contributes: flags that a process raises by itself, the price difference of a process,
and tallies of organisations. Contributions of processes add up, so that a changed process needs only its own to be
computed again. What no setting touches is in the store already (`process`); what depends on all processes together
(quartiles and fences) is in `findings`.
"""

from __future__ import annotations

from functools import cache, reduce
from typing import Any, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from wulian.analysis.indicators.catalogue import BY_CODE
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
    "varieties": pa.schema({"organisation": pa.int32(), "code": pa.string(), "times": pa.int64()}),
}
"""What the expressions give. `flags.organisation`: null when the process itself is flagged; `differences`: of the second
lowest price to the winning one; `tallies`: by kind, wins of bids, disqualified of submitted bids, and processes supplied;
`varieties`: how often an organisation supplied a class."""
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
        flags, tallies = self._flags(), self._tallies()
        found = {
            "flags": _union(flags) if flags else None,
            "differences": self._differences() if runs("R024", "R058") else None,
            "tallies": _union(tallies) if tallies else None,
            "varieties": self._varieties() if runs("R048") else None,
        }
        return {name: _typed(table, name) for name, table in found.items() if table is not None}

    def currencies(self) -> ir.Table:
        """One row for each `turn` in which a currency is first met: process and currency packed in one number, `place`."""
        processes, met = self._processes(prices=True), []
        for turn, (name, codes) in enumerate((("contested", ("R024", "R058")), ("priced", ("R036",)))):
            if self.settings.runs(*codes):
                place = processes.process.cast("int64") * PLACES + processes[name]
                met.append(processes.agg(place=place.min()).mutate(turn=ibis.literal(turn, "int64")))
        return _union(met)

    # -- which processes count -------------------------------------------------------------------------------------

    def _processes(self, *, prices: bool = False) -> ir.Table:
        """The processes that count; with `prices` those of which prices may be compared."""
        settings, processes = self.settings, _table("processes")
        if settings.excluded:
            processes = processes.filter(~processes.details.isin(settings.excluded).fill_null(False))
        if prices and settings.compared:
            processes = processes.filter(processes.details.isin(settings.compared).fill_null(False))
        elif prices and settings.not_compared:
            processes = processes.filter(~processes.details.isin(settings.not_compared).fill_null(False))
        return processes

    def _rows(self, name: str, *, prices: bool = False) -> ir.Table:
        """The rows of a table for these processes. Most settings need no look at them."""
        processes, rows = self._processes(prices=prices), _table(name)
        return rows if processes.equals(_table("processes")) else rows.semi_join(processes, "process")

    # -- flags a process raises by itself --------------------------------------------------------------------------

    def _flags(self) -> list[ir.Table]:
        runs, made = self.settings.runs, []
        if runs("R003"):
            made.append(_flag("R003", self._short_period()))
        if runs("R018"):
            made.append(_flag("R018", self._single_bid()))
        for prices, codes in ((False, ("R030", "R035")), (True, ("R028", "R036"))):
            if chosen := [code for code in codes if runs(code)]:
                made.append(self._marks(chosen, prices=prices))
        return made

    def _short_period(self) -> ir.Table:
        option = self.settings.option
        processes = self._processes()
        if methods := option("R003", "procurement_methods"):
            processes = processes.filter(processes.method.isin(methods))
        threshold: Any = ibis.literal(option("R003", "threshold"), "int64")
        if special := option("R003", "procurement_method_details"):
            branches = [(processes.details == name, ibis.literal(days, "int64")) for name, days in special]
            threshold = ibis.cases(*branches, else_=threshold)
        return processes.filter(processes.days < threshold)

    def _single_bid(self) -> ir.Table:
        processes = self._processes()
        if methods := self.settings.option("R018", "procurement_methods"):
            processes = processes.filter(processes.method.isin(methods))
        return processes.filter(processes.single)

    def _marks(self, codes: list[str], *, prices: bool) -> ir.Table:
        """The marks of some indicators: R035 from its threshold on, R036 in the main currency."""
        marks = self._rows("marks", prices=prices)
        marks = marks.filter(marks.indicator.isin([_number(code) for code in codes]))
        if "R035" in codes:
            enough = max(1, self.settings.option("R035", "threshold"))
            marks = marks.filter((marks.indicator != _number("R035")) | (marks.value >= enough))
        if "R036" in codes:
            marks = marks.filter((marks.indicator != _number("R036")) | self._in_currency(marks))
        # What R035 counts is said of the process, not of the supplier.
        supplier = (marks.indicator == _number("R035")) & marks.organisation.notnull()
        value = supplier.ifelse(0, marks.value).cast("float64")
        return marks.select("indicator", "process", "organisation", value=value)

    def _in_currency(self, rows: ir.Table) -> Any:
        return rows.currency == ibis.literal(self.currency, "int32")

    # -- what is compared across processes -------------------------------------------------------------------------

    def _differences(self) -> ir.Table:
        rows = self._rows("differences", prices=True)
        return rows.filter(self._in_currency(rows))

    def _tallies(self) -> list[ir.Table]:
        """By organisation: bids for a single award and wins; submitted and disqualified bids; processes supplied."""
        runs, parties = self.settings.runs, self._rows("parties")
        sums = {
            name: parties[name].sum() for name in ("won", "tried", "disqualified", "submitted", "supplied")
        }
        parties = parties.group_by("organisation").agg(**sums)
        made = []
        if runs("R025"):
            made.append(_tally(WINS, parties, parties.won, parties.tried))
        if runs("R038"):
            made.append(_tally(TENDERER, parties, parties.disqualified, parties.submitted))
            made.append(self._received(BUYER, "buyer"))
            made.append(self._received(ENTITY, "entity"))
        if runs("R048"):
            made.append(_tally(SUPPLIED, parties, ibis.literal(0), parties.supplied))
        return made

    def _received(self, kind: int, role: str) -> ir.Table:
        """Disqualified and submitted bids by a body in the processes."""
        processes = self._processes()
        processes = processes.filter(processes[role].notnull())
        received = processes.group_by(organisation=processes[role]).agg(
            hits=processes.disqualified.sum(), total=processes.submitted.sum()
        )
        return _tally(kind, received, received.hits, received.total)

    def _varieties(self) -> ir.Table:
        classes = self._rows("classes")
        code = classes.code.substr(0, self.settings.option("R048", "digits"))
        return classes.group_by("organisation", code=code).agg(times=classes.count())


@cache
def _table(name: str) -> ir.Table:
    return ibis.table(ibis.Schema.from_pyarrow(SCHEMAS[name]), name=name)


def _union(parts: list[ir.Table]) -> ir.Table:
    return reduce(lambda first, second: first.union(second, distinct=False), parts)


def _number(code: str) -> Any:
    return ibis.literal(BY_CODE[code].number, "int16")


def _flag(code: str, processes: ir.Table) -> ir.Table:
    return processes.select(
        indicator=_number(code),
        process=processes.process,
        organisation=ibis.null("int32"),
        value=ibis.literal(1.0),
    )


def _tally(kind: int, rows: ir.Table, hits: Any, total: Any) -> ir.Table:
    found = rows.select(
        "organisation", kind=ibis.literal(kind, "int16"), hits=hits.cast("int64"), total=total.cast("int64")
    )
    return found.filter(found.total > 0)


def _typed(table: ir.Table, name: str) -> ir.Table:
    types = ibis.Schema.from_pyarrow(CONTRIBUTIONS[name])
    return cast(ir.Table, table.select(**{field: table[field].cast(kind) for field, kind in types.items()}))
