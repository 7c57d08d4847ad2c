"""采购程序: how a purchase was planned, divided and announced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from wulian.analysis.redflags.basis import Market, Table, known, left, number, ratio
from wulian.analysis.redflags.registry import found, judges
from wulian.analysis.redflags.stats import fences

COMPETITIVE = ("open", "selective")
CLOSED = ("limited", "direct")


def limit_of(category: Any, limits: Mapping[str, float]) -> Any:
    """Return the limit of a category in yuan, null for one without."""
    return number(ibis.cases(*((category == kind, float(value)) for kind, value in limits.items())))


def priced_lots(m: Market, limits: Mapping[str, float]) -> Table:
    """The lots with their amount and the limit of compulsory tendering of their category."""
    lots = m.lots
    limit = limit_of(lots.lot__category, limits)
    amount = ibis.coalesce(lots.lot__estimated_price, lots.lot__ceiling_price, lots.award__price)
    lots = lots.mutate(
        lot__amount=amount, lot__limit=limit, party_id=lots.buyer, party__name=lots.entity__name
    )
    return lots.filter(lots.party_id.notnull())


def within(rows: Table, days: int, *by: str) -> Table:
    """Add what follows each row among rows of the same `by` inside `days`: its sum of ``lot__amount`` and its count."""
    one = rows.select(*by, "lot_id", "day")
    other = rows.select(*by, other_lot="lot_id", other_day="day", other_amount="lot__amount")
    near = one.inner_join(other, list(by))
    gap = near.other_day.delta(near.day, unit="day")
    near = near.filter(gap.between(0, days))
    sums = near.group_by("lot_id").agg(window__sum=near.other_amount.sum(), window__count=near.count())
    return left(rows, sums, "lot_id")


@judges("RF-01")
def splitting(m: Market, p: Any) -> Table:
    lots = priced_lots(m, p.limits).filter(ibis._.tender__mode.isin(CLOSED))
    lots = lots.mutate(kind=ibis.coalesce(lots.lot__classification, lots.lot__category))
    below = lots.filter(lots.lot__amount < lots.lot__limit, lots.day.notnull(), lots.kind.notnull())
    sums = within(below, p.days, "buyer", "kind").select("lot_id", "window__sum", "window__count")
    rows = left(lots, sums, "lot_id")
    verdict = (rows.window__sum >= rows.lot__limit) & (rows.window__count >= 2)
    complete = (
        rows.lot__amount.notnull() & rows.lot__limit.notnull() & rows.day.notnull() & rows.kind.notnull()
    )
    rows = found(rows, known(complete, verdict.fill_null(False)), rows.window__sum)
    return rows.mutate(threshold=rows.lot__limit)


@judges("RF-02")
def bunching(m: Market, p: Any) -> Table:
    lots = priced_lots(m, p.limits)
    share = lots.lot__amount / lots.lot__limit
    rows = lots.group_by("party_id", "party__name").agg(
        party__below=lots.count(where=(share >= 1 - p.band) & (share < 1)),
        party__above=lots.count(where=(share >= 1) & (share < 1 + p.band)),
        party__priced=lots.count(where=share.notnull()), day=lots.day.max(),
    )  # fmt: skip
    verdict = (rows.party__below >= p.least) & (rows.party__below >= p.factor * rows.party__above)
    return found(rows, known(rows.party__priced >= p.sample, verdict), rows.party__below, p.least)


@judges("RF-03")
def repeated_direct_awards(m: Market, p: Any) -> Table:
    lots = priced_lots(m, p.limits)
    lots = lots.mutate(lot__amount=ibis.coalesce(lots.award__price, lots.lot__amount))
    lots = lots.filter(lots.tender__mode.isin(CLOSED), lots.winner.notnull())
    below = lots.filter(lots.lot__amount < lots.lot__limit, lots.day.notnull())
    sums = within(below, p.days, "buyer", "winner").select("lot_id", "window__sum", "window__count")
    rows = left(lots, sums, "lot_id")
    verdict = (rows.window__sum >= p.near * rows.lot__limit) & (rows.window__count >= p.times)
    complete = rows.lot__amount.notnull() & rows.lot__limit.notnull() & rows.day.notnull()
    rows = found(rows, known(complete, verdict.fill_null(False)), rows.window__sum)
    return m.paired(rows, "buyer", "winner").mutate(threshold=p.near * rows.lot__limit)


@judges("RF-04")
def closed_methods(m: Market, p: Any) -> Table:
    lots = m.lots.filter(m.lots.buyer.notnull())
    rows = lots.group_by(party_id=lots.buyer, party__name=lots.entity__name).agg(
        party__lots=lots.count(where=lots.tender__mode.notnull()),
        party__closed=lots.count(where=lots.tender__mode.isin(CLOSED)), day=lots.day.max(),
    )  # fmt: skip
    share = ratio(rows.party__closed, rows.party__lots)
    return found(rows, known(rows.party__lots >= p.sample, share >= p.share), share, p.share)


@judges("RF-05")
def short_period(m: Market, p: Any) -> Table:
    lots = m.lots.filter(m.lots.tender__mode.isin(COMPETITIVE))
    days = lots.documents__deadline_at.date().delta(lots.documents__issued_at.date(), unit="day")
    rows = fences(lots.mutate(documents__days=days, row_key=lots.lot_id), "documents__days", "market")
    short = rows.documents__days < rows.lower
    complete = rows.documents__days.notnull() & (rows.n >= p.sample)
    return found(rows, known(complete, short), rows.documents__days).mutate(threshold=rows.lower)


@judges("RF-06")
def opening_not_at_deadline(m: Market, p: Any) -> Table:
    lots = m.lots.filter(m.lots.tender__mode.isin(COMPETITIVE))
    seconds = lots.documents__opening_at.epoch_seconds() - lots.documents__deadline_at.epoch_seconds()
    minutes = seconds.cast("float64").abs() / 60
    return found(lots, minutes > p.minutes, minutes, p.minutes)


@judges("RF-07")
def overstated_estimate(m: Market, p: Any) -> Table:
    lots = m.lots.filter(m.lots.winner.notnull())
    saved = 1 - ratio(lots.award__price, lots.lot__estimated_price)
    return found(lots, saved >= p.share, saved * 100, p.share * 100)


@judges("RF-08")
def direct_after_failure(m: Market, p: Any) -> Table:
    lots = m.lots
    rejected = m.tables["evaluations"].filter(ibis._.all_rejected)
    rejected = rejected.group_by("lot_id").agg(
        rejected_at=ibis.coalesce(rejected.report_at, rejected.finished_at).min()
    )
    lots = left(lots, rejected, "lot_id")
    lots = lots.mutate(failed_on=ibis.coalesce(lots.lot__terminated_at, lots.rejected_at).date())
    failed = lots.filter(lots.failed_on.notnull()).select(
        "project_id", "failed_on", failed_tender="tender_id"
    )
    direct = lots.filter(lots.tender__mode.isin(CLOSED), lots.failed_on.isnull())
    direct = direct.group_by("project_id", "tender_id", "project__name", "tender__name", "tender__mode").agg(
        day=direct.day.min()
    )
    joined = direct.select("tender_id", "project_id", "day").inner_join(failed, "project_id")
    joined = joined.filter(joined.failed_tender != joined.tender_id)
    counted = joined.group_by("tender_id").agg(
        tender__failed_before=joined.failed_tender.nunique(where=joined.failed_on <= joined.day),
        elsewhere=joined.count(),
    )
    rows = left(direct, counted, "tender_id")
    rows = rows.mutate(tender__failed_before=rows.tender__failed_before.fill_null(0))
    # Two failed rounds are the usual reason to buy without competition.
    verdict = rows.tender__failed_before.between(1, p.rounds - 1)
    complete = rows.day.notnull() | rows.elsewhere.isnull()
    return found(rows, known(complete, verdict), rows.tender__failed_before, p.rounds)


@judges("RF-09")
def no_planning_papers(m: Market, p: Any) -> Table:
    projects = m.tables["projects"]
    plans = m.tables["tenders"]
    plans = plans.group_by("project_id").agg(tender__plan_published_at=plans.plan_published_at.min())
    rows = projects.select(
        project_id="id", project__name="name", project__approval_no="approval_no", project__approved_on="approved_on",
        project__approval_required="approval_required",
    )  # fmt: skip
    rows = left(rows, plans, "project_id")
    papers = (rows.project__approval_no, rows.project__approved_on, rows.tender__plan_published_at)
    gone = sum((paper.isnull().cast("int64") for paper in papers), ibis.literal(0))
    return found(rows, rows.project__approval_required & (gone >= p.least), gone, p.least)


@judges("RF-10")
def cancelled_after_opening(m: Market, p: Any) -> Table:
    lots = m.lots.filter(m.lots.lot__terminated_at.notnull())
    days = lots.lot__terminated_at.date().delta(lots.opening__actual_at.date(), unit="day")
    after = lots.lot__terminated_at > lots.opening__actual_at
    # Documents whose deadline was still to come when the lot ended: there was no opening to be after.
    unopened = lots.lot__terminated_at <= lots.documents__deadline_at
    return found(lots, ibis.coalesce(after, ~unopened & ibis.null("boolean")), days)
