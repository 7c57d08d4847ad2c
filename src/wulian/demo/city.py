"""Generates dossiers of a believable city: the same seed gives the same bytes.

A clean dossier keeps every rule of the catalogue; :mod:`wulian.demo.planted` then breaks one in some of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from wulian.demo import names
from wulian.demo.market import Expert, Firm, Market, build_market, owner_of, person_name
from wulian.demo.planted import Planted, plant, ring_prices
from wulian.exchange.records import BEIJING, DossierRecord
from wulian.law.calendar import LegalCalendar, packaged_calendar

YEARS = 3
SOURCE = "随州市公共资源电子交易系统（演示）"
SIZES = {"housing": (4.2e6, 9e7), "transport": (4.5e6, 2.2e8), "water": (4.2e6, 6e7), "land": (4.1e6, 4e7)}
SECTORS = ("housing", "housing", "transport", "water", "land")


@dataclass
class Setting:
    """What every dossier of one city shares."""

    random: Random
    market: Market
    calendar: LegalCalendar
    until: datetime


def city(
    *, seed: int = 2024, projects: int = 300, until: date, planted: list[Planted] | None = None
) -> Iterator[DossierRecord]:
    """Yield ``projects`` dossiers approved in the three years before ``until``; what was broken is added to ``planted``."""
    random = Random(seed)
    setting = Setting(
        random, build_market(random), packaged_calendar(), datetime.combine(until, time(17), BEIJING)
    )
    for number in range(projects):
        yield one_dossier(setting, number, projects, planted if planted is not None else [])


def one_dossier(setting: Setting, number: int, projects: int, planted: list[Planted]) -> DossierRecord:
    random = setting.random
    sector = random.choice(SECTORS)
    region = random.choice(tuple(names.REGIONS))
    town = random.choice(names.TOWNS[region])
    first = setting.until.date() - timedelta(days=365 * YEARS)
    approved = first + timedelta(days=int(365 * YEARS * (number + random.random()) / projects))
    data = _project(setting, number, sector, region, town, approved)
    firms = _bidders(
        setting, sector, ring="" if random.random() > 0.22 else {"housing": "A", "water": "B"}.get(sector, "")
    )
    lot = data["project"]["tenders"][0]["lots"][0]
    experts = random.sample(setting.market.experts[sector], 5)
    _procure(setting, data, lot, firms, experts, _at(setting, approved, random.randrange(10, 35), 9))
    plant(random, data, lot, firms, planted)
    data["parties"] = list({party["id"]: party for party in data["parties"]}.values())
    _cut_at(data, setting.until)
    return DossierRecord.model_validate(data)


def _at(setting: Setting, day: date, working_days: int, hour: int, minute: int = 0) -> datetime:
    """``hour:minute`` of the n-th working day after ``day``."""
    return datetime.combine(
        setting.calendar.nth_working_day_after(day, working_days), time(hour, minute), BEIJING
    )


def _money(value: float, step: int = 100) -> Decimal:
    return Decimal(round(value / step) * step).quantize(Decimal("0.01"))


def _project(
    setting: Setting, number: int, sector: str, region: str, town: str, approved: date
) -> dict[str, Any]:
    random, market = setting.random, setting.market
    owner = owner_of(market, random, sector, region, town)
    agency = random.choice(market.agencies)
    low, high = SIZES[sector]
    estimate = float(_money(low * (high / low) ** (random.random() ** 2), 10_000))
    code = f"{approved:%y%m}-{region}-04-01-{100000 + (number * 7919) % 900000:06d}"
    name = random.choice(names.SUBJECTS[sector]).format(region=names.REGIONS[region], town=town)
    if number >= 300:
        name = f"{name}（{number // 300 + 1}期）"
    total = _money(estimate * random.uniform(1.15, 1.5), 10_000)
    budget = _money(float(total) * random.uniform(0.96, 1.05), 10_000)
    lot = {
        "id": "1",
        "lot_code": f"E{region}{4213}{number:06d}001",
        "name": f"{name}施工",
        "category": "works",
        "classification": {"housing": "A01", "transport": "A03", "water": "A07", "land": "A99"}[sector],
        "estimated_price": _money(estimate, 10_000),
        "ceiling_price": _money(estimate * random.uniform(0.95, 0.995)),
        "ceiling_stated": True,
        "has_reserve_price": False,
        "consortium_allowed": random.random() < 0.2,
        "bid_valid_days": 90,
        "bid_security_valid_days": 90,
        "bid_security_amount": _money(min(estimate * random.uniform(0.012, 0.019), 800_000), 1000),
        "bid_security_forms": "转账;银行保函;电子保函",
        "performance_security_ratio": Decimal("0.1") if random.random() < 0.3 else Decimal("0.05"),
        "status": "active",
    }
    tender = {
        "id": "1",
        "tender_code": f"E{region}{4213}{number:06d}",
        "name": name,
        "description": f"{name}的全部施工内容，详见工程量清单和图纸。",
        "procuring_entity": owner.id,
        "agency": agency.id,
        "agency_contract_no": f"DL{approved:%Y}-{number:05d}",
        "mode": "open",
        "org_form": "entrusted",
        "must_tender": True,
        "fair_review_no": f"公竞审〔{approved:%Y}〕{number % 300 + 1}号",
        "supervising_authority": names.AUTHORITIES[sector],
        "plan_published_at": _at(setting, approved, 1, 10),
        "lots": [lot],
    }
    project = {
        "id": code,
        "project_code": code,
        "name": name,
        "owner": owner.id,
        "sector": sector,
        "region_code": region,
        "address": f"湖北省随州市{names.REGIONS[region]}{town}",
        "approval_type": "approval",
        "approval_required": True,
        "approval_no": f"随发改审批〔{approved:%Y}〕{number % 500 + 1}号",
        "approved_on": approved,
        "approval_org": "随州市发展和改革委员会",
        "approved_mode": "open",
        "approved_org_form": "entrusted",
        "total_investment": total,
        "estimate": total,
        "budget": budget,
        "budget_funds": _money(float(total) * random.uniform(0.3, 1.0), 10_000),
        "fund_sources": random.choice(
            ("财政资金", "财政资金;专项债券", "国有企业自筹", "中央预算内投资;地方配套")
        ),
        "state_dominant": True,
        "gov_investment": True,
        "is_key_project": estimate > 8e7,
        "funds_confirmed": True,
        "tenders": [tender],
    }
    return {
        "source_system": SOURCE,
        "source_id": code,
        "parties": [owner.model_dump(), agency.model_dump()],
        "project": project,
    }


def _bidders(setting: Setting, sector: str, ring: str) -> list[Firm]:
    """Three to nine firms; a ring bids together with one or two outsiders."""
    random = setting.random
    pool = setting.market.firms[sector]
    outsiders = [firm for firm in pool if not firm.ring]
    if ring:
        return [firm for firm in pool if firm.ring == ring] + random.sample(outsiders, random.choice((1, 2)))
    return random.sample(outsiders, random.choice((3, 4, 4, 5, 5, 6, 6, 7, 8, 9)))


def _procure(
    setting: Setting,
    data: dict[str, Any],
    lot: dict[str, Any],
    firms: list[Firm],
    experts: list[Expert],
    issued: datetime,
) -> None:
    """Walk the lot from notice to acceptance, every step inside its legal period."""
    random = setting.random
    deadline = _at(setting, issued.date() + timedelta(days=random.randrange(21, 27)), 1, 9, 30)
    lot["documents"] = [
        {
            "id": "1", "issued_at": issued, "sale_starts_at": issued, "sale_ends_at": _at(setting, issued.date() + timedelta(days=5), 1, 17),
            "fee": 0, "deadline_at": deadline, "opening_at": deadline, "standard_text": True, "file_name": f"{lot['name']}招标文件.pdf",
            "file_hash": f"{random.getrandbits(256):064x}",
        }
    ]  # fmt: skip
    notice = {
        "id": "N1", "kind": "tender", "title": f"{lot['name']}招标公告", "published_at": issued, "platform_published_at": issued,
        "ends_at": lot["documents"][0]["sale_ends_at"], "media": names.MEDIA, "url": f"{names.PLATFORM}notice/{lot['lot_code']}",
        "access_url": names.PLATFORM, "objection_contact": "招标人联系人 0722-3590000，随州市曾都区沿河大道", "content_hash": f"{random.getrandbits(256):064x}",
    }  # fmt: skip
    lot["notices"] = [notice]
    if random.random() < 0.25:
        lot["clarifications"] = [
            {
                "id": "C1", "issued_at": _at(setting, deadline.date() - timedelta(days=18), 0, 16), "affects_bids": True,
                "downloader_count": len(firms) + 3, "notified_count": len(firms) + 3, "content": "对工程量清单第3章节计量规则予以澄清。",
            }
        ]  # fmt: skip
    _bids(setting, data, lot, firms, deadline)
    lot["opening"] = {
        "id": "1", "actual_at": deadline, "place": "随州市公共资源交易中心三楼开标一室", "bidder_count": len(firms), "opened_count": len(firms),
        "record_published_at": deadline + timedelta(hours=2),
    }  # fmt: skip
    report = _evaluate(setting, lot, experts, deadline)
    _award(setting, lot, report)


def _bids(
    setting: Setting, data: dict[str, Any], lot: dict[str, Any], firms: list[Firm], deadline: datetime
) -> None:
    random = setting.random
    ceiling = float(lot["ceiling_price"])
    spread = {"housing": 0.035, "transport": 0.03, "water": 0.045, "land": 0.05}[firms[0].sector]
    prices = ring_prices(random, firms, ceiling) or [
        ceiling * (1 - min(0.3, abs(random.gauss(0.06 + 0.01 * firm.strength, spread)))) for firm in firms
    ]
    lot["bids"] = []
    for number, (firm, price) in enumerate(zip(firms, prices, strict=True), 1):
        data["parties"].append(firm.party.model_dump())
        uploaded = deadline - timedelta(
            minutes=random.randrange(40, 3 * 24 * 60), seconds=random.randrange(60)
        )
        manager = random.choice(firm.managers)
        lot["bids"].append(
            {
                "id": f"B{number}", "tenderer": firm.party.id, "status": "valid", "uploaded_at": uploaded, "receipt_at": uploaded + timedelta(seconds=20),
                "encrypted": True, "accepted": True, "decrypted_at": deadline + timedelta(minutes=3 + number), "price": _money(price, 1) + Decimal(random.randrange(100)) / 100,
                "duration_days": random.choice((180, 240, 300, 365)), "quality": "合格", "manager_name": manager[0], "manager_id_hash": manager[1],
                "manager_certificate": manager[2], "contact_name": person_name(random), "contact_phone": f"1{random.choice('3578')}{random.randrange(10**9):09d}",
                "contact_email": f"{firm.party.id[-6:].lower()}@{firm.party.id[8:12].lower()}.example",
                "security_form": "转账", "security_amount": lot["bid_security_amount"], "security_payer": firm.party.name,
                "security_account": firm.account, "security_basic_account": True, "security_paid_at": uploaded - timedelta(days=1),
                **firm.device, "device_file_code": f"{random.getrandbits(64):016X}",
            }
        )  # fmt: skip


def _evaluate(setting: Setting, lot: dict[str, Any], experts: list[Expert], opened: datetime) -> datetime:
    random = setting.random
    started, ended = opened + timedelta(hours=1), opened + timedelta(hours=4, minutes=random.randrange(120))
    members = [
        {
            "id": f"M{n}", "name": expert.name, "id_hash": expert.id_hash, "kind": "expert" if n > 1 else "representative", "employer": expert.employer,
            "pool": "湖北省综合评标专家库" if n > 1 else "", "pool_approved": True if n > 1 else None, "draw_no": f"CQ{random.randrange(10**8):08d}" if n > 1 else "",
            "signed": True,
        }
        for n, expert in enumerate(experts, 1)
    ]  # fmt: skip
    lowest = min(bid["price"] for bid in lot["bids"])
    scores = []
    for bid in lot["bids"]:
        price_score = (Decimal(60) * lowest / bid["price"]).quantize(Decimal("0.01"))
        quality = Decimal(random.randrange(2700, 3600)) / 100
        for member in members:
            subjective = (quality + Decimal(random.randrange(-80, 80)) / 100).quantize(Decimal("0.01"))
            scores += [
                {"id": f"{member['id']}-{bid['id']}-1", "member": member["id"], "bid": bid["id"], "item": "投标报价", "objective": True, "in_documents": True, "weight": 60, "score": price_score},
                {"id": f"{member['id']}-{bid['id']}-2", "member": member["id"], "bid": bid["id"], "item": "施工组织设计", "objective": False, "in_documents": True, "weight": 40, "score": subjective},
            ]  # fmt: skip
        bid["score"] = (price_score + quality).quantize(Decimal("0.01"))
    lot["evaluation"] = {
        "id": "1", "drawn_at": opened - timedelta(hours=2), "random_draw": True, "list_read_early": False, "started_at": started, "finished_at": ended,
        "report_at": ended + timedelta(minutes=30), "report_received_at": ended + timedelta(minutes=40), "reviewed_at": _at(setting, ended.date(), 1, 10),
        "members": members, "scores": scores,
    }  # fmt: skip
    ranked = sorted(lot["bids"], key=lambda bid: -bid["score"])[:3]
    lot["candidates"] = [
        {"id": f"K{rank}", "rank": rank, "tenderer": bid["tenderer"], "price": bid["price"], "manager_name": bid["manager_name"], "manager_certificate": bid["manager_certificate"]}
        for rank, bid in enumerate(ranked, 1)
    ]  # fmt: skip
    return ended


def _award(setting: Setting, lot: dict[str, Any], report: datetime) -> None:
    random = setting.random
    winner = max(lot["bids"], key=lambda bid: bid["score"])
    published = _at(setting, report.date(), 1, 15)
    closes = datetime.combine(
        setting.calendar.working_day_on_or_after(published.date() + timedelta(days=4)), time(17), BEIJING
    )
    lot["notices"].append(
        {
            "id": "N2", "kind": "candidates", "title": f"{lot['name']}中标候选人公示", "published_at": published, "platform_published_at": published,
            "ends_at": closes, "media": names.MEDIA, "url": f"{names.PLATFORM}candidates/{lot['lot_code']}", "access_url": names.PLATFORM,
            "objection_contact": "招标人联系人 0722-3590000，随州市曾都区沿河大道",
        }
    )  # fmt: skip
    decided = _at(setting, closes.date(), 1, 10)
    signed = _at(setting, decided.date(), random.randrange(3, 16), 15)
    price = winner["price"]
    lot["awards"] = [
        {
            "id": "1", "supplier": winner["tenderer"], "price": price, "status": "active", "decided_at": decided, "notice_at": decided + timedelta(hours=1),
            "loser_notice_at": decided + timedelta(hours=1), "result_published_at": decided + timedelta(hours=2), "report_at": _at(setting, decided.date(), 5, 11),
        }
    ]  # fmt: skip
    refunded = _at(setting, signed.date(), 2, 10)
    for bid in lot["bids"]:
        bid["security_refunded_at"] = refunded
    started = _at(setting, signed.date(), random.randrange(8, 20), 8)
    finished = started + timedelta(days=winner["duration_days"] - random.randrange(0, 20))
    contract: dict[str, Any] = {
        "id": "1", "contract_no": f"HT-{lot['lot_code'][-12:]}", "supplier": winner["tenderer"], "signed_at": signed, "price": price, "duration_days": winner["duration_days"],
        "manager_name": winner["manager_name"], "performance_security_required": True, "performance_security_amount": _money(float(price) * float(lot["performance_security_ratio"]) * 0.99),
        "performance_security_at": signed - timedelta(days=1), "payment_guarantee_no": f"ZFDB{random.randrange(10**8):08d}", "labour_cycle_days": 30, "payment_term_days": 30,
        "retention_ratio": Decimal("0.03"), "published_at": _at(setting, signed.date(), 2, 9), "post_evaluation_at": _at(setting, signed.date(), 12, 9),
        "permit_no": f"4213{started:%Y%m%d}{random.randrange(100):02d}01", "permit_at": started - timedelta(days=3), "started_at": started,
        "quality_registered_at": started - timedelta(days=5), "wage_account_at": _at(setting, signed.date(), 6, 9), "wage_deposit_no": f"GZBZJ{random.randrange(10**7):07d}",
        "implementation": [
            {"id": f"P{n}", "kind": "payment", "occurred_at": started + timedelta(days=30 * n), "amount": _money(float(price) * 0.8 / 6), "approved": True, "description": f"第{n}期进度款"}
            for n in range(1, 7)
        ],
        "acceptance": {
            "id": "1", "report_at": finished, "accepted_at": finished + timedelta(days=4), "filed_at": finished + timedelta(days=12), "settlement_submitted_at": finished + timedelta(days=15),
            "settlement_reviewed_at": finished + timedelta(days=33), "settlement_amount": _money(float(price) * random.uniform(0.98, 1.03)), "archived_at": finished + timedelta(days=80),
        },
    }  # fmt: skip
    lot["contracts"] = [contract]


_STEP_TIMES = {
    "opening": "actual_at", "evaluation": "started_at", "candidates": None, "awards": "decided_at", "contracts": "signed_at",
}  # fmt: skip


def _cut_at(data: dict[str, Any], until: datetime) -> None:
    """Take away what has not happened yet: later rows whole, later times of earlier rows."""
    lot = data["project"]["tenders"][0]["lots"][0]
    plan = {
        "N08": lot["opening"]["actual_at"],
        "N13": lot["contracts"][0]["signed_at"],
        "N16": lot["contracts"][0]["acceptance"]["accepted_at"],
    }
    evaluated = lot["evaluation"]["finished_at"] <= until
    if not evaluated:
        lot["candidates"] = []
        lot["evaluation"].update(
            scores=[], members=lot["evaluation"]["members"] if lot["evaluation"]["drawn_at"] <= until else []
        )
        for bid in lot["bids"]:
            bid.pop("score", None)
    lot["notices"] = [row for row in lot["notices"] if row["published_at"] <= until]
    lot["documents"] = [row for row in lot["documents"] if row["issued_at"] <= until]
    lot["clarifications"] = [row for row in lot.get("clarifications", []) if row["issued_at"] <= until]
    for name in ("awards", "contracts"):
        lot[name] = [row for row in lot[name] if row[_STEP_TIMES[name]] <= until]
    if lot["opening"]["actual_at"] > until:
        for name in ("opening", "evaluation"):
            lot.pop(name)
        lot["bids"] = [bid for bid in lot["bids"] if bid["uploaded_at"] <= until]
        for bid in lot["bids"]:
            bid["price"] = None
            bid["status"] = "received"
    for contract in lot["contracts"]:
        contract["implementation"] = [
            row for row in contract["implementation"] if row["occurred_at"] <= until
        ]
        if contract["acceptance"]["report_at"] > until:
            contract.pop("acceptance")
    _blank_later_times(lot, until)
    data["released_at"] = until
    lot["nodes"] = [{"id": f"1/{code}", "code": code, "planned_at": at} for code, at in plan.items()]
    data["project"]["tenders"] = [
        t for t in data["project"]["tenders"] if (t["plan_published_at"] or until) <= until
    ]


def _blank_later_times(row: Any, until: datetime) -> None:
    if isinstance(row, list):
        for item in row:
            _blank_later_times(item, until)
    elif isinstance(row, dict):
        for key, value in row.items():
            if (
                isinstance(value, datetime)
                and value > until
                and key not in ("deadline_at", "opening_at", "ends_at", "sale_ends_at", "planned_at")
            ):
                row[key] = None
            elif isinstance(value, (list, dict)):
                _blank_later_times(value, until)
