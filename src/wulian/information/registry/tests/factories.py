"""Dossiers of believable tenders, entered through the same service as every import."""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import Any

from wulian.exchange.records import DossierRecord
from wulian.information.registry.models import Project
from wulian.information.registry.services.upsert import upsert_dossiers

WATER = {
    "source_system": "随州市公共资源电子交易系统",
    "parties": [
        {"id": "owner", "name": "随县水利和湖泊局", "uscc": "11421321MB0000018A"},
        {"id": "a", "name": "湖北涢水水利水电工程有限公司"},
        {"id": "b", "name": "随州神农水利建设有限公司"},
        {"id": "c", "name": "武汉长江水利水电工程有限公司"},
    ],
}


def reservoir(
    code: str = "2506-421321-04-01-200001", sector: str = "water", region: str = "421321", **lot: Any
) -> DossierRecord:
    """黑屋湾水库除险加固: one lot, three bids with device and account, an award."""
    bids = [
        {
            "id": party,
            "tenderer": party,
            "status": "valid",
            "price": price,
            "device_mac": f"3C:52:82:1A:0{number}:7F",
            "security_account": f"4200168800{number}5300{number}",
            "manager_certificate": f"鄂142200{number}88{number}",
        }
        for number, (party, price) in enumerate((("a", 5_120_000), ("b", 5_230_000), ("c", 5_310_000)), 1)
    ]
    data = {
        **WATER,
        "source_id": code,
        "parties": [{**party, "uscc": ""} if party["id"] == "owner" else party for party in WATER["parties"]],
        "project": {
            "id": code,
            "project_code": code,
            "name": "随县黑屋湾水库除险加固工程",
            "owner": "owner",
            "sector": sector,
            "region_code": region,
            "approved_on": date(2025, 6, 3),
            "total_investment": 6_800_000,
            "tenders": [
                {
                    "id": "1",
                    "name": "随县黑屋湾水库除险加固工程施工",
                    "procuring_entity": "owner",
                    "mode": "open",
                    "lots": [
                        {
                            "id": "1",
                            "name": "随县黑屋湾水库除险加固工程施工一标段",
                            "ceiling_price": 5_500_000,
                            "bids": bids,
                            "awards": [{"id": "1", "supplier": "a", "price": 5_120_000, "status": "active"}],
                            **lot,
                        }
                    ],
                }
            ],
        },
    }
    return DossierRecord.model_validate(data)


def enter(*dossiers: DossierRecord) -> list[Project]:
    """Enter dossiers and give their projects in order."""
    outcomes = upsert_dossiers(dossiers=list(dossiers), run=None, actor=None)
    projects = Project.objects.in_bulk([outcome.project_id for outcome in outcomes])
    return [projects[outcome.project_id] for outcome in outcomes]


def demo_dossiers(count: int) -> list[DossierRecord]:
    """The first ``count`` dossiers of a demonstration city."""
    from wulian.demo.city import city

    return list(islice(city(projects=count, until=date(2026, 11, 20)), count))
