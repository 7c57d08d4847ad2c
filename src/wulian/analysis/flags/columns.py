"""How a field path of a rule (``documents.issued_at``) is named as a column (``documents__issued_at``), and its title."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import ibis.expr.types as ir

from wulian.analysis.redflags import field_titles
from wulian.exchange.records import own_fields

SEPARATOR = "__"

# Entity of a field path → table whose record class gives the Chinese title of the column.
_ENTITY_TABLES = {
    "project": "projects",
    "tender": "tenders",
    "lot": "lots",
    "notice": "notices",
    "announcement": "notices",
    "publicity": "notices",
    "documents": "documents",
    "prequalification": "documents",
    "clarification": "clarifications",
    "objection": "objections",
    "bid": "bids",
    "opening": "openings",
    "evaluation": "evaluations",
    "member": "members",
    "score": "scores",
    "candidate": "candidates",
    "amendment": "amendments",
    "award": "awards",
    "contract": "contracts",
    "acceptance": "acceptances",
    "implementation": "implementation",
    "node": "nodes",
    "owner": "parties",
    "entity": "parties",
    "agency": "parties",
    "tenderer": "parties",
    "supplier": "parties",
    "partner": "parties",
    "winning_bid": "bids",
}
_ENTITY_TITLES = {
    "owner": "项目单位",
    "entity": "招标人",
    "agency": "代理机构",
    "tenderer": "投标人",
    "supplier": "中标人",
    "partner": "相对方",
    "announcement": "招标公告",
    "publicity": "中标候选人公示",
    "prequalification": "资格预审文件",
    "documents": "招标文件",
    "winning_bid": "中标人投标",
}
_DERIVED_TITLES = {
    "project.payments_total": "累计支付",
    "bids.submitted_count": "截止时递交的投标数",
    "bids.valid_count": "有效投标数",
    "bids.undecrypted_count": "未解密投标数",
    "members.count": "评标委员会人数",
    "members.expert": "专家人数",
    "members.representative": "招标人代表人数",
    "members.expert_count": "专家人数",
    "members.outside_pool_count": "非专家库专家数",
    "candidates.count": "中标候选人数",
    "candidates.unranked_count": "未标明排序的候选人数",
    "candidates.first_tenderer": "第一中标候选人",
    "awards.decided_count": "已定标数",
    "awards.first_notice_at": "最早中标通知书时间",
    "objections.pending_count": "未答复的评标结果异议数",
    "contracts.first_signed_at": "合同签订时间",
    "amendments.largest": "最大单次变更金额",
    "amendments.total": "累计变更金额",
    "amendments.approved_total": "经批准的累计变更金额",
    "subcontracts.total": "分包合同金额合计",
    "subcontracts.count": "分包合同数",
    "announcement.content_count": "内容不同的招标公告数",
    "candidates.first_price": "第一中标候选人报价",
    "member.employer_bids": "评委工作单位在本标段的投标数",
    "score.deviation": "与中位数的差",
    "score.median": "中位数",
    "score.mad": "各评委与中位数之差的中位数",
    "score.members": "评委数",
    "score.objective": "客观分",
    "score.weight": "分值",
    "score.score": "得分",
    "score.item": "评分项",
    "amendments.unapproved_count": "未批准的变更数",
    "bid.consortium_overlaps": "涉及重复的投标数",
    "score_item.lowest": "最低分",
    "score_item.highest": "最高分",
    "score_item.item": "评分项",
    "score_item.members": "评委数",
    "awards.first_decided_at": "最早定标时间",
    "awards.invalid_at": "认定中标无效时间",
    "awards.redetermined_at": "重新确定时间",
    "bid.consortium_party": "重复的联合体成员",
    "evaluation.held": "已评标",
    "objections.target": "异议对象",
    "score_item.objective": "客观分",
    "score_item.in_documents": "招标文件已载明",
    "result.published_at": "中标结果公告时间",
    "termination.published_at": "终止公告时间",
    "contract_notice.published_at": "合同公告时间",
    "indicator.group": "以何种身份",
    "indicator.q1": "全市数据的第一四分位数",
    "indicator.q3": "全市数据的第三四分位数",
    "indicator.lower_fence": "下界限",
    "indicator.upper_fence": "上界限",
    "indicator.Buyer_q1": "采购人的第一四分位数",
    "indicator.Buyer_q3": "采购人的第三四分位数",
    "indicator.Buyer_upper_fence": "采购人的上界限",
    "indicator.ProcuringEntity_q1": "招标人的第一四分位数",
    "indicator.ProcuringEntity_q3": "招标人的第三四分位数",
    "indicator.ProcuringEntity_upper_fence": "招标人的上界限",
    "indicator.Tenderer_q1": "投标人的第一四分位数",
    "indicator.Tenderer_q3": "投标人的第三四分位数",
    "indicator.Tenderer_upper_fence": "投标人的上界限",
}


def column(path: str) -> str:
    """Return the column name of a field path."""
    return path.replace(".", SEPARATOR)


def path_of(name: str) -> str:
    """Return the field path of a column name."""
    return name.replace(SEPARATOR, ".", 1)


def prefixed(table: ir.Table, prefix: str, *keep: str) -> ir.Table:
    """Rename every column to ``<prefix>__<column>``, those of `keep` left as they are."""
    names = {f"{prefix}{SEPARATOR}{name}": name for name in table.columns if name not in keep}
    return cast(ir.Table, table.select(*keep, **{new: table[old] for new, old in names.items()}))


@cache
def field_title(path: str) -> str:
    """Return the Chinese title of a field path, or the path itself when it has none."""
    if path in _DERIVED_TITLES:
        return _DERIVED_TITLES[path]
    if path in field_titles():
        return field_titles()[path]
    entity, _dot, name = path.partition(".")
    info: Any = own_fields(_ENTITY_TABLES[entity]).get(name) if entity in _ENTITY_TABLES else None
    if info is None or not info.title:
        return path
    return f"{_ENTITY_TITLES.get(entity, '')}{info.title}"
