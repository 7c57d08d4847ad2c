"""竞争与围标: how many compete, who meets whom, who wins in turn."""

from __future__ import annotations

from typing import Any

import ibis

from wulian.analysis.redflags.basis import LOT, Market, Table, known, left, ratio
from wulian.analysis.redflags.procedure import COMPETITIVE
from wulian.analysis.redflags.registry import found, judges
from wulian.analysis.redflags.stats import concentration, fences


def turnouts(m: Market) -> Table:
    """The opened or awarded lots with the number of bidders, from the bids or else from the opening record."""
    lots = left(m.lots, m.turnout, "lot_id")
    lots = lots.filter(
        lots.opening__actual_at.notnull() | lots.winner.notnull() | lots.bids__competing.notnull()
    )
    return lots.mutate(lot__bidders=ibis.coalesce(lots.bids__competing, lots.opening__bidder_count))


@judges("RF-11")
def single_bid(m: Market, p: Any) -> Table:
    lots = turnouts(m)
    competitive = lots.tender__mode.isin(COMPETITIVE)
    return found(lots, competitive & (lots.lot__bidders == 1), lots.lot__bidders, 1)


@judges("RF-12")
def few_bidders(m: Market, p: Any) -> Table:
    lots = turnouts(m).filter(ibis._.tender__mode.isin(COMPETITIVE))
    area = lots.market + "/" + lots.project__region_code
    lots = lots.mutate(area=area)
    means = lots.group_by("area").agg(
        area__mean=lots.lot__bidders.mean(), area__lots=lots.count(where=lots.lot__bidders.notnull())
    )
    rows = left(lots, means, "area")
    limit = (1 - p.below) * rows.area__mean
    few = (rows.lot__bidders >= 2) & (rows.lot__bidders <= limit)
    return found(rows, known(rows.area__lots >= p.sample, few), rows.lot__bidders).mutate(threshold=limit)


@judges("RF-13")
def one_buyer(m: Market, p: Any) -> Table:
    rows = m.records
    verdict = (rows.party__bids >= p.bids) & (rows.party__wins >= p.wins) & (rows.party__buyers == 1)
    complete = (rows.party__buyers > 1) | ((rows.buyerless == 0) & (rows.market__buyers >= p.market))
    return found(rows, known(complete, verdict), rows.party__wins, p.wins)


@judges("RF-14")
def professional_loser(m: Market, p: Any) -> Table:
    bids = m.bids
    bids = bids.filter(m.as_of.delta(bids.day, unit="day") <= p.days)
    decided = bids.winner.notnull()
    rows = bids.group_by(party_id=bids.tenderer, party__name=bids.tenderer__name).agg(
        party__bids=bids.lot_id.nunique(where=decided), party__wins=bids.lot_id.nunique(where=bids.won),
        party__undecided=bids.lot_id.nunique(where=~decided), day=bids.day.max(),
    )  # fmt: skip
    verdict = (rows.party__bids >= p.bids) & (rows.party__wins <= p.rate * rows.party__bids)
    # Bids whose outcome is not known could make the number full.
    enough = (rows.party__bids >= p.bids) | (rows.party__bids + rows.party__undecided < p.bids)
    return found(rows, known(enough, verdict), rows.party__bids, p.bids)


@judges("RF-15")
def wins_too_often(m: Market, p: Any) -> Table:
    firms = m.records
    enough = firms.filter(firms.party__bids >= p.bids)
    enough = enough.mutate(row_key=enough.party_id)
    fenced = fences(enough, "party__win_rate", "market").select("party_id", "n", "upper")
    rows = left(firms, fenced, "party_id")
    high = (rows.party__win_rate > rows.upper) & (rows.party__win_rate >= p.rate)
    rows = found(rows, known(rows.n >= p.firms, high), rows.party__win_rate * 100)
    return rows.mutate(threshold=rows.upper * 100)


def class_told(rows: Table) -> Any:
    """Say whether the class of the market is known: without it, firms of one trade seem to seek each other."""
    return ~rows.market.endswith("/")


@judges("RF-16")
def meet_above_chance(m: Market, p: Any) -> Table:
    rows = m.couples.filter(m.couples.pair__together >= p.together)
    complete = class_told(rows) & (rows.pair__market_lots >= p.sample)
    return found(rows, known(complete, rows.pair__lift >= p.lift), rows.pair__lift, p.lift)


@judges("RF-17")
def escort(m: Market, p: Any) -> Table:
    rows = m.couples.filter(m.couples.pair__together >= p.together)
    most = ibis.greatest(rows.pair__first_won, rows.pair__second_won)
    least = ibis.least(rows.pair__first_won, rows.pair__second_won)
    share = ratio(most, rows.pair__decided)
    verdict = (least == 0) & (share >= p.share)
    return found(rows, known(rows.pair__decided >= p.together, verdict), share * 100, p.share * 100)


@judges("RF-18")
def rotation(m: Market, p: Any) -> Table:
    """Around each firm, those it meets far above chance: do they win in turn the lots in which three of them bid?"""
    close = m.couples.filter(m.couples.pair__together >= p.together, m.couples.pair__lift >= p.lift)
    one = close.select("market", party_id="first", partner="second")
    other = close.select("market", party_id="second", partner="first")
    circle = ibis.union(one, other)
    self_in = circle.select("market", "party_id", partner="party_id").distinct()
    circle = ibis.union(circle, self_in)
    bids = m.bids.select("lot_id", "market", "day", "winner", partner="tenderer")
    present = circle.inner_join(bids, ["market", "partner"])
    lots = present.group_by("party_id", "lot_id", "day", "winner").agg(
        members=present.partner.nunique(),
        inside=(present.partner == present.winner).any(),
        told=class_told(present).all(),
    )
    lots = lots.filter(lots.members >= p.members)
    won = lots.filter(lots.inside)
    order: Any = {"group_by": "party_id", "order_by": ["day", "lot_id"]}
    won = won.mutate(again=won.winner == won.winner.lag().over(**order))
    turns = won.group_by("party_id").agg(
        circle__wins=won.count(),
        circle__winners=won.winner.nunique(),
        circle__repeats=won.count(where=won.again),
    )
    rows = lots.group_by("party_id").agg(
        circle__lots=lots.count(),
        circle__decided=lots.count(where=lots.winner.notnull()),
        day=lots.day.max(),
        told=lots.told.all(),
    )
    rows = m.named(left(rows, turns, "party_id"), "party_id", "party")
    share, repeats = (
        ratio(rows.circle__wins, rows.circle__decided),
        ratio(rows.circle__repeats, rows.circle__wins),
    )
    verdict = (share >= p.share) & (rows.circle__winners >= p.members) & (repeats <= p.repeats)
    complete = rows.told & (rows.circle__decided >= p.sample)
    return found(rows, known(complete, verdict.fill_null(False)), share * 100, p.share * 100)


@judges("RF-19")
def missing_bidder(m: Market, p: Any) -> Table:
    lots = m.contested.filter(m.contested.buyer.notnull())
    order: Any = {"group_by": ["buyer", "market"], "order_by": ["day", "lot_id"]}
    lots = lots.mutate(turn=ibis.row_number().over(**order))
    now = lots.select("lot_id", "buyer", "market", "turn")
    past = m.bids.select("lot_id", "tenderer").distinct()
    past = past.inner_join(lots.select("lot_id", "buyer", "market", past_turn="turn"), "lot_id").drop(
        "lot_id"
    )
    usual = now.inner_join(past, ["buyer", "market"])
    usual = usual.filter(usual.past_turn < usual.turn, usual.past_turn >= usual.turn - p.before)
    usual = usual.group_by("lot_id", "tenderer").agg(party__recent_bids=usual.past_turn.nunique())
    usual = usual.filter(usual.party__recent_bids >= p.share * p.before)
    there = m.bids.select("lot_id", "tenderer", here=ibis.literal(True)).distinct()
    absent = left(usual, there, "lot_id", "tenderer").filter(ibis._.here.isnull()).drop("here")
    rows = m.named(left(lots, absent, "lot_id"), "tenderer", "absent")
    verdict = rows.party__recent_bids.notnull()
    return found(rows, known(rows.turn >= p.before, verdict), rows.party__recent_bids, p.share * p.before)


@judges("RF-20")
def shared_out_by_county(m: Market, p: Any) -> Table:
    bids = m.bids.filter(m.bids.winner.notnull())
    home = bids.group_by("tenderer", "market", "project__region_code").agg(
        area__bids=bids.lot_id.nunique(), area__wins=bids.lot_id.nunique(where=bids.won)
    )
    lots = bids.group_by("market", "project__region_code").agg(area__lots=bids.lot_id.nunique())
    home = left(home.filter(home.area__wins > 0), lots, "market", "project__region_code")
    total = bids.group_by("tenderer", "market").agg(
        party__bids=bids.lot_id.nunique(), party__wins=bids.lot_id.nunique(where=bids.won),
        placeless=bids.count(where=bids.project__region_code.isnull()), day=bids.day.max(),
    )  # fmt: skip
    rows = left(home, total, "tenderer", "market").mutate(party_id=ibis._.tenderer)
    rows = rows.mutate(party__elsewhere=rows.party__bids - rows.area__bids)
    share = ratio(rows.area__wins, rows.area__lots)
    verdict = (
        (rows.area__wins >= p.wins) & (rows.area__wins == rows.party__wins)
        & (share >= p.share) & (rows.party__elsewhere >= p.elsewhere)
    )  # fmt: skip
    rows = found(rows, known(rows.placeless == 0, verdict), share * 100, p.share * 100)
    return m.named(rows, "party_id", "party")


@judges("RF-21")
def dominant_supplier(m: Market, p: Any) -> Table:
    wins = m.wins.mutate(area=m.wins.market + "/" + m.wins.project__region_code)
    rows = concentration(wins, "area", "supplier").mutate(party_id=ibis._.supplier)
    rows = rows.rename(area__name="area", area__lots="whole_lots", party__wins="both_lots")
    share = rows.share_of_whole
    rows = found(rows, known(rows.area__lots >= p.sample, share >= p.share), share * 100, p.share * 100)
    return m.named(rows, "party_id", "party")


@judges("RF-22")
def withdraws_often(m: Market, p: Any) -> Table:
    bids = m.all_bids
    taken_back = (bids.bid__status == "withdrawn").fill_null(False) | bids.bid__withdrawn_at.notnull()
    rows = bids.group_by(party_id=bids.tenderer, party__name=bids.tenderer__name).agg(
        party__bids=bids.count(), party__withdrawn=bids.count(where=taken_back), day=bids.day.max()
    )
    share = ratio(rows.party__withdrawn, rows.party__bids)
    verdict = (rows.party__withdrawn >= p.times) & (share >= p.share)
    return found(rows, known(rows.party__bids >= p.sample, verdict), rows.party__withdrawn, p.times)


@judges("RF-23")
def withdrawn_together(m: Market, p: Any) -> Table:
    bids = m.all_bids
    gone = (
        bids.bid__status.isin(("withdrawn", "undecrypted")).fill_null(False)
        | bids.bid__withdrawn_at.notnull()
    )
    rows = bids.group_by(*LOT, "day").agg(
        bids__count=bids.count(), bids__gone=bids.count(where=gone),
        told=bids.count(where=bids.bid__status.isin(("valid", "disqualified")) | gone),
    )  # fmt: skip
    share = ratio(rows.bids__gone, rows.bids__count)
    verdict = (rows.bids__gone >= p.least) & (share > p.share)
    # Bids that are merely "received": nobody said yet what became of them.
    return found(rows, known(rows.told > 0, verdict), share * 100, p.share * 100)


@judges("RF-24")
def rivals_in_consortium(m: Market, p: Any) -> Table:
    bids = m.bids.filter(m.bids.consortium.notnull())
    sides = ibis.union(m.partners(), bids.select("bid_id", member="tenderer")).distinct()
    other = sides.select("bid_id", second="member")
    pairs = sides.select("bid_id", first="member").inner_join(other, "bid_id")
    pairs = pairs.filter(pairs.first < pairs.second)
    met = m.meetings.group_by("first", "second").agg(pair__together=m.meetings.lot_id.nunique())
    pairs = left(pairs, met, "first", "second")
    rows = m.paired(left(bids, pairs, "bid_id"))
    times = rows.pair__together.fill_null(0)
    return found(rows, known(rows.pair_id.notnull(), times >= p.times), times, p.times)
