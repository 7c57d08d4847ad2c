"""What tables, fields and code values are called in Chinese; the one place for the template, exports and pages."""

from __future__ import annotations

import types
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from wulian.exchange.records import PARENTS, own_fields

TABLE_LABELS: dict[str, str] = {
    "parties": "主体",
    "projects": "项目",
    "tenders": "招标项目",
    "lots": "标段",
    "notices": "公告",
    "documents": "招标文件",
    "clarifications": "澄清修改",
    "objections": "异议",
    "bids": "投标",
    "openings": "开标",
    "evaluations": "评标",
    "members": "评委",
    "scores": "评委打分",
    "candidates": "中标候选人",
    "awards": "中标",
    "contracts": "合同",
    "amendments": "合同变更",
    "implementation": "履约事件",
    "acceptances": "竣工验收",
    "nodes": "节点留痕",
}

_MODES = {"open": "公开招标", "selective": "邀请招标", "limited": "有限竞争", "direct": "直接发包"}
_FORMS = {"entrusted": "委托招标", "self": "自行招标"}
_DOCUMENTS = {"tender": "招标文件", "prequalification": "资格预审文件"}

VALUE_LABELS: dict[tuple[str, str], dict[str, str]] = {
    ("parties", "kind"): {
        "enterprise": "企业",
        "institution": "事业单位",
        "government": "机关",
        "person": "自然人",
    },
    ("projects", "sector"): {
        "housing": "房屋市政",
        "transport": "交通",
        "water": "水利",
        "land": "自然资源",
        "other": "其他",
    },
    ("projects", "approval_type"): {"approval": "审批", "verification": "核准", "filing": "备案"},
    ("projects", "approved_mode"): _MODES,
    ("projects", "approved_org_form"): _FORMS,
    ("tenders", "mode"): _MODES,
    ("tenders", "org_form"): _FORMS,
    ("tenders", "invitation_ground"): {
        "TL8-1": "潜在投标人少（条例第八条第一项）",
        "TL8-2": "公开招标费用占比过大（条例第八条第二项）",
        "ZBF11": "重点项目经批准（招标投标法第十一条）",
    },
    ("lots", "category"): {
        "works": "施工",
        "goods": "货物",
        "survey": "勘察",
        "design": "设计",
        "supervision": "监理",
        "services": "其他服务",
        "epc": "工程总承包",
    },
    ("lots", "award_mode"): {"regular": "常规定标", "separate": "评定分离"},
    ("notices", "kind"): {
        "plan": "招标计划",
        "prequalification": "资格预审公告",
        "tender": "招标公告",
        "invitation": "投标邀请书",
        "amendment": "变更公告",
        "candidates": "中标候选人公示",
        "award": "中标结果公告",
        "contract": "合同公告",
        "termination": "终止公告",
        "exemption": "不招标公示",
    },
    ("documents", "kind"): _DOCUMENTS,
    ("clarifications", "kind"): _DOCUMENTS,
    ("objections", "target"): {
        "prequalification_documents": "资格预审文件",
        "bidding_documents": "招标文件",
        "opening": "开标",
        "evaluation": "评标结果",
    },
    ("bids", "status"): {
        "received": "已接收",
        "valid": "有效",
        "disqualified": "被否决",
        "withdrawn": "已撤回",
        "undecrypted": "未解密",
    },
    ("members", "kind"): {"expert": "评标专家", "representative": "招标人代表"},
    ("awards", "status"): {
        "pending": "待定",
        "active": "有效",
        "cancelled": "已取消",
        "unsuccessful": "未成交",
    },
    ("awards", "reason_not_first"): {
        "declined": "第一名放弃中标",
        "force_majeure": "不可抗力",
        "no_security": "未按要求提交履约保证金",
        "violation": "被查实存在违法行为",
        "unqualified": "不符合中标条件",
        "other": "其他",
    },
    ("implementation", "kind"): {
        "permit": "施工许可",
        "start": "开工",
        "attendance": "人员到岗",
        "manager_change": "更换项目负责人",
        "subcontract": "分包",
        "payment": "支付",
        "wage": "工资发放",
        "suspension": "停工",
        "resumption": "复工",
        "inspection": "检查",
        "other": "其他",
    },
}
"""(table, field) → code value → its Chinese label."""

NODE_LABELS: dict[str, str] = {
    "N01": "立项审批",
    "N02": "招标准备",
    "N03": "招标公告",
    "N04": "资格预审",
    "N05": "招标文件发售",
    "N06": "澄清修改与异议",
    "N07": "投标与投标保证金",
    "N08": "开标",
    "N09": "评标",
    "N10": "中标候选人公示",
    "N11": "定标与中标结果公告",
    "N12": "招标投标情况书面报告",
    "N13": "合同签订",
    "N14": "施工许可与开工",
    "N15": "履约与变更",
    "N16": "竣工验收与备案",
    "N17": "结算与支付",
    "N18": "后评价与归档",
}
"""The eighteen nodes of REFERENCE A.1."""


def plain_type(annotation: Any) -> Any:
    """The type without ``None`` and without constraints: ``Money | None`` → ``Decimal``."""
    while True:
        if hasattr(annotation, "__metadata__"):
            annotation = annotation.__origin__
        elif get_origin(annotation) in (Union, types.UnionType):
            annotation = next(arg for arg in get_args(annotation) if arg is not type(None))
        else:
            return annotation


@cache
def field_type(table: str, field: str) -> Any:
    """The plain type of a column: str, int, bool, Decimal, date, datetime, list or a Literal."""
    return plain_type(own_fields(table)[field].annotation)


@cache
def field_label(table: str, field: str) -> str:
    """The Chinese title of a column, e.g. 招标人."""
    return str(own_fields(table)[field].title or field)


def is_coded(table: str, field: str) -> bool:
    """Whether the column holds one of a fixed list of codes."""
    return get_origin(field_type(table, field)) is Literal


def value_label(table: str, field: str, value: str) -> str:
    """The label of a code value; the value itself when it has none."""
    return VALUE_LABELS.get((table, field), {}).get(value, value)


def value_of_label(table: str, field: str, text: str) -> str | None:
    """The code value that a label or the code itself names; None when nothing does."""
    labels = VALUE_LABELS.get((table, field), {})
    if text in labels:
        return text
    return next((value for value, label in labels.items() if label == text), None)


def parent_label(table: str) -> str:
    """What the parent column of a table is called in the office's workbook."""
    return {
        "tenders": "所属项目",
        "lots": "所属招标项目",
        "amendments": "所属合同",
        "implementation": "所属合同",
        "acceptances": "所属合同",
    }.get(table, "所属标段" if table in PARENTS else "")
