"""A day for the demonstration city: one opening that runs, one that is over, one to come, played through the service."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from wulian.core.accounts.models import Department
from wulian.exchange.events.day import Day, Scenario
from wulian.exchange.records import DossierRecord
from wulian.information.registry.models import Lot
from wulian.information.registry.services.upsert import upsert_dossiers
from wulian.information.supervision.models import AccessToken, TradingSystem
from wulian.information.supervision.services import issue_token, take_events

SYSTEM = ("suizhou-ggzy", "随州市公共资源电子交易系统", "随州市公共资源交易中心")
AGENCY = "湖北正信工程咨询有限公司"


@dataclass(frozen=True)
class Scene:
    """One lot of the day: ``ago`` the minutes since its deadline (negative: still to come), ``until`` how far it is played."""

    code: str
    project: str
    owner: str
    sector: str
    region: str
    authority: str
    ceiling: int
    ago: int
    until: int
    scenario: Scenario = "normal"
    bidders: int = 5


SCENES = (
    Scene("E4213030001000201001", "随州市曾都区北郊社区卫生服务中心建设工程", "随州市曾都区卫生健康局", "housing", "421303", "随州市曾都区住房和城乡建设局", 12_600_000, 300, 300, "outlier", 6),
    Scene("E4213000001000202001", "随州市城南新区滨河路改造工程", "随州市城市建设综合开发投资有限公司", "housing", "421300", "随州市住房和城市更新局", 8_600_000, 40, 15, "collusion", 7),
    Scene("E4213210001000203001", "随县均川镇农村公路提升工程", "随县交通运输局", "transport", "421321", "随县交通运输局", 6_400_000, -50, -5),
)  # fmt: skip


def seed_supervision(*, departments: Iterable[Department] = (), now: datetime | None = None) -> list[Lot]:
    """Enter the trading system and three lots of today and play them as far as they have come; returns the lots.

    Seeding again plays nothing twice. ``departments`` look after the system's refused events.
    """
    now = now or timezone.now()
    code, name, operator = SYSTEM
    system, _made = TradingSystem.objects.get_or_create(
        code=code, defaults={"name": name, "operator": operator}
    )
    system.departments.add(*departments)
    token = system.tokens.filter(revoked_at=None, expires_at__gt=now).first()
    if token is None:
        token = issue_token(actor=None, system=system, label="正式接口").token
    return [_play(scene, token, now) for scene in SCENES]


def _play(scene: Scene, token: AccessToken, now: datetime) -> Lot:
    found = Lot.objects.filter(lot_code=scene.code, ended_at=None).first()
    if found is not None:
        return found
    deadline = _deadline(scene, now)
    (outcome,) = upsert_dossiers(dossiers=[_dossier(scene, deadline)])
    lot = Lot.objects.get(project_id=outcome.project_id or 0)
    day = Day(scene.code, scene.bidders, scene.scenario, seed=2026, ceiling=Decimal(scene.ceiling))
    day.deadline = deadline
    events = [
        day.event(number, beat, min(deadline + timedelta(minutes=beat.minute), now), now)
        for number, beat in enumerate(day.beats(), 1)
        if beat.minute <= scene.until
    ]
    take_events(token=token, documents=events)
    return lot


def _deadline(scene: Scene, now: datetime) -> datetime:
    """Today, also when the city is built shortly after midnight or before it."""
    begins = timezone.localtime(now).replace(hour=0, minute=1, second=0, microsecond=0)
    moment = timezone.localtime(now) - timedelta(minutes=scene.ago)
    moment = moment.replace(minute=moment.minute // 5 * 5, second=0, microsecond=0)
    latest = begins.replace(hour=23, minute=59)
    return min(max(moment, begins), max(latest, timezone.localtime(now) + timedelta(minutes=1)))


def _dossier(scene: Scene, deadline: datetime) -> DossierRecord:
    key = f"2606-{scene.region}-04-01-{scene.code[-9:-3]}"
    issued = deadline - timedelta(days=24)
    data: dict[str, Any] = {
        "source_system": SYSTEM[1],
        "source_id": key,
        "parties": [{"id": "owner", "name": scene.owner}, {"id": "agency", "name": AGENCY}],
        "project": {
            "id": key,
            "project_code": key,
            "name": scene.project,
            "owner": "owner",
            "sector": scene.sector,
            "region_code": scene.region,
            "approval_type": "approval",
            "approval_no": f"随发改审批〔2026〕{int(scene.code[-6:-3])}号",
            "approved_on": (deadline - timedelta(days=120)).date(),
            "total_investment": scene.ceiling * 5 // 4,
            "state_dominant": True,
            "tenders": [
                {
                    "id": "1",
                    "name": f"{scene.project}施工",
                    "procuring_entity": "owner",
                    "agency": "agency",
                    "mode": "open",
                    "must_tender": True,
                    "supervising_authority": scene.authority,
                    "lots": [_lot(scene, issued, deadline)],
                }
            ],
        },
    }
    return DossierRecord.model_validate(data)


def _lot(scene: Scene, issued: datetime, deadline: datetime) -> dict[str, Any]:
    return {
        "id": "1",
        "lot_code": scene.code,
        "name": f"{scene.project}施工一标段",
        "category": "works",
        "estimated_price": scene.ceiling,
        "ceiling_price": scene.ceiling,
        "bid_security_amount": scene.ceiling * 18 // 1000,
        "consortium_allowed": False,
        "bid_valid_days": 90,
        "nodes": [
            {"id": code, "code": code, "operator": "李静", "operator_org": AGENCY, "source_ip": "10.42.6.31"}
            for code in ("N03", "N05")
        ],
        "documents": [
            {
                "id": "1",
                "issued_at": issued,
                "sale_starts_at": issued,
                "sale_ends_at": issued + timedelta(days=5),
                "deadline_at": deadline,
                "opening_at": deadline,
                "file_name": f"{scene.project}施工招标文件.pdf",
            }
        ],
        "notices": [
            {
                "id": "1",
                "kind": "tender",
                "title": f"{scene.project}施工招标公告",
                "published_at": issued,
                "objection_contact": "随州市公共资源电子交易系统“异议”栏目",
                "access_url": "https://ggzy.suizhou.example/",
                "media": "湖北省公共资源交易平台;中国招标投标公共服务平台",
            }
        ],
    }
