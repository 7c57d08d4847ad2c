"""Prices of bidders compared line by line, each test with its false-alarm level for the whole tender.

A pair is reported when its p-value, multiplied by all pairs and all tests that were tried (Bonferroni), is at most `ALPHA`: an
honest tender is named by one of the tests at most once in a hundred. What honest bidders share by chance (round prices, the
same quota and price sheet) is measured on the other pairs of the same tender where there are enough of them, and assumed
generously otherwise. Items whose price the tender fixes are taken away first; cents coincide below 5 元. Tests after Bajari and
Ye 2003 (residual correlation), Imhof 2017 (variance), and the practice of price cleaning; thresholds REFERENCE C.4, P-1 … P-4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wulian.analysis.similarity.bills import Bill
from wulian.analysis.similarity.findings import Outcome
from wulian.analysis.similarity.prices.level import ALPHA
from wulian.analysis.similarity.prices.pairs import ENOUGH, FEWEST_ITEMS, PairTests
from wulian.analysis.similarity.prices.slips import shared_slips
from wulian.analysis.similarity.prices.table import CHEAP, side_by_side
from wulian.analysis.similarity.prices.totals import progressions

__all__ = ["compare_prices"]


def compare_prices(bills: Mapping[str, Sequence[Bill]], published: Sequence[Bill] = ()) -> Outcome:
    """Compare the bills of the bidders; `published` are the tender's own: quantities, fixed prices, the control price."""
    bills = {name: own for name, own in bills.items() if any(bill.items for bill in own)}
    if len(bills) < 2:
        return Outcome(notes=("可读取的工程量清单不足两份，未比对报价",))
    prices = side_by_side(bills, published)
    totals = {name: max(bill.amount for bill in own) for name, own in bills.items()}
    found = [*progressions(totals), *shared_slips(prices, published)]
    items, pairs = prices.price.shape[0], len(bills) * (len(bills) - 1) // 2
    tests: list[dict[str, Any]] = [
        {
            "check": "P-1",
            "bidders": len(totals),
            "level": ALPHA,
            "found": sum(one.check == "P-1" for one in found),
        }
    ]
    notes = [f"比对清单项目 {items} 项，费率或价格固定、单价低于{CHEAP:g}元的 {prices.removed} 项已剔除"]
    if items < FEWEST_ITEMS:
        return Outcome(
            tuple(found), (*notes, f"可比的清单项目不足{FEWEST_ITEMS}项，未作单价检验"), tuple(tests)
        )
    if len(bills) < ENOUGH:
        notes.append(f"投标人不足{ENOUGH}家，偶然一致的程度按保守的假定值计，不检验扣除控制价后的相关性")
    for check, tried in PairTests(prices, pairs).run():
        found += tried
        tests.append({"check": check, "items": items, "pairs": pairs, "level": ALPHA, "found": len(tried)})
    return Outcome(tuple(found), tuple(notes), tuple(tests))
