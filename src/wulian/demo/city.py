"""Generates dossiers of a believable city: the same seed gives the same bytes.

A clean dossier keeps every rule of the catalogue; :mod:`wulian.demo.planted` then breaks one in some of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from wulian.demo import names
from wulian.demo.cutting import cut_at
from wulian.demo.market import Firm, build_market, owner_of
from wulian.demo.performing import award_lot
from wulian.demo.planted import Planted, plant
from wulian.demo.rings import ATTENDANCE, choose_winner, leave_traces
from wulian.demo.setting import Setting, money
from wulian.demo.tendering import Turnout, tender_lot
from wulian.exchange.records import BEIJING, DossierRecord
from wulian.law.calendar import packaged_calendar

SEED = 2024
PROJECTS = 300
YEARS = 3
SOURCE = "随州市公共资源电子交易系统（演示）"
SIZES = {"housing": (4.2e6, 9e7), "transport": (4.5e6, 2.2e8), "water": (4.2e6, 6e7), "land": (4.1e6, 4e7)}
CLASSES = {"housing": "A01", "transport": "A03", "water": "A07", "land": "A99"}
BIDDERS = (3, 4, 4, 5, 5, 6, 6, 7, 8, 9)
SECTORS = ("housing", "housing", "transport", "water", "land")
KEY_PROJECT = 8e7
CARELESS = 0.015
"""Share of lots in which two firms of no ring used the same computer or software lock."""


def city(
    *,
    seed: int = SEED,
    projects: int = PROJECTS,
    until: date,
    seen: date | None = None,
    planted: list[Planted] | None = None,
    bidders: Sequence[int] = BIDDERS,
    scores: bool = True,
) -> Iterator[DossierRecord]:
    """Yield ``projects`` dossiers approved in the calendar year of ``until`` and the two before it.

    What was broken is added to ``planted``. ``seen`` gives the same city as it was known on an earlier day: projects approved
    later are left out. ``bidders`` are the numbers of tenderers a lot may have; without ``scores`` no evaluator's scores are
    made.
    """
    random = Random(seed)
    now = datetime.combine(until, time(17), BEIJING)
    known = datetime.combine(seen, time(17), BEIJING) if seen else now
    setting = Setting(random, build_market(random, projects), packaged_calendar(), now, bidders, scores)
    found = [] if planted is None else planted
    first = date(until.year - YEARS + 1, 1, 2)
    span = (until - first).days
    for number in range(projects):
        day = first + timedelta(days=int(span * (number + random.random()) / projects))
        data = _tell(setting, number, setting.calendar.nth_working_day_before(day, 1), found)
        if data["project"]["approved_on"] <= known.date():
            cut_at(random, data, known)
            yield DossierRecord.model_validate(data)
        else:
            # The same draws, so that the dossiers after this one stay what they are.
            cut_at(random, data, known)


def _tell(setting: Setting, number: int, approved: date, planted: list[Planted]) -> dict[str, Any]:
    """The whole life of one project, as if it had all happened."""
    random = setting.random
    sector = random.choice(SECTORS)
    region = random.choices(tuple(names.SHARES), tuple(names.SHARES.values()))[0]
    town = random.choice(names.TOWNS[region])
    data = _project(setting, number, sector, region, town, approved)
    lot = data["project"]["tenders"][0]["lots"][0]
    turnout = _turnout(setting, sector)
    tender_lot(setting, data, lot, turnout, setting.at(approved, random.randrange(10, 35), 9))
    award_lot(setting, lot)
    planted += plant(setting, data, lot)
    if turnout.chosen or random.random() < CARELESS:
        _leave_traces(setting, data, turnout, planted)
    return data


def _leave_traces(setting: Setting, data: dict[str, Any], turnout: Turnout, planted: list[Planted]) -> None:
    lot = data["project"]["tenders"][0]["lots"][0]
    found = leave_traces(setting.random, lot, turnout.firms, outsiders=turnout.chosen is None)
    if lot["opening"]["actual_at"] <= setting.until:
        known = {fact.rule for fact in planted if fact.lot_code == lot["lot_code"]}
        planted += [Planted(code, data["source_id"], lot["lot_code"]) for code in found if code not in known]


def _turnout(setting: Setting, sector: str) -> Turnout:
    """Three to nine firms; a ring bids together with one or two outsiders."""
    random, market = setting.random, setting.market
    members: list[Firm] = market.ring(sector)
    if members and random.random() < ATTENDANCE:
        chosen = choose_winner(setting, members)
        guests = random.sample(market.outsiders(sector), random.choice((1, 2)))
        return Turnout([*members, *guests], chosen)
    return Turnout(random.sample(market.outsiders(sector), random.choice(setting.bidders)))


def _name(setting: Setting, sector: str, region: str, town: str, approved: date) -> str:
    """A name that no other project has; after twenty draws the year tells them apart."""
    random = setting.random
    subjects = (names.CITY_SUBJECTS if region == names.CITY else names.SUBJECTS)[sector]
    name = ""
    for _ in range(20):
        name = random.choice(subjects).format(
            region=names.REGIONS[region], town=town, reservoir=random.choice(names.RESERVOIRS[region])
        )
        if not setting.names[name]:
            setting.names[name] += 1
            return name
    dated = f"{name}（{approved.year}年度）"
    setting.names[dated] += 1
    return dated if setting.names[dated] == 1 else f"{name}（{approved.year}年度第{setting.names[dated]}批）"


def _project(
    setting: Setting, number: int, sector: str, region: str, town: str, approved: date
) -> dict[str, Any]:
    random = setting.random
    owner = owner_of(setting.market, random, sector, region, town)
    agency = random.choice(setting.market.agencies)
    low, high = SIZES[sector]
    estimate = float(money(low * (high / low) ** (random.random() ** 2), 10_000))
    total = money(estimate * random.uniform(1.15, 1.5), 10_000)
    place = "" if region == names.CITY else names.REGIONS[region]
    code = f"{approved:%y%m}-{region}-04-01-{100000 + (number * 7919) % 900000:06d}"
    project = {
        "id": code,
        "project_code": code,
        "name": _name(setting, sector, region, town, approved),
        "owner": owner.id,
        "sector": sector,
        "region_code": region,
        "address": f"湖北省随州市{place}{town}",
        "approval_type": "approval",
        "approval_required": True,
        "approval_no": f"随发改审批〔{approved:%Y}〕{number % 500 + 1}号",
        "approved_on": approved,
        "approval_org": "随州市发展和改革委员会",
        "approved_mode": "open",
        "approved_org_form": "entrusted",
        "total_investment": total,
        "estimate": total,
        "budget": money(float(total) * random.uniform(0.96, 1.05), 10_000),
        "budget_funds": money(float(total) * random.uniform(0.3, 1.0), 10_000),
        "fund_sources": random.choice(
            ("财政资金", "财政资金;专项债券", "国有企业自筹", "中央预算内投资;地方配套")
        ),
        "state_dominant": True,
        "gov_investment": True,
        "is_key_project": estimate > KEY_PROJECT,
        "funds_confirmed": True,
    }
    project["tenders"] = [
        {
            **_tender(setting, project, number, approved, owner.id, agency.id),
            "lots": [_lot(setting, project, number, estimate)],
        }
    ]
    return {
        "source_system": SOURCE,
        "source_id": code,
        "parties": [owner.model_dump(), agency.model_dump()],
        "project": project,
    }


def _tender(
    setting: Setting, project: dict[str, Any], number: int, approved: date, owner: str, agency: str
) -> dict[str, Any]:
    return {
        "id": "1",
        "tender_code": f"E{project['region_code']}4213{number:06d}",
        "name": project["name"],
        "description": f"{project['name']}的全部施工内容，详见工程量清单和图纸。",
        "procuring_entity": owner,
        "agency": agency,
        "agency_contract_no": f"DL{approved:%Y}-{number:05d}",
        "mode": "open",
        "org_form": "entrusted",
        "must_tender": True,
        "fair_review_no": f"公竞审〔{approved:%Y}〕{number % 300 + 1}号",
        "supervising_authority": names.AUTHORITIES[project["sector"]],
        "plan_published_at": setting.at(approved, 1, 10),
    }


def _lot(setting: Setting, project: dict[str, Any], number: int, estimate: float) -> dict[str, Any]:
    random = setting.random
    return {
        "id": "1",
        "lot_code": f"E{project['region_code']}4213{number:06d}001",
        "name": f"{project['name']}施工",
        "category": "works",
        "classification": CLASSES[project["sector"]],
        "estimated_price": money(estimate, 10_000),
        "ceiling_price": money(estimate * random.uniform(0.95, 0.995)),
        "ceiling_stated": True,
        "has_reserve_price": False,
        "consortium_allowed": random.random() < 0.2,
        "bid_valid_days": 90,
        "bid_security_valid_days": 90,
        "bid_security_amount": money(min(estimate * random.uniform(0.012, 0.019), 800_000), 1000),
        "bid_security_forms": "转账;银行保函;电子保函",
        "performance_security_ratio": random.choice(("0.1", "0.05", "0.05", "0.02")),
        "status": "active",
    }
