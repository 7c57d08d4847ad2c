"""A lot from award to acceptance, every step inside its legal period."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from wulian.demo import names
from wulian.demo.setting import Lot, Setting, money

PAYMENTS = 6
RETENTION = Decimal("0.03")
FINAL_PAYMENT = "竣工结算款（质量保证金除外）"
SETTLED = timedelta(days=33)
"""From the end of the works to the reviewed settlement."""


def award_lot(setting: Setting, lot: Lot) -> None:
    """The first candidate wins; notice, report, contract, refunds."""
    winner = max(lot["bids"], key=lambda bid: bid["score"])
    decided = setting.at(lot["notices"][1]["ends_at"].date(), 1, 10)
    lot["awards"] = [
        {
            "id": "1",
            "supplier": winner["tenderer"],
            "price": winner["price"],
            "status": "active",
            "decided_at": decided,
            "notice_at": decided + timedelta(hours=1),
            "loser_notice_at": decided + timedelta(hours=1),
            "result_published_at": decided + timedelta(hours=2),
            "report_at": setting.within(decided.date(), 4, 14, 11),
        }
    ]
    signed = setting.within(decided.date(), setting.random.randrange(3, 15), 29, 15)
    for bid in lot["bids"]:
        bid["security_refunded_at"] = setting.within(signed.date(), 2, 4, 10)
    lot["contracts"] = [_contract(setting, lot, winner, signed)]


def give_to(lot: Lot, bid: dict[str, Any]) -> None:
    """Make ``bid`` the winner, in award and contract alike."""
    lot["awards"][0].update(supplier=bid["tenderer"], price=bid["price"])
    contract = lot["contracts"][0]
    contract.update(
        supplier=bid["tenderer"],
        price=bid["price"],
        manager_name=bid["manager_name"],
        duration_days=bid["duration_days"],
        performance_security_amount=_security(lot, bid["price"]),
    )


def _security(lot: Lot, price: Decimal) -> Decimal:
    return money(float(price) * float(lot["performance_security_ratio"]) * 0.99)


def _contract(setting: Setting, lot: Lot, winner: dict[str, Any], signed: datetime) -> dict[str, Any]:
    random, price = setting.random, winner["price"]
    started = setting.at(signed.date(), random.randrange(8, 20), 8)
    finished = started + timedelta(days=winner["duration_days"] - random.randrange(0, 20))
    amendments = _amendments(setting, started, finished, price)
    settled = price * Decimal(random.randrange(985, 1005)) / 1000 + sum(row["amount"] for row in amendments)
    return {
        "id": "1",
        "contract_no": f"HT-{lot['lot_code'][-12:]}",
        "supplier": winner["tenderer"],
        "signed_at": signed,
        "price": price,
        "duration_days": winner["duration_days"],
        "manager_name": winner["manager_name"],
        "performance_security_required": True,
        "performance_security_amount": _security(lot, price),
        "performance_security_at": signed - timedelta(days=1),
        "payment_guarantee_no": f"ZFDB{random.randrange(10**8):08d}",
        "labour_cycle_days": 30,
        "payment_term_days": 30,
        "retention_ratio": RETENTION,
        "published_at": signed + timedelta(hours=1),
        "post_evaluation_at": setting.within(signed.date(), 12, 29, 9),
        "permit_no": f"4213{started:%Y%m%d}{random.randrange(100):02d}01",
        "permit_at": started - timedelta(days=3),
        "started_at": started,
        "quality_registered_at": started - timedelta(days=5),
        "wage_account_at": setting.within(signed.date(), 6, 29, 9),
        "wage_deposit_no": f"GZBZJ{random.randrange(10**7):07d}",
        "amendments": amendments,
        "implementation": _payments(started, finished, price, money(settled)),
        "acceptance": _acceptance(finished, money(settled)),
    }


def _amendments(
    setting: Setting, started: datetime, finished: datetime, price: Decimal
) -> list[dict[str, Any]]:
    """Sometimes one or two approved changes, each below five per cent of the price."""
    random = setting.random
    count = random.choice((1, 1, 2)) if random.random() < 0.22 else 0
    span = (finished - started).days
    return [
        {
            "id": f"A{number}",
            "amended_at": setting.on_or_after(
                (started + timedelta(days=span * number // (count + 1))).date(), 10
            ),
            "kind": "工程变更",
            "amount": money(float(price) * random.uniform(0.006, 0.03)),
            "reason": random.choice(names.AMENDMENTS),
            "approved_by": "项目单位及原概算审批部门",
        }
        for number in range(1, count + 1)
    ]


def _payments(
    started: datetime, finished: datetime, price: Decimal, settled: Decimal
) -> list[dict[str, Any]]:
    """Eighty per cent while building, the rest but the retention after the settlement."""
    every, part = (finished - started) / PAYMENTS, money(float(price) * 0.8 / PAYMENTS)
    moments = [
        (started + every * number).replace(minute=0, second=0, microsecond=0)
        for number in range(1, PAYMENTS + 1)
    ]
    rows = [(moment, part, f"第{number}期进度款") for number, moment in enumerate(moments, 1)]
    last = money(settled * (1 - RETENTION)) - part * PAYMENTS
    rows.append((finished + SETTLED + timedelta(days=12), last, FINAL_PAYMENT))
    return [
        {
            "id": f"P{number}",
            "kind": "payment",
            "occurred_at": moment,
            "amount": amount,
            "approved": True,
            "description": words,
        }
        for number, (moment, amount, words) in enumerate(rows, 1)
    ]


def _acceptance(finished: datetime, settled: Decimal) -> dict[str, Any]:
    return {
        "id": "1",
        "report_at": finished,
        "accepted_at": finished + timedelta(days=4),
        "filed_at": finished + timedelta(days=12),
        "settlement_submitted_at": finished + timedelta(days=15),
        "settlement_reviewed_at": finished + SETTLED,
        "settlement_amount": settled,
        "paid_ratio": 1 - RETENTION,
        "archived_at": finished + timedelta(days=80),
    }
