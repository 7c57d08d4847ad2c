"""A lot that is opened, a trading system with a token, and the events of a day."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from wulian.exchange.events.day import Day
from wulian.exchange.records import DossierRecord
from wulian.information.registry.models import Lot, Project
from wulian.information.registry.services.upsert import upsert_dossiers
from wulian.information.supervision.models import AccessToken, TradingSystem
from wulian.information.supervision.services.feed import Answer, take_events
from wulian.information.supervision.services.tokens import Issued, issue_token

LOT_CODE = "E4213000001000123001"
URL = "/api/supervision/events"


def dossier(code: str = LOT_CODE, deadline: datetime | None = None, **project: Any) -> DossierRecord:
    """随县文峰塔路改造, with its bidding documents, before any bid."""
    key = f"2606-{code[-8:]}"
    data = {
        "source_system": "随州市公共资源交易系统",
        "source_id": key,
        "parties": [
            {"id": "owner", "name": "随州市城市建设综合开发投资有限公司"},
            {"id": "agency", "name": "湖北正信工程咨询有限公司"},
        ],
        "project": {
            "id": key,
            "project_code": key,
            "name": "随州市文峰塔路改造工程",
            "owner": "owner",
            "sector": "housing",
            "region_code": "421300",
            **project,
            "tenders": [
                {
                    "id": "1",
                    "name": "随州市文峰塔路改造工程施工",
                    "procuring_entity": "owner",
                    "agency": "agency",
                    "mode": "open",
                    "supervising_authority": "随州市住房和城市更新局",
                    "lots": [
                        {
                            "id": "1",
                            "lot_code": code,
                            "name": "随州市文峰塔路改造工程施工一标段",
                            "category": "works",
                            "ceiling_price": 8_600_000,
                            "documents": [{"id": "1", "deadline_at": deadline}] if deadline else [],
                        }
                    ],
                }
            ],
        },
    }
    return DossierRecord.model_validate(data)


def lot(code: str = LOT_CODE, deadline: datetime | None = None, **project: Any) -> Lot:
    """Enter the dossier and give its lot."""
    (outcome,) = upsert_dossiers(dossiers=[dossier(code, deadline, **project)])
    assert outcome.project_id, outcome
    return Lot.objects.select_related("project").get(project_id=outcome.project_id)


def system(code: str = "suizhou", **values: Any) -> TradingSystem:
    """The city's trading system."""
    names = {"suizhou": "随州市公共资源电子交易系统", "hubei": "湖北省电子招投标交易平台"}
    return TradingSystem.objects.create(code=code, name=names.get(code, code), **values)


def token(of: TradingSystem | None = None, **values: Any) -> Issued:
    """A new token of a system."""
    return issue_token(actor=None, system=of or system(), label="正式接口", **values)


def day(scenario: Any = "normal", bidders: int = 5, seed: int = 1, code: str = LOT_CODE) -> Day:
    return Day(code, bidders, scenario, seed)


def events(
    scenario: Any = "normal", *, deadline: datetime | None = None, bidders: int = 5, code: str = LOT_CODE
) -> list[dict[str, Any]]:
    """All events of a day whose deadline was four hours ago."""
    now = timezone.now()
    return day(scenario, bidders, code=code).events(deadline or now - timedelta(hours=4), now=now)


def until(kind: str, told: Iterable[dict[str, Any]], *, inclusive: bool = True) -> list[dict[str, Any]]:
    """The events up to the first of a kind."""
    found = []
    for event in told:
        if event["kind"] == kind and not inclusive:
            return found
        found.append(event)
        if event["kind"] == kind:
            return found
    return found


def first(kind: str, told: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return next(event for event in told if event["kind"] == kind)


def tell(issued: Issued | AccessToken, *told: dict[str, Any]) -> list[Answer]:
    """Take events in as one call."""
    access = issued.token if isinstance(issued, Issued) else issued
    return take_events(token=access, documents=list(told))


def post(issued: Issued | None, body: Any, client: Client | None = None, **extra: Any) -> Any:
    """POST to the interface; ``body`` is JSON or raw bytes."""
    headers = {"authorization": f"Bearer {issued.secret}"} if issued else {}
    content = body if isinstance(body, bytes) else json.dumps(body)
    return (client or Client()).post(URL, content, content_type="application/json", headers=headers, **extra)


def lot_picture(project: Project) -> dict[str, list[tuple[Any, ...]]]:
    """Everything a dossier holds of opening and evaluation, without keys of the database, to compare two tellings."""
    from wulian.information.registry.models import TABLE_MODELS

    skipped = {
        "id",
        "project",
        "lot",
        "evaluation",
        "recorded_at",
        "updated_at",
        "tenderer",
        "objector",
        "member",
        "bid",
    }
    picture = {}
    for table in (
        "objections",
        "bids",
        "openings",
        "evaluations",
        "members",
        "scores",
        "candidates",
        "nodes",
    ):
        model: Any = TABLE_MODELS[table]
        names = [field.name for field in model._meta.concrete_fields if field.name not in skipped]
        rows = model.objects.filter(project=project, ended_at=None).values_list(*names)
        picture[table] = sorted(tuple(map(str, row)) for row in rows)
    return picture
