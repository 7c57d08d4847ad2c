"""Errors in bills that bidders share (P-4): wrong products, wrong quantities, omitted items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from wulian.analysis.similarity.bills import Bill
from wulian.analysis.similarity.findings import Evidence, Finding, State, exclusions
from wulian.analysis.similarity.prices.table import Prices

SHOWN = 8
_FROM_TENDER = "错误来自招标工程量清单"


def shared_slips(prices: Prices, published: Sequence[Bill]) -> Iterator[Finding]:
    """P-4: the same wrong product, a wrong quantity, an omitted item, that others and the tender do not have."""
    given = {item.key: item for bill in published for item in bill.items}
    made: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    everywhere = {key for own in prices.items.values() for key in own} | set(given)
    for bidder in prices.bidders:
        own = prices.items[bidder]
        for key in everywhere:
            item = own[key][0] if key in own else None
            if item is None:
                made["漏项", key, ""].append(bidder)
                continue
            if item.quantity and item.price and item.total is not None:
                off = round(item.total - item.quantity * item.price, 2)
                if abs(off) > max(0.02, 0.006 * abs(item.quantity)):
                    made["合价计算错误", key, f"{item.total:.2f}"].append(bidder)
            expected = given[key].quantity if key in given else _usual_quantity(prices, key)
            if expected and item.quantity and abs(item.quantity - expected) > 1e-6 * abs(expected):
                made["工程量错误", key, f"{item.quantity:g}"].append(bidder)
    most = max(2, (len(prices.bidders) - 1) // 2)
    shared: dict[tuple[str, ...], list[tuple[str, str, str]]] = defaultdict(list)
    for error, who in made.items():
        if 2 <= len(who) <= most and (error[0] != "漏项" or len(prices.bidders) > 2):
            shared[tuple(who)].append(error)
    for subjects, errors in shared.items():
        yield _error_finding(prices, subjects, errors, bool(given))


def _usual_quantity(prices: Prices, key: str) -> float | None:
    """Without the tender's bill, the quantity that more than half of at least four bidders have."""
    values = [own[key][0].quantity for own in prices.items.values() if key in own]
    if len(values) < 4:
        return None
    usual = max(set(values), key=values.count)
    return usual if values.count(usual) > len(values) / 2 else None


def _error_finding(
    prices: Prices, subjects: tuple[str, ...], errors: list[tuple[str, str, str]], with_tender: bool
) -> Finding:
    kinds = {kind: sum(error[0] == kind for error in errors) for kind in dict.fromkeys(e[0] for e in errors)}
    evidence = []
    for kind, key, value in errors[:SHOWN]:
        for name in subjects:
            found = prices.items[name].get(key)
            known = (
                found or next(own[key] for own in prices.items.values() if key in own)
                if _anywhere(prices, key)
                else None
            )
            title = known[0].name if known else key
            place = f"{found[0].sheet} 第{found[0].row}行" if found else ""
            evidence.append(
                Evidence(name, found[1] if found else "", f"{title}：{kind} {value}".strip(), place=place)
            )
    tested: dict[str, tuple[State, str]] = (
        {_FROM_TENDER: ("ruled_out", "与招标工程量清单核对")} if with_tender else {}
    )
    return Finding(
        "P-4", subjects, "、".join(f"{kind}{count}处" for kind, count in kinds.items()), "hint", tuple(evidence),
        exclusions("P-4", tested), strong=kinds.get("合价计算错误", 0) > 0 or len(errors) >= 3, weight=float(len(errors)),
        threshold="其余投标人和招标工程量清单没有同样的错误",
    )  # fmt: skip


def _anywhere(prices: Prices, key: str) -> bool:
    return any(key in own for own in prices.items.values())
