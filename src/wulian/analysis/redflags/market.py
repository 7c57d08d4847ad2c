"""供应商与市场: who wins from whom, and how it began."""

from __future__ import annotations

from typing import Any

import ibis

from wulian.analysis.redflags.basis import Market, Table, known, left, ratio
from wulian.analysis.redflags.registry import found, judges
from wulian.analysis.redflags.stats import concentration, quantiles


def _pairs(m: Market, rows: Table, whole: str, part: str, times: int) -> Table:
    rows = rows.filter(rows.both_lots >= times)
    rows = rows.rename(pair__whole_lots="whole_lots", pair__both_lots="both_lots", pair__lift="lift")
    return m.paired(rows, whole, part)


@judges("RF-76")
def buyers_supplier(m: Market, p: Any) -> Table:
    rows = _pairs(m, concentration(m.wins, "buyer", "supplier", "award__price"), "buyer", "supplier", p.times)
    share = rows.amount_share
    complete = (rows.pair__whole_lots >= p.sample) & share.notnull()
    return found(rows, known(complete, share >= p.share), share * 100, p.share * 100)


@judges("RF-77")
def buyers_agency(m: Market, p: Any) -> Table:
    rows = _pairs(m, concentration(m.lots, "buyer", "agency"), "buyer", "agency", p.times)
    share = rows.share_of_whole
    verdict = (share >= p.share) & (rows.pair__lift >= p.lift)
    complete = (rows.pair__whole_lots >= p.sample) & ((rows.lacking == 0) | (share >= p.share))
    return found(rows, known(complete, verdict), share * 100, p.share * 100)


@judges("RF-78")
def agencys_winner(m: Market, p: Any) -> Table:
    rows = _pairs(m, concentration(m.wins, "supplier", "agency"), "supplier", "agency", p.times)
    share = rows.share_of_whole
    verdict = (share >= p.share) & (rows.pair__lift >= p.lift)
    return found(rows, known(rows.lacking == 0, verdict), share * 100, p.share * 100)


@judges("RF-79")
def unrelated_trades(m: Market, p: Any) -> Table:
    wins = m.wins
    kind = ibis.coalesce(wins.lot__classification.left(p.letters), wins.lot__category)
    wins = wins.mutate(kind=kind)
    rows = wins.group_by(party_id=wins.supplier).agg(
        party__kinds=wins.kind.nunique(), party__wins=wins.lot_id.nunique(), kindless=wins.count(where=wins.kind.isnull()),
        day=wins.day.max(),
    )  # fmt: skip
    rows = m.named(rows, "party_id", "party")
    complete = (rows.kindless == 0) | (rows.party__kinds >= p.kinds)
    return found(rows, known(complete, rows.party__kinds >= p.kinds), rows.party__kinds, p.kinds)


@judges("RF-80")
def small_then_large(m: Market, p: Any) -> Table:
    wins = m.wins.filter(m.wins.buyer.notnull())
    order: Any = {"group_by": ["buyer", "supplier"], "order_by": ["day", "lot_id"]}
    wins = wins.mutate(turn=ibis.row_number().over(**order))
    first = wins.filter(wins.turn == 0).select(
        "buyer", "supplier", pair__first_price="award__price", began="day"
    )
    later = wins.filter(wins.turn > 0).inner_join(first, ["buyer", "supplier"])
    soon = later.day.delta(later.began, unit="day") <= p.days
    rows = later.group_by("buyer", "supplier", "pair__first_price").agg(
        pair__later_price=later.award__price.max(where=soon), pair__both_lots=later.count() + 1,
        lacking=later.count(where=later.award__price.isnull() | later.day.isnull() | later.began.isnull()), day=later.day.max(),
    )  # fmt: skip
    times = ratio(rows.pair__later_price, rows.pair__first_price)
    verdict = ((times >= p.times) & (rows.pair__first_price <= p.small)).fill_null(False)
    complete = (rows.lacking == 0) & rows.pair__first_price.notnull()
    return m.paired(found(rows, known(complete, verdict), times, p.times), "buyer", "supplier")


@judges("RF-81")
def newcomer_with_a_large_award(m: Market, p: Any) -> Table:
    bids = m.bids.filter(m.bids.day.notnull())
    first = bids.group_by("tenderer").agg(supplier__first_bid_on=bids.day.min()).rename(winner="tenderer")
    began = bids.group_by("market").agg(began=bids.day.min())
    lots = m.lots.filter(m.lots.winner.notnull())
    sizes = quantiles(lots.mutate(row_key=lots.lot_id), "award__price", "market", large=p.quantile)
    rows = left(left(left(lots, first, "winner"), began, "market"), sizes, "market")
    new = (rows.supplier__first_bid_on == rows.day) & (rows.award__price >= rows.large)
    complete = (
        (rows.day.delta(rows.began, unit="day") >= p.days)
        & (rows.n >= p.sample)
        & rows.award__price.notnull()
    )
    return found(
        rows, known(complete & rows.supplier__first_bid_on.notnull(), new), rows.award__price
    ).mutate(threshold=rows.large)
