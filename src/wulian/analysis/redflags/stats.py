"""Quantiles and shares in plain windows and sums, so that every engine gives the same number."""

from __future__ import annotations

from typing import Any

import ibis

from wulian.analysis.redflags.basis import Table, left, number, ratio


def quantiles(rows: Table, value: str, by: str, **wanted: float) -> Table:
    """Return one row a value of `by` with ``n`` and each wanted quantile (type R8, as the Cardinal library's)."""
    rows = rows.filter(rows[value].notnull()).select(by, value, "row_key")
    order: Any = {"group_by": by, "order_by": [value, "row_key"]}
    rows = rows.mutate(
        place=ibis.row_number().over(**order) + 1, n=rows.count().over(ibis.window(group_by=by))
    )
    found = {"n": rows.n.max()}
    for name, share in wanted.items():
        position = (number(rows.n) + 1 / 3) * share + 1 / 3
        floor = position.floor()
        low = rows[value].max(where=rows.place == floor)
        high = rows[value].max(where=rows.place == floor + 1)
        part = (position - floor).max()
        # Beyond the first and the last value the nearest one stands.
        low, high = ibis.coalesce(low, rows[value].min()), ibis.coalesce(high, rows[value].max())
        found[name] = number(low) + part * (number(high) - number(low))
    return rows.group_by(by).agg(**found)


def fences(rows: Table, value: str, by: str, reach: float = 1.5) -> Table:
    """Add ``n``, ``lower`` and ``upper``: quartile ∓ `reach` × interquartile range of `value` among rows of the same `by`."""
    found = quantiles(rows, value, by, q1=0.25, q3=0.75)
    spread = found.q3 - found.q1
    found = found.mutate(lower=found.q1 - reach * spread, upper=found.q3 + reach * spread)
    return left(rows, found.select(by, "n", "lower", "upper"), by)


def concentration(rows: Table, whole: str, part: str, amount: str | None = None) -> Table:
    """Return one row a `whole` and a `part` it met: lots of both, of each, of the market, shares and lift over chance.

    `rows` has one row a lot; with `amount`, ``amount_share`` is the part's share of the whole's money (null when some is not
    known).
    """
    rows = rows.filter(rows[whole].notnull())
    everything = rows.agg(all_lots=rows.lot_id.nunique())
    of_whole = rows.group_by(whole).agg(
        whole_lots=rows.lot_id.nunique(), lacking=rows.count(where=rows[part].isnull())
    )
    rows = rows.filter(rows[part].notnull())
    of_part = rows.group_by(part).agg(part_lots=rows.lot_id.nunique())
    sums = (
        {"money": rows[amount].sum(), "priceless": rows.count(where=rows[amount].isnull())} if amount else {}
    )
    both = rows.group_by(whole, part).agg(both_lots=rows.lot_id.nunique(), day=rows.day.max(), **sums)
    both = left(left(both, of_whole, whole), of_part, part).cross_join(everything)
    if amount:
        total = both.group_by(whole).agg(all_money=both.money.sum(), all_priceless=both.priceless.sum())
        both = left(both, total, whole)
        share = ratio(both.money, both.all_money)
        both = both.mutate(amount_share=(both.all_priceless == 0).ifelse(share, ibis.null("float64")))
    return both.mutate(
        share_of_whole=ratio(both.both_lots, both.whole_lots),
        share_of_part=ratio(both.both_lots, both.part_lots),
        lift=ratio(number(both.both_lots) * both.all_lots, number(both.whole_lots) * both.part_lots),
    )
