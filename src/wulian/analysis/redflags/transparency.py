"""信息完整: gaps in what was told, which hide the rest."""

from __future__ import annotations

from typing import Any

import ibis

from wulian.analysis.redflags.basis import Market, Table, known, left, ratio
from wulian.analysis.redflags.registry import found, judges


@judges("RF-97")
def gaps_of_a_lot(m: Market, p: Any) -> Table:
    lots = left(m.lots, m.turnout, "lot_id")
    decided = lots.winner.notnull() | lots.award__decided_at.notnull() | lots.award__notice_at.notnull()
    parts = {
        "招标方式": lots.tender__mode, "标段类别": ibis.coalesce(lots.lot__category, lots.lot__classification),
        "招标人": lots.buyer, "行政区划": lots.project__region_code,
        "金额": ibis.coalesce(lots.lot__estimated_price, lots.lot__ceiling_price),
        "投标数": ibis.coalesce(lots.bids__competing, lots.opening__bidder_count),
        "中标人": lots.winner, "中标价": lots.award__price, "定标时间": lots.award__decided_at,
    }  # fmt: skip
    lots = lots.mutate(
        lot__missing=_listed(parts),
        missing=sum((part.isnull().cast("int64") for part in parts.values()), ibis.literal(0)),
        decided=decided,
    )
    # A lot that was to be opened long ago: it is not decided, or its end was not told.
    opened = ibis.coalesce(lots.lot__opened_at, lots.lot__published_at).date()
    silent = ~lots.decided & (m.as_of.delta(opened, unit="day") > p.days).fill_null(False)
    verdict = lots.decided & (lots.missing >= p.least)
    return found(lots, known(~silent, verdict), lots.missing, p.least)


def _listed(parts: dict[str, Any]) -> Any:
    text: Any = ibis.literal("")
    for title, value in parts.items():
        text = text + value.isnull().ifelse(ibis.literal(title + " "), ibis.literal(""))
    return text.strip()


@judges("RF-98")
def prices_of_losers_untold(m: Market, p: Any) -> Table:
    lots = left(m.lots.filter(m.lots.winner.notnull()), m.turnout, "lot_id")
    firms = ibis.coalesce(lots.opening__bidder_count, lots.bids__competing)
    lots = lots.mutate(lot__bidders=firms)
    share = ratio(lots.bids__priced.fill_null(0), firms)
    return found(lots, known(firms.notnull(), (firms >= 2) & (share < p.share)), share * 100, p.share * 100)


@judges("RF-99")
def winner_without_identity(m: Market, p: Any) -> Table:
    parties = m.tables["parties"].select(
        supplier="id", supplier__uscc="uscc", supplier__scheme_id="scheme_id", supplier__kind="kind"
    )
    wins = m.wins.group_by("supplier").agg(party__wins=m.wins.lot_id.nunique(), day=m.wins.day.max())
    rows = m.named(left(wins, parties, "supplier").mutate(party_id=ibis._.supplier), "party_id", "party")
    # A person has no code of an organisation; of what kind a party is may be unknown.
    nobody = rows.supplier__uscc.isnull() & rows.supplier__scheme_id.isnull()
    verdict = nobody & (rows.supplier__kind != "person")
    return found(rows, verdict, rows.party__wins, 0)
