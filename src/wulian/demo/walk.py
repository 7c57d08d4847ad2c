"""The dossier of the walk in docs/walk.zh.md: clean but for bids due seventeen days after the documents (WJ-01).

`python -m wulian.demo.walk docs/examples/short-period.xlsx` writes the office's workbook again.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random
from typing import Any

from wulian.demo import names
from wulian.demo.market import make_uscc
from wulian.exchange.records import DossierRecord
from wulian.exchange.workbook import write_workbook

CODE = "2606-421300-04-01-700017"
NAME = "随州市滨河新城社区服务中心新建工程"
OWNER = "随州市滨河新城开发有限公司"
AGENCY = "随州博正工程咨询有限公司"
ISSUED, DEADLINE = "2026-10-27 09:00", "2026-11-13 09:30"


def walk_dossier() -> DossierRecord:
    """One project of the city in the sector of housing, tendered and not opened yet."""
    random = Random(17)
    owner, agency = (
        {
            "id": name,
            "name": name,
            "uscc": make_uscc(random, "421303", "91"),
            "kind": "enterprise",
            "region_code": "421303",
            "legal_representative": person,
            "phone": phone,
            "address": address,
        }
        for name, person, phone, address in (
            (OWNER, "刘志远", "0722-3590017", "湖北省随州市曾都区滨河路17号"),
            (AGENCY, "吴雨晴", "0722-3590018", "湖北省随州市曾都区沿河大道88号"),
        )
    )
    return DossierRecord.model_validate(
        {
            "source_system": "workbook",
            "source_id": CODE,
            "parties": [owner, agency],
            "project": {**_PROJECT, "tenders": [{**_TENDER, "lots": [_lot()]}]},
        }
    )


_PROJECT: dict[str, Any] = {
    "id": CODE,
    "project_code": CODE,
    "name": NAME,
    "owner": OWNER,
    "sector": "housing",
    "region_code": "421300",
    "address": "湖北省随州市滨河新城",
    "approval_type": "approval",
    "approval_required": True,
    "approval_no": "随发改审批〔2026〕417号",
    "approved_on": "2026-06-18",
    "approval_org": "随州市发展和改革委员会",
    "approved_mode": "open",
    "approved_org_form": "entrusted",
    "total_investment": "26800000.00",
    "estimate": "26800000.00",
    "budget": "26500000.00",
    "budget_funds": "26500000.00",
    "fund_sources": "财政资金",
    "state_dominant": True,
    "gov_investment": True,
    "is_key_project": False,
    "funds_confirmed": True,
    "nodes": [{"id": "节点02", "code": "N02", "operator": "吴雨晴", "operator_org": AGENCY}],
}
_TENDER: dict[str, Any] = {
    "id": "招标1",
    "tender_code": "E4213004213700017",
    "name": NAME,
    "description": "社区服务中心主体、装饰、室外配套工程施工。",
    "procuring_entity": OWNER,
    "agency": AGENCY,
    "agency_contract_no": "BZ2026-0417",
    "mode": "open",
    "org_form": "entrusted",
    "must_tender": True,
    "fair_review_no": "公竞审〔2026〕117号",
    "supervising_authority": names.AUTHORITIES["housing"],
    "plan_published_at": "2026-09-15 10:00",
}


def _lot() -> dict[str, Any]:
    return {
        "id": "标段1",
        "lot_code": "E4213004213700017001",
        "name": f"{NAME}施工",
        "category": "works",
        "classification": "A01",
        "estimated_price": "19600000.00",
        "ceiling_price": "19200000.00",
        "ceiling_stated": True,
        "has_reserve_price": False,
        "consortium_allowed": False,
        "bid_valid_days": 90,
        "bid_security_valid_days": 90,
        "bid_security_amount": "300000.00",
        "bid_security_forms": "转账;银行保函;电子保函",
        "performance_security_ratio": "0.05",
        "status": "active",
        "notices": [
            {
                "id": "公告1",
                "kind": "tender",
                "title": f"{NAME}施工招标公告",
                "published_at": ISSUED,
                "platform_published_at": ISSUED,
                "ends_at": "2026-11-03 17:00",
                "media": names.MEDIA,
                "url": f"{names.PLATFORM}notice/E4213004213700017001",
                "access_url": names.PLATFORM,
                "objection_contact": "吴雨晴，0722-3590018，湖北省随州市曾都区沿河大道88号",
            }
        ],
        "documents": [
            {
                "id": "文件1",
                "issued_at": ISSUED,
                "sale_starts_at": ISSUED,
                "sale_ends_at": "2026-11-03 17:00",
                "fee": "0.00",
                "deadline_at": DEADLINE,
                "opening_at": DEADLINE,
                "standard_text": True,
                "file_name": f"{NAME}施工招标文件.pdf",
            }
        ],
        "nodes": [
            {
                "id": f"节点{code[1:]}",
                "code": code,
                "operator": "吴雨晴",
                "operator_org": AGENCY,
                "source_ip": "10.42.17.8",
            }
            for code in ("N03", "N05")
        ],
    }


if __name__ == "__main__":
    with Path(sys.argv[1]).open("wb") as stream:
        write_workbook([walk_dossier()], stream)
