"""What is broken on purpose in the demonstration city, and where: the ground truth for the rules' tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from wulian.demo.market import Firm

SHARE = 0.08
Lot = dict[str, Any]


@dataclass(frozen=True)
class Planted:
    """One planted fact: the rule that must find it and the dossier that holds it."""

    rule: str
    project_code: str


def ring_prices(random: Random, firms: list[Firm], ceiling: float) -> list[float] | None:
    """Prices of a ring's tender: a chosen winner, its partners at regular distances above; None without a ring."""
    members = [firm for firm in firms if firm.ring]
    if not members:
        return None
    winner = random.choice(members)
    step = 1.004 if winner.ring == "B" else 1.0085
    price = ceiling * random.uniform(0.965, 0.975)
    prices = {winner.party.id: price}
    for rank, firm in enumerate([firm for firm in members if firm is not winner], 1):
        prices[firm.party.id] = min(ceiling * 0.999, price * step**rank)
    return [prices.get(firm.party.id) or ceiling * random.uniform(0.975, 0.99) for firm in firms]


def _short_period(lot: Lot) -> None:
    document = lot["documents"][0]
    document["issued_at"] = document["sale_starts_at"] = document["deadline_at"] - timedelta(days=17)
    document["sale_ends_at"] = document["issued_at"] + timedelta(days=6)
    lot["notices"][0]["published_at"] = lot["notices"][0]["platform_published_at"] = document["issued_at"]
    lot["clarifications"] = []


def _short_sale(lot: Lot) -> None:
    document = lot["documents"][0]
    document["sale_ends_at"] = document["sale_starts_at"] + timedelta(days=3)


def _large_security(lot: Lot) -> None:
    lot["bid_security_amount"] = (lot["estimated_price"] * Decimal("0.031")).quantize(Decimal("0.01"))


def _even_committee(lot: Lot) -> None:
    gone = lot["evaluation"]["members"].pop()["id"]
    lot["evaluation"]["scores"] = [score for score in lot["evaluation"]["scores"] if score["member"] != gone]


def _short_publicity(lot: Lot) -> None:
    notice = lot["notices"][1]
    notice["ends_at"] = notice["published_at"] + timedelta(days=1)


def _late_contract(lot: Lot) -> None:
    contract = lot["contracts"][0]
    delay = timedelta(days=48)
    for field in (
        "signed_at",
        "published_at",
        "post_evaluation_at",
        "performance_security_at",
        "wage_account_at",
        "permit_at",
        "started_at",
        "quality_registered_at",
    ):
        contract[field] += delay
    for bid in lot["bids"]:
        bid["security_refunded_at"] += delay


def _no_media(lot: Lot) -> None:
    lot["notices"][0]["media"] = "随州本地信息网"


def _winner_not_first(lot: Lot) -> None:
    second = lot["candidates"][1]
    lot["awards"][0].update(supplier=second["tenderer"], price=second["price"])
    lot["contracts"][0].update(
        supplier=second["tenderer"], price=second["price"], manager_name=second["manager_name"]
    )
    lot["contracts"][0]["performance_security_amount"] = (second["price"] * Decimal("0.049")).quantize(
        Decimal("0.01")
    )


def _outside_candidates(lot: Lot) -> None:
    last = min(lot["bids"], key=lambda bid: bid["score"])
    if any(candidate["tenderer"] == last["tenderer"] for candidate in lot["candidates"]):
        lot["candidates"] = [c for c in lot["candidates"] if c["tenderer"] != last["tenderer"]]
    lot["awards"][0].update(supplier=last["tenderer"], price=last["price"])
    lot["contracts"][0].update(
        supplier=last["tenderer"], price=last["price"], manager_name=last["manager_name"]
    )
    lot["contracts"][0]["performance_security_amount"] = (last["price"] * Decimal("0.049")).quantize(
        Decimal("0.01")
    )


def _same_account(lot: Lot) -> None:
    for field in ("security_account", "security_payer"):
        lot["bids"][1][field] = lot["bids"][0][field]


def _late_refund(lot: Lot) -> None:
    for bid in lot["bids"]:
        bid["security_refunded_at"] += timedelta(days=21)


def _floor_price(lot: Lot) -> None:
    lot["floor_price"] = (lot["ceiling_price"] * Decimal("0.85")).quantize(Decimal("0.01"))


def _no_validity(lot: Lot) -> None:
    lot["bid_valid_days"] = None


def _notice_during_publicity(lot: Lot) -> None:
    lot["awards"][0]["notice_at"] = lot["notices"][1]["ends_at"] - timedelta(days=1)


def _late_report(lot: Lot) -> None:
    lot["awards"][0]["report_at"] = lot["awards"][0]["decided_at"] + timedelta(days=26)


def _late_bid(lot: Lot) -> None:
    bid = lot["bids"][-1]
    bid["uploaded_at"] = lot["documents"][0]["deadline_at"] + timedelta(minutes=7)
    bid["receipt_at"] = bid["uploaded_at"] + timedelta(seconds=15)


def _not_random(lot: Lot) -> None:
    lot["evaluation"]["random_draw"] = False


def _late_clarification(lot: Lot) -> None:
    lot["clarifications"] = [
        {
            "id": "C9", "issued_at": lot["documents"][0]["deadline_at"] - timedelta(days=8), "affects_bids": True, "downloader_count": 9,
            "notified_count": 9, "content": "调整主要材料的技术参数。",
        }
    ]  # fmt: skip


def _no_objection_contact(lot: Lot) -> None:
    lot["notices"][0]["objection_contact"] = ""


def _late_filing(lot: Lot) -> None:
    acceptance = lot["contracts"][0]["acceptance"]
    acceptance["filed_at"] = acceptance["accepted_at"] + timedelta(days=40)


def _cash_only(lot: Lot) -> None:
    lot["bid_security_forms"] = "转账"


def _late_publicity(lot: Lot) -> None:
    notice = lot["notices"][1]
    delay = timedelta(days=7)
    for field in ("published_at", "platform_published_at", "ends_at"):
        notice[field] += delay
    award = lot["awards"][0]
    for field in ("decided_at", "notice_at", "loser_notice_at", "result_published_at", "report_at"):
        award[field] += delay


VIOLATIONS: dict[str, Callable[[Lot], None]] = {
    "WJ-01": _short_period, "ZB-04": _short_sale, "WJ-02": _large_security, "PB-01": _even_committee, "GS-02": _short_publicity,
    "HT-01": _late_contract, "ZB-01": _no_media, "DB-02": _winner_not_first, "DB-01": _outside_candidates, "TB-07": _same_account,
    "HT-04": _late_refund, "WJ-07": _floor_price, "WJ-06": _no_validity, "GS-05": _notice_during_publicity, "DB-07": _late_report,
    "TB-02": _late_bid, "PB-03": _not_random, "CQ-01": _late_clarification, "ZB-12": _no_objection_contact, "YG-03": _late_filing,
    "WJ-04": _cash_only, "GS-01": _late_publicity,
}  # fmt: skip
"""Rule → how it is broken; each breaks only what its rule looks at."""


def plant(random: Random, data: dict[str, Any], lot: Lot, firms: list[Firm], planted: list[Planted]) -> None:
    """Break one rule in about one dossier of twelve, in turn, so that every rule of the list is met."""
    if random.random() >= SHARE:
        return
    rule = list(VIOLATIONS)[len(planted) % len(VIOLATIONS)]
    VIOLATIONS[rule](lot)
    planted.append(Planted(rule, data["source_id"]))
