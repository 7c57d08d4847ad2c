"""From the project to what bidders are told and object to."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from wulian.exchange.records.fields import (
    MOST,
    Category,
    Key,
    Long,
    Mode,
    Money,
    NoticeKind,
    Ratio,
    Record,
    Sector,
    Short,
    Text,
    Time,
    Uscc,
)


class PartyRecord(Record):
    """主体: a firm, an authority or a person that takes part; referred to elsewhere by ``id``."""

    name: Annotated[str, Field(min_length=1, max_length=300)] = Field(title="名称")
    uscc: Uscc = Field("", title="统一社会信用代码")
    scheme: Short = Field("", title="其他标识体系")
    scheme_id: Short = Field("", title="其他标识号")
    kind: Literal["", "enterprise", "institution", "government", "person"] = Field("", title="主体类型")
    is_sme: bool | None = Field(None, title="中小企业")
    legal_representative: Short = Field("", title="法定代表人")
    region_code: Short = Field("", title="行政区划")
    address: Long = Field("", title="地址")
    phone: Short = Field("", title="电话")
    email: Short = Field("", title="电子邮箱")


class ProjectRecord(Record):
    """项目 (prj): the investment project, one file from approval to acceptance."""

    project_code: Short = Field("", title="项目代码")
    name: Annotated[str, Field(min_length=1, max_length=300)] = Field(title="项目名称")
    owner: Key | None = Field(None, title="项目单位")
    sector: Sector = Field("", title="行业")
    region_code: Short = Field("", title="行政区划")
    address: Long = Field("", title="建设地点")
    approval_type: Literal["", "approval", "verification", "filing"] = Field("", title="审批类型")
    approval_required: bool | None = Field(None, title="依法须审批")
    approval_no: Short = Field("", title="批准文号")
    approved_on: date | None = Field(None, title="批准日期")
    approval_org: Short = Field("", title="审批部门")
    approved_mode: Mode = Field("", title="核准招标方式")
    approved_org_form: Literal["", "entrusted", "self"] = Field("", title="核准招标组织形式")
    total_investment: Money | None = Field(None, title="总投资")
    estimate: Money | None = Field(None, title="估算")
    budget: Money | None = Field(None, title="概算")
    budget_report_no: Short = Field("", title="超概算报告文号")
    budget_funds: Money | None = Field(None, title="预算资金")
    fund_sources: Long = Field("", title="资金来源")
    state_dominant: bool | None = Field(None, title="国有资金控股或主导")
    gov_investment: bool | None = Field(None, title="政府投资")
    is_key_project: bool | None = Field(None, title="重点项目")
    funds_confirmed: bool | None = Field(None, title="资金已落实")


class TenderRecord(Record):
    """招标项目 (tp)."""

    tender_code: Short = Field("", title="招标项目编号")
    name: Annotated[str, Field(min_length=1, max_length=300)] = Field(title="招标项目名称")
    description: Text = Field("", title="招标内容")
    procuring_entity: Key | None = Field(None, title="招标人")
    agency: Key | None = Field(None, title="代理机构")
    agency_contract_no: Short = Field("", title="代理合同编号")
    mode: Mode = Field("", title="招标方式")
    mode_details: Long = Field("", title="招标方式说明")
    org_form: Literal["", "entrusted", "self"] = Field("", title="招标组织形式")
    must_tender: bool | None = Field(None, title="依法必须招标")
    exemption_code: Short = Field("", title="不招标理由代码")
    exemption_publicity_url: Long = Field("", title="不招标公示网址")
    is_secret: bool = Field(False, title="涉密")
    invitation_ground: Literal["", "TL8-1", "TL8-2", "ZBF11"] = Field("", title="邀请招标理由")
    invitation_approval_no: Short = Field("", title="邀请招标批准文号")
    change_approval_no: Short = Field("", title="核准内容变更批准文号")
    self_tender_filing_no: Short = Field("", title="自行招标备案号")
    invitee_count: int | None = Field(None, ge=0, le=MOST, title="受邀单位数")
    fair_review_no: Short = Field("", title="公平竞争审查文号")
    supervising_authority: Short = Field("", title="行政监督部门")
    plan_published_at: Time | None = Field(None, title="招标计划发布时间")
    currency: Annotated[str, Field(max_length=3)] = Field("CNY", title="币种")
    status: Short = Field("", title="状态")


class LotRecord(Record):
    """标段 (sec)."""

    lot_code: Short = Field("", title="标段编号")
    name: Annotated[str, Field(min_length=1, max_length=300)] = Field(title="标段名称")
    category: Category = Field("", title="标段类别")
    classification: Short = Field("", title="交易分类代码")
    estimated_price: Money | None = Field(None, title="估算价")
    ceiling_price: Money | None = Field(None, title="最高投标限价")
    ceiling_stated: bool | None = Field(None, title="限价或计算方法已载明")
    floor_price: Money | None = Field(None, title="最低限价")
    has_reserve_price: bool | None = Field(None, title="设标底")
    consortium_allowed: bool | None = Field(None, title="接受联合体")
    bid_valid_days: int | None = Field(None, ge=0, le=MOST, title="投标有效期（日）")
    bid_security_amount: Money | None = Field(None, title="投标保证金")
    bid_security_forms: Long = Field("", title="投标保证金形式")
    bid_security_valid_days: int | None = Field(None, ge=0, le=MOST, title="保证金有效期（日）")
    performance_security_ratio: Ratio | None = Field(None, title="履约保证金比例")
    award_mode: Literal["regular", "separate"] = Field("regular", title="定标方式")
    prequalification: bool = Field(False, title="资格预审")
    qualified_count: int | None = Field(None, ge=0, le=MOST, title="资格预审合格数")
    review_committee_formed: bool | None = Field(None, title="已组建资审委员会")
    terminated_at: Time | None = Field(None, title="终止时间")
    refunds_completed_at: Time | None = Field(None, title="退费完成时间")
    retendered_at: Time | None = Field(None, title="重新招标时间")
    status: Short = Field("", title="状态")


class NoticeRecord(Record):
    """公告、公示 (ann)."""

    kind: NoticeKind = Field(title="公告类型")
    title: Annotated[str, Field(min_length=1, max_length=300)] = Field(title="标题")
    published_at: Time | None = Field(None, title="发布时间")
    ends_at: Time | None = Field(None, title="截止时间")
    platform_published_at: Time | None = Field(None, title="交易平台发布时间")
    media: Long = Field("", title="发布媒介")
    url: Long = Field("", title="网址")
    access_url: Long = Field("", title="交易平台网址")
    objection_contact: Long = Field("", title="异议受理渠道")
    missing_items: Long = Field("", title="缺失要素")
    content_hash: Short = Field("", title="内容摘要值")


class BiddingDocumentsRecord(Record):
    """招标文件、资格预审文件 (doc), one row a version."""

    kind: Literal["tender", "prequalification"] = Field("tender", title="文件类型")
    version: int = Field(1, ge=1, le=MOST, title="版本")
    issued_at: Time | None = Field(None, title="发出时间")
    sale_starts_at: Time | None = Field(None, title="发售开始")
    sale_ends_at: Time | None = Field(None, title="发售截止")
    fee: Money | None = Field(None, title="文件工本费")
    deadline_at: Time | None = Field(None, title="投标截止时间")
    opening_at: Time | None = Field(None, title="计划开标时间")
    standard_text: bool | None = Field(None, title="使用标准文本")
    file_name: Long = Field("", title="文件名")
    file_hash: Short = Field("", title="文件摘要值")
    url: Long = Field("", title="网址")


class ClarificationRecord(Record):
    """澄清、修改 (clar)."""

    kind: Literal["tender", "prequalification"] = Field("tender", title="针对文件")
    issued_at: Time | None = Field(None, title="发出时间")
    affects_bids: bool | None = Field(None, title="可能影响投标文件编制")
    new_deadline_at: Time | None = Field(None, title="顺延后的截止时间")
    downloader_count: int | None = Field(None, ge=0, le=MOST, title="获取文件单位数")
    notified_count: int | None = Field(None, ge=0, le=MOST, title="已通知单位数")
    content: Text = Field("", title="内容")


class ObjectionRecord(Record):
    """异议 (obj)."""

    target: Literal["prequalification_documents", "bidding_documents", "opening", "evaluation"] = Field(
        title="异议对象"
    )
    objector: Key | None = Field(None, title="异议人")
    received_at: Time | None = Field(None, title="收到时间")
    replied_at: Time | None = Field(None, title="答复时间")
    suspended_from: Time | None = Field(None, title="暂停开始")
    suspended_to: Time | None = Field(None, title="暂停结束")
    on_platform: bool | None = Field(None, title="通过平台办理")
    content: Text = Field("", title="内容")
