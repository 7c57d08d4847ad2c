"""合同与履约: what became of the award."""

from __future__ import annotations

from typing import Any

import ibis

from wulian.analysis.redflags.basis import Market, Table, known, left, ratio
from wulian.analysis.redflags.procedure import CLOSED, limit_of
from wulian.analysis.redflags.registry import found, judges


def _days(later: Any, earlier: Any) -> Any:
    return later.date().delta(earlier.date(), unit="day")


@judges("RF-82")
def not_what_was_bid(m: Market, p: Any) -> Table:
    bids = m.bids.filter(m.bids.bid__price > 0)
    bids = bids.group_by("lot_id", supplier=bids.tenderer).agg(winning_bid__price=bids.bid__price.min())
    rows = left(m.contracts, bids, "lot_id", "supplier")
    apart = (ratio(rows.contract__price, rows.winning_bid__price) - 1).abs()
    return found(rows, apart >= p.share, apart * 100, p.share * 100)


@judges("RF-83")
def signed_early(m: Market, p: Any) -> Table:
    rows = m.contracts
    return found(
        rows,
        rows.contract__signed_at < rows.award__notice_at,
        _days(rows.contract__signed_at, rows.award__notice_at),
        0,
    )


@judges("RF-84")
def signed_late(m: Market, p: Any) -> Table:
    rows = m.contracts
    days = _days(rows.contract__signed_at, rows.award__notice_at)
    return found(rows, days > p.days, days, p.days)


@judges("RF-85")
def changed_soon(m: Market, p: Any) -> Table:
    rows = m.contracts
    days = _days(rows.amendments__first_at, rows.contract__signed_at)
    changed = rows.amendments__count.fill_null(0) > 0
    verdict = changed & (days <= p.days)
    complete = ~changed | (rows.amendments__undated == 0) | (days <= p.days)
    return found(rows, known(complete, verdict), days, p.days)


@judges("RF-86")
def changed_often(m: Market, p: Any) -> Table:
    rows = m.contracts
    count = rows.amendments__count
    # Nothing about performance has been told: no changes, or none reported.
    told = count.notnull() | rows.payments.notnull() | rows.acceptance__accepted_at.notnull()
    return found(rows, known(told, count.fill_null(0) >= p.times), count, p.times)


@judges("RF-87")
def changes_raise_the_price(m: Market, p: Any) -> Table:
    rows = m.contracts
    share = ratio(rows.amendments__sum, rows.contract__price)
    unchanged = rows.amendments__count.isnull()
    complete = unchanged | ((rows.amendments__unpriced == 0) & share.notnull())
    return found(rows, known(complete, (share >= p.share).fill_null(False)), share * 100, p.share * 100)


@judges("RF-88")
def raised_again_soon(m: Market, p: Any) -> Table:
    changes = m.changes
    raised = changes.filter(changes.amount > 0)
    before = raised.amended_at.lag().over(group_by="contract_id", order_by=["amended_at", "amendment_id"])
    raised = raised.mutate(gap=_days(raised.amended_at, before))
    gaps = raised.group_by("contract_id").agg(
        amendments__gap=raised.gap.min(), amendments__raises=raised.count()
    )
    rows = left(m.contracts, gaps, "contract_id")
    several = rows.amendments__raises.fill_null(0) >= 2
    verdict = several & (rows.amendments__gap <= p.days)
    unclear = (rows.amendments__unpriced > 0) | (rows.amendments__undated > 0)
    complete = ~unclear.fill_null(False) | (rows.amendments__gap <= p.days)
    return found(rows, known(complete, verdict.fill_null(False)), rows.amendments__gap, p.days)


@judges("RF-89")
def grown_past_the_limit(m: Market, p: Any) -> Table:
    rows = m.contracts.filter(m.contracts.tender__mode.isin(CLOSED))
    limit = limit_of(rows.lot__category, p.limits)
    final = rows.contract__price + rows.amendments__sum.fill_null(0)
    rows = rows.mutate(contract__final_price=final)
    verdict = (rows.contract__price < limit) & (final >= limit)
    complete = (
        (rows.amendments__unpriced.fill_null(0) == 0) & limit.notnull() & rows.contract__price.notnull()
    )
    return found(rows, known(complete, verdict), final).mutate(threshold=limit)


@judges("RF-90")
def paid_more_than_agreed(m: Market, p: Any) -> Table:
    rows = m.contracts
    agreed = rows.contract__price + ibis.greatest(rows.amendments__sum.fill_null(0), 0.0)
    agreed = ibis.greatest(agreed, rows.acceptance__settlement_amount.fill_null(0))
    over = ratio(rows.contract__paid, agreed) - 1
    complete = (rows.payments > 0) & (rows.unpaid == 0) & rows.contract__price.notnull()
    complete = complete & (rows.amendments__unpriced.fill_null(0) == 0)
    return found(rows, known(complete, over > p.share), over * 100, p.share * 100)


@judges("RF-91")
def settled_above(m: Market, p: Any) -> Table:
    rows = m.contracts.filter(
        m.contracts.acceptance__accepted_at.notnull() | m.contracts.acceptance__settlement_amount.notnull()
    )
    over = ratio(rows.acceptance__settlement_amount, rows.contract__price) - 1
    return found(rows, over >= p.share, over * 100, p.share * 100)


@judges("RF-92")
def finished_too_fast(m: Market, p: Any) -> Table:
    rows = m.contracts.filter(
        m.contracts.acceptance__accepted_at.notnull(), m.contracts.lot__category.isin(p.categories)
    )
    days = _days(rows.acceptance__accepted_at, rows.contract__started_at)
    rows = rows.mutate(contract__days=days)
    limit = ibis.least(p.share * rows.contract__duration_days, ibis.literal(float(p.most)))
    large = rows.contract__price >= p.amount
    rows = found(rows, known(rows.contract__duration_days.notnull(), large & (days < limit)), days)
    return rows.mutate(threshold=limit)


@judges("RF-93")
def late_works(m: Market, p: Any) -> Table:
    rows = m.contracts.filter(
        m.contracts.contract__started_at.notnull() | m.contracts.acceptance__accepted_at.notnull()
    )
    until = ibis.coalesce(rows.acceptance__accepted_at.date(), m.as_of)
    days = until.delta(rows.contract__started_at.date(), unit="day")
    rows = rows.mutate(contract__days=days)
    limit = (1 + p.share) * rows.contract__duration_days
    return found(rows, days > limit, days).mutate(threshold=limit)


@judges("RF-94")
def passed_on(m: Market, p: Any) -> Table:
    rows = m.contracts.filter(m.contracts.contract__subcontracts > 0)
    share = ratio(rows.contract__subcontracted, rows.contract__price)
    complete = (rows.unpriced == 0) | (share >= p.share)
    return found(rows, known(complete & share.notnull(), share >= p.share), share * 100, p.share * 100)


@judges("RF-95")
def loser_gets_a_part(m: Market, p: Any) -> Table:
    events = m.tables["implementation"]
    parts = events.filter(events.kind == "subcontract").select(
        "contract_id", row_id="id", partner="party", implementation__amount=events.amount.cast("float64")
    )
    rows = parts.inner_join(m.contracts, "contract_id")
    lost = m.bids.select("lot_id", partner="tenderer", bid__price="bid__price").mutate(
        lost=ibis.literal(True)
    )
    there = m.turnout.select("lot_id", "bids__competing")
    rows = left(left(rows, lost, "lot_id", "partner"), there, "lot_id")
    rows = m.named(rows, "partner", "partner")
    complete = rows.partner.notnull() & rows.bids__competing.notnull()
    verdict = rows.lost.fill_null(False) & (rows.partner != rows.supplier).fill_null(True)
    return found(rows, known(complete, verdict), rows.implementation__amount, 0)


@judges("RF-96")
def very_long(m: Market, p: Any) -> Table:
    rows = m.contracts
    return found(rows, rows.contract__duration_days > p.days, rows.contract__duration_days, p.days)
