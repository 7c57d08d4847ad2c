"""评标与定标: rejections, evaluators and their scores, how long it took, who gave up."""

from __future__ import annotations

from typing import Any

import ibis

from wulian.analysis.redflags.basis import LOT, Market, Table, known, left, ratio
from wulian.analysis.redflags.procedure import CLOSED
from wulian.analysis.redflags.registry import found, judges
from wulian.analysis.redflags.stats import concentration, fences

JUDGED = ("valid", "disqualified")


def judged_lots(m: Market) -> Table:
    """The awarded lots with two bidders; ``told`` says that what became of every bid is known."""
    lots = m.contested.filter(m.contested.bids__competing >= 2, m.contested.winner.notnull())
    return lots.mutate(told=lots.bids__valid + lots.bids__disqualified >= lots.bids__competing)


@judges("RF-55")
def all_others_rejected(m: Market, p: Any) -> Table:
    lots = judged_lots(m)
    verdict = (lots.bids__valid == 1) & (lots.bids__disqualified >= p.least)
    return found(lots, known(lots.told, verdict), lots.bids__disqualified, p.least)


@judges("RF-56")
def lowest_rejected(m: Market, p: Any) -> Table:
    bids = m.bids.filter(m.bids.bid__price > 0)
    rejected = bids.bid__status == "disqualified"
    out = bids.group_by("lot_id").agg(bids__lowest_rejected=bids.bid__price.min(where=rejected))
    lots = left(judged_lots(m), out, "lot_id")
    verdict = (lots.bids__lowest_rejected <= lots.bids__lowest) & (
        lots.bids__lowest_rejected < lots.award__price
    )
    complete = lots.told & (lots.bids__priced >= lots.bids__competing) & lots.award__price.notnull()
    saved = 1 - ratio(lots.bids__lowest_rejected, lots.award__price)
    return found(lots, known(complete, verdict.fill_null(False)), saved * 100, 0)


def _rejects_often(m: Market, p: Any, who: str, name: str) -> Table:
    bids = left(m.bids, m.lots.select("lot_id", "agency", "agency__name"), "lot_id")
    bids = bids.filter(bids[who].notnull())
    rows = bids.group_by(party_id=bids[who], party__name=bids[name]).agg(
        party__judged=bids.count(where=bids.bid__status.isin(JUDGED)), party__lots=bids.lot_id.nunique(),
        party__rejected=bids.count(where=bids.bid__status == "disqualified"), day=bids.day.max(),
    )  # fmt: skip
    enough = rows.party__judged >= p.bids
    rows = rows.mutate(
        rate=enough.ifelse(ratio(rows.party__rejected, rows.party__judged), ibis.null("float64"))
    )
    rows = fences(rows.mutate(row_key=rows.party_id, all=ibis.literal("")), "rate", "all")
    high = (rows.rate > rows.upper) & (rows.rate >= p.rate)
    complete = rows.rate.notnull() & (rows.n >= p.peers)
    return found(rows, known(complete, high), rows.rate * 100).mutate(threshold=rows.upper * 100)


@judges("RF-57")
def buyer_rejects_often(m: Market, p: Any) -> Table:
    return _rejects_often(m, p, "buyer", "entity__name")


@judges("RF-58")
def agency_rejects_often(m: Market, p: Any) -> Table:
    return _rejects_often(m, p, "agency", "agency__name")


@judges("RF-59")
def vague_rejection(m: Market, p: Any) -> Table:
    raw = m.tables["bids"].select(bid_id="id", bid__rejection_basis="rejection_basis")
    rows = left(m.bids.filter(m.bids.bid__status == "disqualified"), raw, "bid_id")
    length = rows.bid__rejection_basis.length()
    cites = rows.bid__rejection_basis.re_search("第.{1,12}[条款项章节页]|[0-9]+[.．][0-9]+")
    return found(rows, (length < p.letters) | ~cites, length, p.letters)


def scored(m: Market) -> Table:
    """The subjective scores with member, bid and lot."""
    rows = m.opinions.inner_join(
        m.seats.select("member_id", "expert_id", "expert", "member__name"), "member_id"
    )
    bids = m.bids.select("bid_id", "tenderer", "tenderer__name", "won", *LOT, "day")
    return rows.inner_join(bids, "bid_id")


def _evaluated(m: Market) -> Table:
    """The lots that were evaluated, and how many subjective scores there are."""
    held = m.tables["evaluations"].select("lot_id", evaluation_id="id")
    given = m.opinions.group_by("evaluation_id").agg(
        scores__count=m.opinions.count(), scores__fewest=m.opinions.score__members.min()
    )
    lots = m.lots.select(*LOT, "day", "winner", "supplier__name").inner_join(held, "lot_id")
    return left(lots, given, "evaluation_id")


@judges("RF-60")
def score_far_from_the_others(m: Market, p: Any) -> Table:
    lots = _evaluated(m)
    scores = scored(m).select(
        "evaluation_id", "member__name", "tenderer__name", "score__item", "score__given", "score__others", "score__weight",
        "score__members",
    )  # fmt: skip
    rows = left(lots, scores, "evaluation_id")
    apart = ratio((rows.score__given - rows.score__others).abs(), rows.score__weight)
    complete = (rows.score__members >= p.members) & apart.notnull()
    return found(rows, known(complete, apart >= p.share), apart * 100, p.share * 100)


@judges("RF-61")
def one_member_turns_the_ranking(m: Market, p: Any) -> Table:
    """Leave one member out: would another bidder come first?"""
    scores = m.tables["scores"]
    given = scores.select(
        "evaluation_id", member_id="member", bid_id="bid", points=scores.score.cast("float64")
    )
    sums = given.group_by("evaluation_id", "member_id", "bid_id").agg(points=given.points.sum())
    totals = sums.group_by("evaluation_id", "bid_id").agg(total=sums.points.sum(), members=sums.count())
    sheet = sums.inner_join(totals, ["evaluation_id", "bid_id"])
    sheet = sheet.mutate(
        mean=ratio(sheet.total, sheet.members), rest=ratio(sheet.total - sheet.points, sheet.members - 1)
    )
    best: Any = {"group_by": ["evaluation_id", "member_id"]}
    sheet = sheet.mutate(
        place=ibis.row_number().over(**best, order_by=[ibis.desc("mean"), "bid_id"]) + 1,
        place_without=ibis.row_number().over(**best, order_by=[ibis.desc("rest"), "bid_id"]) + 1,
    )
    first = sheet.filter(sheet.place == 1)
    margin = sheet.filter(sheet.place_without == 1).select(
        "evaluation_id", "member_id", other_bid="bid_id", other_rest="rest"
    )
    turned = first.inner_join(margin, ["evaluation_id", "member_id"])
    turned = turned.mutate(member__margin=turned.other_rest - turned.rest)
    seats = m.seats.select("member_id", "member__name")
    turned = left(turned, seats, "member_id")
    names = m.bids.select(bid_id="bid_id", first__name="tenderer__name")
    turned = left(turned, names, "bid_id")
    turned = left(turned, names.select(other_bid="bid_id", other__name="first__name"), "other_bid")
    rows = left(_evaluated(m), turned.drop("place", "place_without"), "evaluation_id")
    flips = (rows.bid_id != rows.other_bid) & (rows.member__margin >= p.margin)
    return found(rows, known(rows.members >= p.members, flips), rows.member__margin, p.margin)


@judges("RF-62")
def expert_favours_a_bidder(m: Market, p: Any) -> Table:
    scores = scored(m).filter(ibis._.expert.notnull())
    lead = ratio(scores.score__given - scores.score__others, scores.score__weight)
    scores = scores.mutate(lead=lead)
    rows = scores.group_by("expert_id", "tenderer", "tenderer__name").agg(
        expert__times=scores.lot_id.nunique(where=scores.lead.notnull()), expert__lead=scores.lead.mean(),
        expert__least=scores.lead.min(), member__name=scores.member__name.max(), day=scores.day.max(),
    )  # fmt: skip
    seats = m.seats.group_by("expert_id").agg(
        expert__seats=m.seats.lot_id.nunique(), seat_name=m.seats.member__name.max(), last=m.seats.day.max()
    )
    rows = left(seats, rows, "expert_id")
    rows = rows.mutate(member__name=rows.seat_name, day=ibis.coalesce(rows.day, rows.last))
    verdict = (rows.expert__times >= p.times) & (rows.expert__lead >= p.share) & (rows.expert__least > 0)
    return found(rows, known(rows.expert__times.notnull(), verdict), rows.expert__lead * 100, p.share * 100)


def _same_again(m: Market, p: Any, part: str) -> Table:
    """Experts who sit again and again where the same `part` wins, works or buys."""
    rows = concentration(m.seats, "expert_id", part).rename(
        expert__seats="whole_lots", expert__together="both_lots", expert__lift="lift"
    )
    people = m.seats.group_by("expert_id").agg(
        member__name=m.seats.member__name.max(), expert=m.seats.expert.max()
    )
    rows = m.named(left(rows, people, "expert_id"), part, "partner")
    share = rows.share_of_whole
    verdict = (rows.expert__together >= p.times) & (share >= p.share) & (rows.expert__lift >= p.lift)
    return found(rows, known(rows.expert.notnull(), verdict), rows.expert__together, p.times)


@judges("RF-63")
def expert_and_winner(m: Market, p: Any) -> Table:
    return _same_again(m, p, "winner")


@judges("RF-64")
def expert_and_agency(m: Market, p: Any) -> Table:
    return _same_again(m, p, "agency")


@judges("RF-65")
def expert_and_buyer(m: Market, p: Any) -> Table:
    return _same_again(m, p, "buyer")


@judges("RF-66")
def drawn_too_often(m: Market, p: Any) -> Table:
    seats = m.seats
    rows = seats.group_by("expert_id").agg(
        expert__seats=seats.lot_id.nunique(), member__name=seats.member__name.max(), expert=seats.expert.max(),
        market=seats.market.max(), day=seats.day.max(),
    )  # fmt: skip
    people = rows.filter(rows.expert.notnull()).mutate(row_key=ibis._.expert_id)
    rows = left(
        rows,
        fences(people, "expert__seats", "market", p.reach).select("expert_id", "n", "upper"),
        "expert_id",
    )
    often = (rows.expert__seats > rows.upper) & (rows.expert__seats >= p.times)
    return found(rows, known(rows.n >= p.people, often), rows.expert__seats).mutate(threshold=rows.upper)


@judges("RF-67")
def expert_of_a_bidder(m: Market, p: Any) -> Table:
    bids = m.bids.select("lot_id", "tenderer__name", "tenderer")
    seats = m.seats.inner_join(bids, "lot_id")
    plain = [name.re_replace(r"[\s()（）]", "") for name in (seats.member__employer, seats.tenderer__name)]
    told = seats.group_by("lot_id").agg(told=seats.member__employer.count())
    rows = left(seats.mutate(works_for=plain[0] == plain[1]), told, "lot_id")
    return found(rows, known(rows.told > 0, rows.works_for.fill_null(False)), ibis.literal(1), 0)


@judges("RF-68")
def evaluated_in_haste(m: Market, p: Any) -> Table:
    held = m.tables["evaluations"].select(
        "lot_id", evaluation__started_at="started_at", evaluation__finished_at="finished_at"
    )
    rows = m.lots.select(*LOT, "day").inner_join(held, "lot_id")
    rows = left(rows, m.turnout, "lot_id")
    seconds = rows.evaluation__finished_at.epoch_seconds() - rows.evaluation__started_at.epoch_seconds()
    minutes = ratio(seconds.cast("float64") / 60, rows.bids__competing)
    rows = rows.mutate(evaluation__minutes=seconds.cast("float64") / 60)
    return found(rows, minutes < p.minutes, minutes, p.minutes)


@judges("RF-69")
def drawn_early(m: Market, p: Any) -> Table:
    held = m.tables["evaluations"].select(
        "lot_id", evaluation__drawn_at="drawn_at", evaluation__started_at="started_at"
    )
    rows = m.lots.select(*LOT, "day").inner_join(held, "lot_id")
    hours = (rows.evaluation__started_at.epoch_seconds() - rows.evaluation__drawn_at.epoch_seconds()).cast(
        "float64"
    ) / 3600
    return found(rows, hours > p.hours, hours, p.hours)


def _decision(m: Market) -> Table:
    lots = m.lots.filter(m.lots.winner.notnull(), ~m.lots.tender__mode.isin(CLOSED).fill_null(False))
    return lots.mutate(
        award__days=lots.award__decided_at.date().delta(lots.lot__opened_at.date(), unit="day")
    )


@judges("RF-70")
def decided_in_haste(m: Market, p: Any) -> Table:
    lots = _decision(m)
    return found(lots, lots.award__days < p.days, lots.award__days, p.days)


@judges("RF-71")
def decided_late(m: Market, p: Any) -> Table:
    lots = _decision(m)
    return found(lots, lots.award__days > p.days, lots.award__days, p.days)


@judges("RF-72")
def first_gives_up(m: Market, p: Any) -> Table:
    ranks = m.tables["candidates"]
    first = ranks["rank"] == 1
    firsts = ranks.group_by("lot_id").agg(
        first_firm=ranks.tenderer.min(where=first),
        candidate__first_price=ranks.price.min(where=first).cast("float64"),
    )
    reasons = m.standing.group_by("lot_id").agg(award__reason_not_first=m.standing.reason_not_first.max())
    bids = m.bids.select("lot_id", first_firm="tenderer", first_bid="bid__price")
    rows = left(left(m.lots.filter(m.lots.winner.notnull()), firsts, "lot_id"), reasons, "lot_id")
    rows = left(rows, bids, "lot_id", "first_firm")
    rows = m.named(rows, "first_firm", "first")
    price = ibis.coalesce(rows.candidate__first_price, rows.first_bid)
    dearer = ratio(rows.award__price, price) - 1
    rows = rows.mutate(candidate__first_price=price)
    passed_over = rows.first_firm != rows.winner
    return found(rows, passed_over & (dearer >= p.share), dearer * 100, p.share * 100)


@judges("RF-73")
def takes_all_lots(m: Market, p: Any) -> Table:
    lots = m.lots
    rows = lots.group_by("project_id", "tender_id", "project__name", "tender__name").agg(
        tender__lots=lots.count(), tender__winners=lots.winner.nunique(), decided=lots.winner.count(),
        supplier__name=lots.supplier__name.max(), day=lots.day.max(),
    )  # fmt: skip
    rows = rows.filter(rows.tender__lots >= p.lots)
    complete = (rows.decided == rows.tender__lots) | (rows.tender__winners > 1)
    return found(rows, known(complete, rows.tender__winners == 1), rows.tender__lots, p.lots)


def _objected(m: Market) -> Table:
    rows = m.tables["objections"]
    counted = rows.group_by("lot_id").agg(
        objections__count=rows.count(), objections__firms=rows.objector.nunique(),
        objections__nameless=rows.count(where=rows.objector.isnull()),
    )  # fmt: skip
    return left(m.lots, counted, "lot_id")


@judges("RF-74")
def many_objections(m: Market, p: Any) -> Table:
    rows = _objected(m)
    firms = rows.objections__firms.fill_null(0)
    complete = (rows.objections__nameless.fill_null(0) == 0) | (firms >= p.firms)
    return found(rows, known(complete, firms >= p.firms), firms, p.firms)


@judges("RF-75")
def agency_often_objected_to(m: Market, p: Any) -> Table:
    lots = _objected(m).filter(ibis._.agency.notnull())
    rows = lots.group_by(party_id=lots.agency, party__name=lots.agency__name).agg(
        party__lots=lots.count(),
        party__objected=lots.count(where=lots.objections__count > 0),
        day=lots.day.max(),
    )
    enough = rows.party__lots >= p.lots
    rows = rows.mutate(
        rate=enough.ifelse(ratio(rows.party__objected, rows.party__lots), ibis.null("float64"))
    )
    rows = fences(rows.mutate(row_key=rows.party_id, all=ibis.literal("")), "rate", "all")
    high = (rows.rate > rows.upper) & (rows.party__objected >= p.times)
    return found(rows, known(rows.rate.notnull() & (rows.n >= p.peers), high), rows.rate * 100).mutate(
        threshold=rows.upper * 100
    )
