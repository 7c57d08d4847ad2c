"""A lot from notice to evaluation, every step inside its legal period."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from wulian.demo import names
from wulian.demo.market import Expert, Firm, person_name
from wulian.demo.rings import ring_prices
from wulian.demo.setting import Lot, Setting, money

SPREAD = {"housing": 0.035, "transport": 0.03, "water": 0.045, "land": 0.05}
"""How far bids of a sector lie apart: the standard deviation of the logarithm of price to ceiling."""


@dataclass
class Turnout:
    """Who bids for a lot, and whom a ring has chosen to win it."""

    firms: list[Firm]
    chosen: Firm | None = None


def tender_lot(setting: Setting, data: dict[str, Any], lot: Lot, turnout: Turnout, issued: datetime) -> None:
    """Notice, documents, questions, bids, opening, evaluation, candidates."""
    deadline = setting.on_or_after(issued.date() + timedelta(days=setting.random.randrange(22, 28)), 9, 30)
    _announce(setting, lot, issued, deadline)
    _questions(setting, lot, turnout.firms, issued, deadline)
    _bids(setting, data, lot, turnout, deadline)
    lot["opening"] = {
        "id": "1",
        "actual_at": deadline,
        "place": f"{names.TRADING_CENTRE}三楼开标{setting.random.choice('一二三四')}室",
        "bidder_count": len(turnout.firms),
        "opened_count": len(turnout.firms),
        "record_published_at": deadline + timedelta(hours=2),
    }
    _evaluate(setting, data, lot, turnout, deadline)


def _announce(setting: Setting, lot: Lot, issued: datetime, deadline: datetime) -> None:
    random = setting.random
    sale_ends = setting.at(issued.date() + timedelta(days=5), 1, 17)
    lot["documents"] = [
        {
            "id": "1",
            "issued_at": issued,
            "sale_starts_at": issued,
            "sale_ends_at": sale_ends,
            "fee": 0,
            "deadline_at": deadline,
            "opening_at": deadline,
            "standard_text": True,
            "file_name": f"{lot['name']}招标文件.pdf",
            "file_hash": f"{random.getrandbits(256):064x}",
        }
    ]
    lot["notices"] = [
        {
            "id": "N1",
            "kind": "tender",
            "title": f"{lot['name']}招标公告",
            "published_at": issued,
            "platform_published_at": issued,
            "ends_at": sale_ends,
            "media": names.MEDIA,
            "url": f"{names.PLATFORM}notice/{lot['lot_code']}",
            "access_url": names.PLATFORM,
            "objection_contact": objection_contact(setting),
            "content_hash": f"{random.getrandbits(256):064x}",
        }
    ]


def objection_contact(setting: Setting) -> str:
    """Where an objection is received: a person and a telephone (随州 area code)."""
    number = 3_200_000 + setting.random.randrange(700_000)
    return f"{person_name(setting.random)}，0722-{number}，湖北省随州市曾都区沿河大道"


def _questions(setting: Setting, lot: Lot, firms: list[Firm], issued: datetime, deadline: datetime) -> None:
    random = setting.random
    lot["clarifications"], lot["objections"] = [], []
    day = setting.calendar.nth_working_day_before(deadline.date() - timedelta(days=17), 1)
    if random.random() < 0.25 and day > issued.date():
        holders = len(firms) + random.randrange(1, 5)
        lot["clarifications"].append(
            {
                "id": "C1",
                "issued_at": setting.moment(day, 16),
                "affects_bids": True,
                "downloader_count": holders,
                "notified_count": holders,
                "content": random.choice(names.CLARIFICATIONS),
            }
        )
    if random.random() < 0.06:
        received = setting.at(issued.date() + timedelta(days=2), 1, 10)
        if (deadline - received).days > 11:
            lot["objections"].append(_objection("bidding_documents", random.choice(firms).party.id, received))


def _objection(target: str, objector: str, received: datetime) -> dict[str, Any]:
    return {
        "id": f"O-{target}",
        "target": target,
        "objector": objector,
        "received_at": received,
        "replied_at": received + timedelta(days=1, hours=6),
        "on_platform": True,
        "content": names.OBJECTIONS[target],
    }


def _bids(setting: Setting, data: dict[str, Any], lot: Lot, turnout: Turnout, deadline: datetime) -> None:
    random = setting.random
    ceiling = float(lot["ceiling_price"])
    prices = ring_prices(random, turnout.firms, turnout.chosen, ceiling) or [
        ceiling * _discount(setting, firm) for firm in turnout.firms
    ]
    lot["bids"] = []
    for number, (firm, price) in enumerate(zip(turnout.firms, prices, strict=True), 1):
        data["parties"].append(firm.party.model_dump())
        lot["bids"].append(_bid(setting, lot, firm, number, min(price, ceiling * 0.998), deadline))


def _discount(setting: Setting, firm: Firm) -> float:
    """Price to ceiling: lognormal, a stronger firm lower, never above the ceiling nor below seven tenths of it."""
    centre = math.log(0.93 - 0.008 * firm.strength)
    return min(0.997, max(0.7, setting.random.lognormvariate(centre, SPREAD[firm.sector])))


def _bid(
    setting: Setting, lot: Lot, firm: Firm, number: int, price: float, deadline: datetime
) -> dict[str, Any]:
    random = setting.random
    uploaded = deadline - timedelta(minutes=random.randrange(40, 3 * 24 * 60), seconds=random.randrange(60))
    manager = random.choice(firm.managers)
    return {
        "id": f"B{number}",
        "tenderer": firm.party.id,
        "status": "valid",
        "uploaded_at": uploaded,
        "receipt_at": uploaded + timedelta(seconds=random.randrange(3, 40)),
        "encrypted": True,
        "accepted": True,
        "decrypted_at": deadline + timedelta(minutes=3 + number),
        "price": money(price, 1) + Decimal(random.randrange(100)) / 100,
        "duration_days": random.choice((180, 240, 300, 365)),
        "quality": "合格",
        "manager_name": manager[0],
        "manager_id_hash": manager[1],
        "manager_certificate": manager[2],
        "contact_name": firm.contact[0],
        "contact_phone": firm.contact[1],
        "contact_email": firm.contact[2],
        "security_form": "转账",
        "security_amount": lot["bid_security_amount"],
        "security_payer": firm.party.name,
        "security_account": firm.account,
        "security_basic_account": True,
        "security_paid_at": uploaded - timedelta(days=1),
        **firm.device,
        "device_file_code": f"{random.getrandbits(64):016X}",
    }


def _evaluate(setting: Setting, data: dict[str, Any], lot: Lot, turnout: Turnout, opened: datetime) -> None:
    random = setting.random
    experts = random.sample(setting.market.experts[turnout.firms[0].sector], 4)
    members = [_representative(setting, data["parties"][0]["name"])]
    members += [_member(setting, number, expert) for number, expert in enumerate(experts, 2)]
    finished = opened + timedelta(hours=4, minutes=random.randrange(120))
    lot["evaluation"] = {
        "id": "1",
        "drawn_at": opened - timedelta(hours=2),
        "random_draw": True,
        "list_read_early": False,
        "started_at": opened + timedelta(hours=1),
        "finished_at": finished,
        "report_at": finished + timedelta(minutes=30),
        "report_received_at": finished + timedelta(minutes=40),
        "reviewed_at": setting.moment(finished.date(), 17, 30),
        "members": members,
        "scores": _scores(setting, lot, members, turnout),
    }
    ranked = sorted(lot["bids"], key=lambda bid: -bid["score"])[:3]
    lot["candidates"] = [
        {
            "id": f"K{rank}",
            "rank": rank,
            "tenderer": bid["tenderer"],
            "price": bid["price"],
            "manager_name": bid["manager_name"],
            "manager_certificate": bid["manager_certificate"],
        }
        for rank, bid in enumerate(ranked, 1)
    ]
    _publish_candidates(setting, lot, finished)


def _representative(setting: Setting, employer: str) -> dict[str, Any]:
    return {
        "id": "M1",
        "name": person_name(setting.random),
        "id_hash": f"{setting.random.getrandbits(128):032x}",
        "kind": "representative",
        "employer": employer,
        "signed": True,
    }


def _member(setting: Setting, number: int, expert: Expert) -> dict[str, Any]:
    return {
        "id": f"M{number}",
        "name": expert.name,
        "id_hash": expert.id_hash,
        "kind": "expert",
        "employer": expert.employer,
        "pool": "湖北省综合评标专家库",
        "pool_approved": True,
        "draw_no": f"CQ{setting.random.randrange(10**8):08d}",
        "signed": True,
    }


def _scores(
    setting: Setting, lot: Lot, members: list[dict[str, Any]], turnout: Turnout
) -> list[dict[str, Any]]:
    """Sixty for the price, forty for the rest; a ring's chosen winner has the best proposal as well."""
    random = setting.random
    lowest = min(bid["price"] for bid in lot["bids"])
    scores = []
    for bid in lot["bids"]:
        chosen = turnout.chosen is not None and bid["tenderer"] == turnout.chosen.party.id
        price_score = (Decimal(60) * lowest / bid["price"]).quantize(Decimal("0.01"))
        quality = Decimal(random.randrange(2700, 3400)) / 100 if not chosen else Decimal("35.60")
        bid["score"] = (price_score + quality).quantize(Decimal("0.01"))
        for member in members if setting.scores else ():
            subjective = quality + Decimal(random.randrange(-80, 80)) / 100
            scores += [
                _score(member, bid, "投标报价", True, 60, price_score),
                _score(member, bid, "施工组织设计", False, 40, subjective),
            ]
    return scores


def _score(
    member: dict[str, Any], bid: dict[str, Any], item: str, objective: bool, weight: int, score: Decimal
) -> dict[str, Any]:
    return {
        "id": f"{member['id']}-{bid['id']}-{1 if objective else 2}",
        "member": member["id"],
        "bid": bid["id"],
        "item": item,
        "objective": objective,
        "in_documents": True,
        "weight": weight,
        "score": score,
    }


def _publish_candidates(setting: Setting, lot: Lot, report: datetime) -> None:
    published = setting.within(report.date(), 1, 3, 15)
    closes = setting.on_or_after(published.date() + timedelta(days=4), 17)
    lot["notices"].append(
        {
            "id": "N2",
            "kind": "candidates",
            "title": f"{lot['name']}中标候选人公示",
            "published_at": published,
            "platform_published_at": published,
            "ends_at": closes,
            "media": names.MEDIA,
            "url": f"{names.PLATFORM}candidates/{lot['lot_code']}",
            "access_url": names.PLATFORM,
            "objection_contact": objection_contact(setting),
        }
    )
    if setting.random.random() < 0.08:
        objector = setting.random.choice(lot["bids"])["tenderer"]
        lot["objections"].append(_objection("evaluation", objector, published + timedelta(hours=19)))
