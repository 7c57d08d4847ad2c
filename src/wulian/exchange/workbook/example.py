"""A worked example of the workbook: one invented project of Suizhou, from approval to acceptance."""

from __future__ import annotations

from typing import Any

from wulian.exchange.records import DossierRecord


def example_dossiers() -> list[DossierRecord]:
    """The dossiers of the example file; every sheet of the workbook has at least one row of them."""
    return [DossierRecord.model_validate(_EXAMPLE)]


_PARTIES: list[dict[str, Any]] = [
    {
        "id": "随州城投",
        "name": "随州市示例城市建设投资有限公司",
        "kind": "enterprise",
        "region_code": "421300",
    },
    {"id": "示例咨询", "name": "湖北示例工程咨询有限公司", "kind": "enterprise", "region_code": "420100"},
    {"id": "编钟建设", "name": "随州示例编钟建设工程有限公司", "kind": "enterprise", "region_code": "421303"},
    {"id": "炎帝建工", "name": "湖北示例炎帝建工集团有限公司", "kind": "enterprise", "region_code": "421321"},
    {"id": "淮源路桥", "name": "示例淮源路桥工程有限公司", "kind": "enterprise", "region_code": "421381"},
]

_BIDS: list[dict[str, Any]] = [
    {
        "id": f"投标{number}",
        "tenderer": tenderer,
        "status": "valid",
        "uploaded_at": f"2025-04-0{number} 15:20",
        "receipt_at": f"2025-04-0{number} 15:21",
        "encrypted": True,
        "accepted": True,
        "decrypted_at": f"2025-04-08 09:4{number}",
        "price": price,
        "duration_days": 300,
        "quality": "合格",
        "score": score,
        "manager_name": manager,
        "security_form": "银行转账",
        "security_amount": "500000",
        "security_basic_account": True,
        "security_paid_at": "2025-04-03 10:00",
    }
    for number, tenderer, price, score, manager in (
        (1, "编钟建设", "41860000.00", "92.35", "张某"),
        (2, "炎帝建工", "42310000.00", "89.10", "李某"),
        (3, "淮源路桥", "42955000.00", "86.72", "王某"),
    )
]

_CONTRACT: dict[str, Any] = {
    "id": "合同1",
    "contract_no": "SZ-2025-018",
    "supplier": "编钟建设",
    "signed_at": "2025-05-06",
    "price": "41860000.00",
    "duration_days": 300,
    "manager_name": "张某",
    "performance_security_required": True,
    "performance_security_amount": "4186000.00",
    "permit_no": "421303202505200101",
    "permit_at": "2025-05-20",
    "started_at": "2025-05-28",
    "amendments": [
        {
            "id": "变更1",
            "amended_at": "2025-09-10",
            "kind": "工程变更",
            "amount": "320000.00",
            "reason": "管线迁改",
        }
    ],
    "implementation": [
        {
            "id": "支付1",
            "kind": "payment",
            "occurred_at": "2025-08-15",
            "amount": "12000000.00",
            "party": "编钟建设",
        }
    ],
    "acceptance": {"id": "验收1", "report_at": "2026-03-25", "accepted_at": "2026-03-30"},
}

_LOT: dict[str, Any] = {
    "id": "标段1",
    "lot_code": "E4213010001000123001",
    "name": "示例道路改造工程施工一标段",
    "category": "works",
    "estimated_price": "43500000.00",
    "ceiling_price": "43200000.00",
    "bid_valid_days": 90,
    "bid_security_amount": "500000.00",
    "notices": [
        {
            "id": "公告1",
            "kind": "tender",
            "title": "示例道路改造工程招标公告",
            "published_at": "2025-03-10 09:00",
            "media": "湖北省公共资源交易平台",
        },
        {
            "id": "公示1",
            "kind": "candidates",
            "title": "示例道路改造工程中标候选人公示",
            "published_at": "2025-04-10 16:00",
            "ends_at": "2025-04-14 23:59:59",
        },
    ],
    "documents": [
        {
            "id": "文件1",
            "issued_at": "2025-03-10 09:00",
            "sale_starts_at": "2025-03-10 09:00",
            "sale_ends_at": "2025-03-17 17:00",
            "deadline_at": "2025-04-08 09:30",
            "opening_at": "2025-04-08 09:30",
            "standard_text": True,
        }
    ],
    "clarifications": [
        {"id": "澄清1", "issued_at": "2025-03-20 10:00", "affects_bids": False, "content": "图纸勘误"}
    ],
    "objections": [
        {
            "id": "异议1",
            "target": "bidding_documents",
            "objector": "淮源路桥",
            "received_at": "2025-03-18 11:00",
            "replied_at": "2025-03-20 17:00",
            "content": "对业绩条件提出异议",
        }
    ],
    "bids": _BIDS,
    "opening": {"id": "开标1", "actual_at": "2025-04-08 09:30", "bidder_count": 3, "opened_count": 3},
    "evaluation": {
        "id": "评标1",
        "drawn_at": "2025-04-08 08:00",
        "random_draw": True,
        "started_at": "2025-04-08 10:30",
        "finished_at": "2025-04-08 16:00",
        "report_at": "2025-04-08 16:30",
        "members": [
            {"id": "评委1", "name": "赵某", "kind": "expert", "employer": "某设计院", "pool_approved": True},
            {"id": "评委2", "name": "钱某", "kind": "representative", "employer": "招标人"},
        ],
        "scores": [
            {"id": "打分1", "member": "评委1", "bid": "投标1", "item": "施工组织设计", "score": "27.5"}
        ],
    },
    "candidates": [
        {"id": "候选1", "rank": 1, "tenderer": "编钟建设", "price": "41860000.00"},
        {"id": "候选2", "rank": 2, "tenderer": "炎帝建工", "price": "42310000.00"},
    ],
    "awards": [
        {
            "id": "中标1",
            "supplier": "编钟建设",
            "price": "41860000.00",
            "status": "active",
            "decided_at": "2025-04-15 15:00",
            "notice_at": "2025-04-16 10:00",
        }
    ],
    "contracts": [_CONTRACT],
    "nodes": [{"id": "节点1", "code": "N08", "actual_at": "2025-04-08 09:30", "operator": "交易中心开标室"}],
}

_EXAMPLE: dict[str, Any] = {
    "source_system": "workbook",
    "source_id": "示例项目",
    "parties": _PARTIES,
    "project": {
        "id": "示例项目",
        "project_code": "2401-421303-04-01-900001",
        "name": "示例城区道路改造工程",
        "owner": "随州城投",
        "sector": "housing",
        "region_code": "421303",
        "approval_type": "approval",
        "approval_no": "随发改审批〔2024〕900号",
        "approved_on": "2024-11-20",
        "approved_mode": "open",
        "approved_org_form": "entrusted",
        "total_investment": "52000000.00",
        "state_dominant": True,
        "gov_investment": True,
        "tenders": [
            {
                "id": "招标1",
                "tender_code": "E4213010001000123",
                "name": "示例城区道路改造工程施工招标",
                "procuring_entity": "随州城投",
                "agency": "示例咨询",
                "mode": "open",
                "org_form": "entrusted",
                "must_tender": True,
                "supervising_authority": "随州市住房和城市更新局",
                "lots": [_LOT],
            }
        ],
    },
}
