"""报价规律: prices that look arranged."""

from __future__ import annotations

import math
from typing import Any

import ibis

from wulian.analysis.redflags.basis import Market, Table, known, left, number, ratio
from wulian.analysis.redflags.registry import found, judges
from wulian.analysis.redflags.traces import shared


def steps(m: Market, marked: Table, least: int) -> Table:
    """The bids of each contested lot with the columns of `marked`; ``enough`` says that `least` bids have a price."""
    rows = left(m.bids, marked, "bid_id")
    rows = left(rows, m.turnout.filter(m.turnout.bids__competing >= 2), "lot_id")
    return rows.filter(rows.bids__competing.notnull()).mutate(enough=ibis._.bids__priced >= least)


@judges("RF-25")
def nearly_identical(m: Market, p: Any) -> Table:
    apart = m.ladder.bid__price / m.ladder.below - 1
    marked = m.ladder.select("bid_id", "below", bid__apart=apart)
    rows = steps(m, marked, 2)
    close = (rows.bid__apart <= p.apart).fill_null(False)
    rows = rows.mutate(bid__below=rows.below)
    return found(rows, known(rows.enough, close), rows.bid__apart * 100, p.apart * 100)


@judges("RF-26")
def fixed_multiple(m: Market, p: Any) -> Table:
    met = m.meetings
    met = met.mutate(multiple=ratio(met.first_price, met.second_price))
    rows = met.group_by("first", "second").agg(
        pair__together=met.lot_id.nunique(), pair__priced=met.multiple.count(), pair__multiple=met.multiple.mean(),
        spread=met.multiple.std(how="sample"), day=met.day.max(),
    )  # fmt: skip
    rows = m.paired(rows.filter(rows.pair__together >= p.times))
    spread = rows.spread / rows.pair__multiple
    return found(rows, known(rows.pair__priced >= p.times, spread <= p.spread), spread * 100, p.spread * 100)


def _regular(m: Market, p: Any, upper: Any, lower: Any) -> Table:
    """Lots in which the step to the price below equals the step below that one, several times over."""
    same = (upper - lower).abs() <= p.tolerance * upper
    # Two equal prices make no step; identical prices are another flag.
    marked = m.ladder.mutate(same=(same & (upper > 0) & (lower > 0)).fill_null(False))
    counted = marked.group_by("lot_id").agg(bids__steps=marked.count(where=marked.same))
    rows = left(m.contested.filter(m.contested.bids__competing >= 2), counted, "lot_id")
    verdict = rows.bids__steps.fill_null(0) >= p.times
    return found(rows, known(rows.bids__priced >= p.times + 2, verdict), rows.bids__steps, p.times)


@judges("RF-27")
def arithmetic_series(m: Market, p: Any) -> Table:
    return _regular(m, p, m.ladder.bid__price - m.ladder.below, m.ladder.below - m.ladder.two_below)


@judges("RF-28")
def geometric_series(m: Market, p: Any) -> Table:
    ladder = m.ladder
    return _regular(m, p, (ladder.bid__price / ladder.below).ln(), (ladder.below / ladder.two_below).ln())


@judges("RF-29")
def too_close_together(m: Market, p: Any) -> Table:
    prices = m.ladder.group_by("lot_id").agg(
        spread=m.ladder.bid__price.std(how="sample") / m.ladder.bid__price.mean()
    )
    rows = left(m.contested.filter(m.contested.bids__competing >= 2), prices, "lot_id")
    close = rows.spread <= p.spread
    return found(rows, known(rows.bids__priced >= p.least, close), rows.spread * 100, p.spread * 100)


@judges("RF-30")
def far_apart(m: Market, p: Any) -> Table:
    rows = m.contested.filter(m.contested.bids__competing >= 2)
    apart = rows.bids__highest / rows.bids__lowest - 1
    return found(rows, known(rows.bids__priced >= 2, apart >= p.apart), apart * 100, p.apart * 100)


@judges("RF-31")
def losers_in_a_bunch(m: Market, p: Any) -> Table:
    """Relative distance: how far the second lowest lies above the winner, in standard deviations of the losing bids."""
    ladder = m.ladder.filter(m.ladder.winner.notnull())
    losing = ladder.filter(~ladder.won)
    losers = losing.group_by("lot_id").agg(
        bids__losing=losing.count(),
        bids__second=losing.bid__price.min(),
        spread=losing.bid__price.std(how="sample"),
    )
    won = ladder.filter(ladder.won).group_by("lot_id").agg(bid__winning_price=ibis._.bid__price.min())
    rows = m.contested.filter(m.contested.bids__competing >= 2, m.contested.winner.notnull())
    rows = left(left(rows, losers, "lot_id"), won, "lot_id")
    gap = rows.bids__second - rows.bid__winning_price
    distance = ratio(gap, rows.spread)
    verdict = (distance >= p.distance) & (gap >= p.gap * rows.bid__winning_price)
    complete = (rows.bids__losing >= p.losers) & rows.bid__winning_price.notnull()
    return found(rows, known(complete, verdict.fill_null(False)), distance, p.distance)


@judges("RF-32")
def close_second(m: Market, p: Any) -> Table:
    ladder = m.ladder
    winners = ladder.filter(ladder.won).select(
        "lot_id", "day", won_by="tenderer", price="bid__price", rank="place"
    )
    nexts = ladder.select("lot_id", second_by="tenderer", next_price="bid__price", next_rank="place")
    pairs = winners.inner_join(nexts, "lot_id")
    pairs = pairs.filter(pairs.next_rank == pairs["rank"] + 1, pairs.won_by != pairs.second_by)
    gap = pairs.next_price / pairs.price - 1
    close = pairs.mutate(
        first=ibis.least(pairs.won_by, pairs.second_by),
        second=ibis.greatest(pairs.won_by, pairs.second_by),
        near=gap <= p.gap,
    )
    rows = close.group_by("first", "second").agg(
        pair__next_to=close.count(), pair__near=close.count(where=close.near), day=close.day.max()
    )
    met = m.couples.group_by("first", "second").agg(
        pair__together=m.couples.pair__together.sum(), pair__decided=m.couples.pair__decided.sum()
    )
    rows = m.paired(left(met.filter(met.pair__together >= p.times), rows, "first", "second"))
    near = rows.pair__near.fill_null(0)
    verdict = (near >= p.times) & (near >= p.share * rows.pair__next_to.fill_null(0))
    return found(rows, known(rows.pair__decided > 0, verdict), near, p.times)


@judges("RF-33")
def winner_near_ceiling(m: Market, p: Any) -> Table:
    lots = m.lots.filter(m.lots.winner.notnull())
    share = ratio(lots.award__price, lots.lot__ceiling_price)
    return found(lots, share >= p.share, share * 100, p.share * 100)


@judges("RF-34")
def round_prices(m: Market, p: Any) -> Table:
    bids = m.bids.filter(m.bids.bid__price > 0)
    whole = (bids.bid__price / p.unit).round() * p.unit == bids.bid__price
    counted = bids.group_by("lot_id").agg(bids__round=bids.count(where=whole))
    market = bids.group_by("market").agg(market__round=bids.count(where=whole), market__priced=bids.count())
    rows = left(m.contested.filter(m.contested.bids__competing >= 2), counted, "lot_id")
    rows = left(rows, market, "market")
    share = ratio(rows.bids__round, rows.bids__priced)
    # Where everybody rounds, a round price is the custom.
    elsewhere = ratio(rows.market__round - rows.bids__round, rows.market__priced - rows.bids__priced)
    verdict = (share >= p.share) & (elsewhere.fill_null(0.0) < p.custom)
    return found(rows, known(rows.bids__priced >= p.least, verdict), share * 100, p.share * 100)


@judges("RF-35")
def same_ending(m: Market, p: Any) -> Table:
    bids = m.bids
    cents = (bids.bid__price * 100).round().cast("int64")
    ending = cents % 100_000
    # A round price has the ending of every other round price: it is told apart by its bid.
    value = (ending % 10_000 == 0).ifelse(bids.bid_id, ending.cast("string"))
    rows = shared(m, bids.select("bid_id", shared__value=value))
    return found(rows, rows.alike, rows.shared__firms, 1)


@judges("RF-36")
def losers_above_ceiling(m: Market, p: Any) -> Table:
    bids = m.bids
    counted = bids.group_by("lot_id").agg(
        bids__above=bids.count(where=bids.bid__price > bids.lot__ceiling_price)
    )
    rows = left(m.contested.filter(m.contested.bids__competing >= 2), counted, "lot_id")
    share = ratio(rows.bids__above, rows.bids__priced)
    complete = rows.lot__ceiling_price.notnull() & (rows.bids__priced >= 2)
    return found(rows, known(complete, share >= p.share), share * 100, p.share * 100)


@judges("RF-37")
def benford(m: Market, p: Any) -> Table:
    bids = m.bids.filter(m.bids.bid__price >= 1)
    seen = {f"d{digit}": bids.count(where=bids.digit == str(digit)) for digit in range(1, 10)}
    rows = bids.group_by(party_id=bids.tenderer, party__name=bids.tenderer__name).agg(
        party__priced=bids.count(), party__lowest=bids.bid__price.min(), party__highest=bids.bid__price.max(),
        day=bids.day.max(), **seen,
    )  # fmt: skip
    total: Any = ibis.literal(0.0).cast("float64")
    for digit in range(1, 10):
        expected = number(rows.party__priced) * math.log10(1 + 1 / digit)
        total = total + (rows[f"d{digit}"] - expected) * (rows[f"d{digit}"] - expected) / expected
    # The law holds only for numbers that span orders of magnitude.
    wide = rows.party__highest >= p.span * rows.party__lowest
    return found(
        rows, known((rows.party__priced >= p.sample) & wide, total > p.chi_square), total, p.chi_square
    )
