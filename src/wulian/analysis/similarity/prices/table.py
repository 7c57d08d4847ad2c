"""Unit prices of all bidders side by side, without what the tender fixes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wulian.analysis.similarity.bills import Bill, Item
from wulian.analysis.similarity.findings import Evidence

CHEAP = 5.0
"""元; below it, honest unit prices coincide to the cent."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Prices:
    """Unit prices in 元 of free items, a row an item and a column a bidder; NaN where a bidder has none."""

    bidders: tuple[str, ...]
    keys: tuple[str, ...]
    sections: tuple[str, ...]
    price: Floats
    control: Floats
    items: Mapping[str, Mapping[str, tuple[Item, str]]]
    removed: int


def side_by_side(bills: Mapping[str, Sequence[Bill]], published: Sequence[Bill]) -> Prices:
    by_bidder = {
        name: {item.key: (item, bill.source) for bill in own for item in bill.items}
        for name, own in bills.items()
    }
    given = {item.key: item for bill in published for item in bill.items}
    bidders = tuple(sorted(by_bidder))
    keys, sections, rows, control = [], [], [], []
    removed = 0
    for key in dict.fromkeys(key for own in by_bidder.values() for key in own):
        owners = [by_bidder[name].get(key) for name in bidders]
        some = next(one[0] for one in owners if one)
        values = [one[0].price if one and one[0].price else math.nan for one in owners]
        known = [value for value in values if value == value and value > 0]
        own = given[key].price if key in given else None
        if (some.fixed or (key in given and given[key].fixed) or len(known) < 2 or max(known) < CHEAP
                or (len(known) > 2 and own is not None and set(known) == {own})):  # fmt: skip
            removed += 1
            continue
        keys.append(key)
        sections.append(some.section or some.sheet)
        rows.append([value if value > 0 else math.nan for value in values])
        control.append(own or math.nan)
    price = np.array(rows, dtype=np.float64).reshape(len(rows), len(bidders))
    return Prices(
        bidders, tuple(keys), tuple(sections), price, np.array(control, dtype=np.float64), by_bidder, removed
    )


def line(prices: Prices, bidder: str, key: str) -> Evidence:
    item, source = prices.items[bidder][key]
    return Evidence(
        bidder, source, f"{item.name} 单价 {item.price:,.2f} 元", place=f"{item.sheet} 第{item.row}行"
    )
