"""The neutral shape of one dossier, shared by every importer, the snapshot and the rules.

One record class is one registry model and one analysis table; the field names are the same in all three. Times are
aware; a time without an offset is read as Beijing time. Money is in yuan unless ``currency`` says otherwise.
Fields follow REFERENCE A.0 and J.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from stdnum.cn import uscc as uscc_rule

BEIJING = ZoneInfo("Asia/Shanghai")
LIST_SEPARATOR = ";"
MOST = 2_147_483_647
"""The largest count that both databases store."""


def _aware(value: datetime) -> datetime:
    return value if value.tzinfo else value.replace(tzinfo=BEIJING)


def _valid_uscc(value: str) -> str:
    if value and not uscc_rule.is_valid(value):
        raise ValueError("统一社会信用代码应为18位且校验码正确（GB 32100）")
    return value


Time = Annotated[datetime, AfterValidator(_aware)]
Money = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=2)]
SignedMoney = Annotated[Decimal, Field(max_digits=18, decimal_places=2)]
Ratio = Annotated[Decimal, Field(ge=0, le=1, max_digits=7, decimal_places=6)]
Uscc = Annotated[str, AfterValidator(_valid_uscc)]
Key = Annotated[str, Field(min_length=1, max_length=128)]
Short = Annotated[str, Field(max_length=200)]
Long = Annotated[str, Field(max_length=1000)]
Text = Annotated[str, Field(max_length=20000)]

Sector = Literal["", "housing", "transport", "water", "land", "other"]
Mode = Literal["", "open", "selective", "limited", "direct"]
Category = Literal["", "works", "goods", "survey", "design", "supervision", "services", "epc"]
NoticeKind = Literal[
    "plan",
    "prequalification",
    "tender",
    "invitation",
    "amendment",
    "candidates",
    "award",
    "contract",
    "termination",
    "exemption",
]
BidStatus = Literal["received", "valid", "disqualified", "withdrawn", "undecrypted"]


class Record(BaseModel):
    """A row of a dossier; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, validate_assignment=False)

    id: Key = Field(title="编号")


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


class BidRecord(Record):
    """投标 (bid) with device and bond fields."""

    tenderer: Key = Field(title="投标人")
    consortium: list[Key] = Field(default_factory=list, title="联合体成员")
    status: BidStatus = Field("received", title="状态")
    prequalified: bool | None = Field(None, title="通过资格预审")
    uploaded_at: Time | None = Field(None, title="上传时间")
    receipt_at: Time | None = Field(None, title="回执时间")
    encrypted: bool | None = Field(None, title="已加密")
    accepted: bool | None = Field(None, title="已接收")
    opened_early_at: Time | None = Field(None, title="截止前提取时间")
    decrypted_at: Time | None = Field(None, title="解密时间")
    withdrawn_at: Time | None = Field(None, title="撤回时间")
    price: Money | None = Field(None, title="报价")
    currency: Annotated[str, Field(max_length=3)] = Field("CNY", title="币种")
    duration_days: int | None = Field(None, ge=0, le=MOST, title="工期（日）")
    quality: Short = Field("", title="质量")
    score: SignedMoney | None = Field(None, title="总得分")
    rejection_code: Short = Field("", title="否决理由代码")
    rejection_basis: Long = Field("", title="否决依据")
    manager_name: Short = Field("", title="项目负责人")
    manager_id_hash: Short = Field("", title="项目负责人证件摘要")
    manager_certificate: Short = Field("", title="项目负责人证书号")
    contact_name: Short = Field("", title="联系人")
    contact_phone: Short = Field("", title="联系电话")
    contact_email: Short = Field("", title="联系邮箱")
    security_form: Short = Field("", title="保证金形式")
    security_amount: Money | None = Field(None, title="保证金金额")
    security_payer: Short = Field("", title="保证金付款户名")
    security_account: Short = Field("", title="保证金付款账号")
    security_basic_account: bool | None = Field(None, title="基本账户转出")
    security_paid_at: Time | None = Field(None, title="保证金到账时间")
    security_refunded_at: Time | None = Field(None, title="保证金退还时间")
    device_mac: Short = Field("", title="网卡地址")
    device_cpu: Short = Field("", title="处理器序列号")
    device_disk: Short = Field("", title="硬盘序列号")
    device_ip: Short = Field("", title="网络地址")
    device_lock_no: Short = Field("", title="计价软件加密锁号")
    device_tool_version: Short = Field("", title="制作工具版本")
    device_file_code: Short = Field("", title="文件创建标识码")


class OpeningRecord(Record):
    """开标 (open), one a lot."""

    actual_at: Time | None = Field(None, title="实际开标时间")
    place: Long = Field("", title="地点")
    bidder_count: int | None = Field(None, ge=0, le=MOST, title="投标人数")
    opened_count: int | None = Field(None, ge=0, le=MOST, title="唱标数")
    record_published_at: Time | None = Field(None, title="开标记录公布时间")
    reserve_price_announced: bool | None = Field(None, title="已公布标底")


class MemberRecord(Record):
    """评标委员会成员."""

    name: Annotated[str, Field(min_length=1, max_length=100)] = Field(title="姓名")
    id_hash: Short = Field("", title="证件摘要")
    kind: Literal["expert", "representative"] = Field("expert", title="成员类型")
    employer: Short = Field("", title="工作单位")
    pool: Short = Field("", title="专家库")
    pool_approved: bool | None = Field(None, title="来自依法组建的专家库")
    draw_no: Short = Field("", title="抽取编号")
    signed: bool | None = Field(None, title="已签字")
    dissent_noted: bool | None = Field(None, title="已书面异议或注明")
    replaced_at: Time | None = Field(None, title="更换时间")
    replacement_reason: Short = Field("", title="更换理由")


class ScoreRecord(Record):
    """评委打分: one member, one bid, one item."""

    member: Key = Field(title="评委")
    bid: Key = Field(title="投标")
    item: Short = Field("", title="评分项")
    objective: bool = Field(False, title="客观分")
    in_documents: bool | None = Field(None, title="招标文件已载明")
    weight: SignedMoney | None = Field(None, title="分值")
    score: SignedMoney = Field(title="得分")


class EvaluationRecord(Record):
    """评标 (com), one a lot."""

    drawn_at: Time | None = Field(None, title="抽取时间")
    random_draw: bool | None = Field(None, title="随机抽取")
    special_project: bool = Field(False, title="特殊招标项目")
    list_read_early: bool | None = Field(None, title="名单被提前查看")
    started_at: Time | None = Field(None, title="评标开始")
    finished_at: Time | None = Field(None, title="评标结束")
    report_at: Time | None = Field(None, title="评标报告时间")
    report_received_at: Time | None = Field(None, title="招标人收到报告时间")
    reviewed_at: Time | None = Field(None, title="招标人审查报告时间")
    all_rejected: bool = Field(False, title="否决全部投标")
    competition_reasoning: Long = Field("", title="竞争性论证")
    members: list[MemberRecord] = Field(default_factory=list)
    scores: list[ScoreRecord] = Field(default_factory=list)


class CandidateRecord(Record):
    """中标候选人 (cand)."""

    rank: int | None = Field(None, ge=1, le=MOST, title="排序")
    tenderer: Key = Field(title="候选人")
    price: Money | None = Field(None, title="报价")
    manager_name: Short = Field("", title="项目负责人")
    manager_certificate: Short = Field("", title="项目负责人证书号")


class AwardRecord(Record):
    """中标 (awd)."""

    supplier: Key | None = Field(None, title="中标人")
    price: Money | None = Field(None, title="中标价")
    currency: Annotated[str, Field(max_length=3)] = Field("CNY", title="币种")
    status: Literal["", "pending", "active", "cancelled", "unsuccessful"] = Field("", title="状态")
    decided_at: Time | None = Field(None, title="确定中标人时间")
    notice_at: Time | None = Field(None, title="中标通知书时间")
    loser_notice_at: Time | None = Field(None, title="通知未中标人时间")
    result_published_at: Time | None = Field(None, title="结果公告时间")
    report_at: Time | None = Field(None, title="书面报告时间")
    reason_not_first: Literal[
        "", "declined", "force_majeure", "no_security", "violation", "unqualified", "other"
    ] = Field("", title="未选第一名理由")
    invalid_at: Time | None = Field(None, title="认定中标无效时间")
    redetermined_at: Time | None = Field(None, title="重新确定时间")


class AmendmentRecord(Record):
    """合同变更."""

    amended_at: Time | None = Field(None, title="变更时间")
    kind: Short = Field("", title="变更类型")
    amount: SignedMoney | None = Field(None, title="变更金额")
    reason: Long = Field("", title="变更原因")
    approved_by: Short = Field("", title="批准单位")


class ImplementationRecord(Record):
    """履约事件 (perf): payment, personnel change, subcontract, suspension…"""

    kind: Literal[
        "permit",
        "start",
        "attendance",
        "manager_change",
        "subcontract",
        "payment",
        "wage",
        "suspension",
        "resumption",
        "inspection",
        "other",
    ] = Field(title="事件类型")
    occurred_at: Time | None = Field(None, title="发生时间")
    amount: Money | None = Field(None, title="金额")
    party: Key | None = Field(None, title="相对方")
    reference_no: Short = Field("", title="文号")
    approved: bool | None = Field(None, title="已批准或备案")
    description: Text = Field("", title="说明")


class AcceptanceRecord(Record):
    """竣工验收与结算 (acc, stl), one a contract."""

    report_at: Time | None = Field(None, title="验收报告时间")
    accepted_at: Time | None = Field(None, title="验收合格时间")
    filed_at: Time | None = Field(None, title="备案时间")
    in_use_at: Time | None = Field(None, title="投入使用时间")
    missing_documents: Long = Field("", title="缺失资料")
    settlement_submitted_at: Time | None = Field(None, title="结算送审时间")
    settlement_reviewed_at: Time | None = Field(None, title="结算审定时间")
    settlement_amount: Money | None = Field(None, title="结算价")
    paid_ratio: Ratio | None = Field(None, title="已付比例")
    archived_at: Time | None = Field(None, title="归档时间")


class ContractRecord(Record):
    """合同 (con) with the start-up facts of performance."""

    contract_no: Short = Field("", title="合同编号")
    supplier: Key | None = Field(None, title="承包人")
    signed_at: Time | None = Field(None, title="签订时间")
    price: Money | None = Field(None, title="合同价")
    currency: Annotated[str, Field(max_length=3)] = Field("CNY", title="币种")
    duration_days: int | None = Field(None, ge=0, le=MOST, title="工期（日）")
    manager_name: Short = Field("", title="项目负责人")
    performance_security_required: bool | None = Field(None, title="要求履约保证金")
    performance_security_amount: Money | None = Field(None, title="履约保证金")
    performance_security_at: Time | None = Field(None, title="履约保证金到账时间")
    payment_guarantee_no: Short = Field("", title="工程款支付担保编号")
    labour_cycle_days: int | None = Field(None, ge=0, le=MOST, title="人工费拨付周期（日）")
    payment_term_days: int | None = Field(None, ge=0, le=MOST, title="付款期限（日）")
    retention_ratio: Ratio | None = Field(None, title="质保金比例")
    published_at: Time | None = Field(None, title="合同公开时间")
    post_evaluation_at: Time | None = Field(None, title="招标后评价时间")
    permit_no: Short = Field("", title="施工许可证号")
    permit_at: Time | None = Field(None, title="施工许可时间")
    started_at: Time | None = Field(None, title="开工时间")
    quality_registered_at: Time | None = Field(None, title="质量监督手续时间")
    wage_account_at: Time | None = Field(None, title="工资专户开立时间")
    wage_deposit_no: Short = Field("", title="工资保证金凭证号")
    status: Short = Field("", title="状态")
    amendments: list[AmendmentRecord] = Field(default_factory=list)
    implementation: list[ImplementationRecord] = Field(default_factory=list)
    acceptance: AcceptanceRecord | None = None


NODE_CODES = tuple(f"N{n:02d}" for n in range(1, 19))


class NodeRecord(Record):
    """节点留痕 (电子招标投标办法 第四十九条: time, network address, person of each step)."""

    code: str = Field(title="节点", pattern=r"^N(0[1-9]|1[0-8])$")
    planned_at: Time | None = Field(None, title="计划时间")
    actual_at: Time | None = Field(None, title="实际时间")
    operator: Short = Field("", title="经办人")
    operator_org: Short = Field("", title="经办单位")
    source_ip: Short = Field("", title="网络地址")
    evidence: Long = Field("", title="佐证材料")
    exception: Long = Field("", title="异常情况")


class LotDossier(LotRecord):
    """A lot with all that hangs from it."""

    notices: list[NoticeRecord] = Field(default_factory=list)
    documents: list[BiddingDocumentsRecord] = Field(default_factory=list)
    clarifications: list[ClarificationRecord] = Field(default_factory=list)
    objections: list[ObjectionRecord] = Field(default_factory=list)
    bids: list[BidRecord] = Field(default_factory=list)
    opening: OpeningRecord | None = None
    evaluation: EvaluationRecord | None = None
    candidates: list[CandidateRecord] = Field(default_factory=list)
    awards: list[AwardRecord] = Field(default_factory=list)
    contracts: list[ContractRecord] = Field(default_factory=list)
    nodes: list[NodeRecord] = Field(default_factory=list)


class TenderDossier(TenderRecord):
    """A tender with its lots."""

    lots: list[LotDossier] = Field(default_factory=list)


class ProjectDossier(ProjectRecord):
    """A project with its tenders."""

    tenders: list[TenderDossier] = Field(default_factory=list)
    nodes: list[NodeRecord] = Field(default_factory=list)


class DossierRecord(BaseModel):
    """What one source says about one project: the unit that is imported whole or not at all.

    ``released_at`` orders versions of the same ``source_system`` + ``source_id``; an older one changes nothing.
    ``told`` names the tables that this release speaks about (None: all of them): a row it does not name has ended only
    in those. ``notes`` says what the reader rounded, cut or left out.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    source_system: Key
    source_id: Key
    released_at: Time | None = None
    raw_hash: str = ""
    told: frozenset[str] | None = None
    notes: list[str] = Field(default_factory=list)
    parties: list[PartyRecord] = Field(default_factory=list)
    project: ProjectDossier

    @model_validator(mode="after")
    def _references_exist(self) -> DossierRecord:
        """Each party, member and bid that a row names is in the dossier, and no two rows of a parent share an id."""
        known = {party.id for party in self.parties}
        if len(known) < len(self.parties):
            raise ValueError("主体编号重复")
        _require_unique("tenders", self.project.tenders)
        for tender in self.project.tenders:
            _require_unique("lots", tender.lots)
        for table, row, _parents in iterate_rows(self):
            for field in PARTY_FIELDS.get(table, ()):
                named = getattr(row, field)
                for key in named if isinstance(named, list) else [named]:
                    if key and key not in known:
                        raise ValueError(f"{table} {row.id}: {field} 引用了不存在的主体 {key}")
            if isinstance(row, LotDossier):
                _check_lot(row)
            elif isinstance(row, ContractRecord):
                _require_unique("amendments", row.amendments)
                _require_unique("implementation", row.implementation)
        return self


def _require_unique(table: str, rows: list[Any]) -> None:
    if len(rows) > 1 and len({row.id for row in rows}) < len(rows):
        raise ValueError(f"{table}: 编号重复")


def _check_lot(lot: LotDossier) -> None:
    for attribute, table in _CHILDREN["lots"]:
        rows = getattr(lot, attribute)
        if isinstance(rows, list):
            _require_unique(table, rows)
    if lot.evaluation is None:
        return
    _require_unique("members", lot.evaluation.members)
    _require_unique("scores", lot.evaluation.scores)
    members = {member.id for member in lot.evaluation.members}
    bids = {bid.id for bid in lot.bids}
    for score in lot.evaluation.scores:
        if score.member not in members:
            raise ValueError(f"scores {score.id}: member 引用了不存在的评委 {score.member}")
        if score.bid not in bids:
            raise ValueError(f"scores {score.id}: bid 引用了不存在的投标 {score.bid}")


TABLES: dict[str, type[Record]] = {
    "parties": PartyRecord,
    "projects": ProjectRecord,
    "tenders": TenderRecord,
    "lots": LotRecord,
    "notices": NoticeRecord,
    "documents": BiddingDocumentsRecord,
    "clarifications": ClarificationRecord,
    "objections": ObjectionRecord,
    "bids": BidRecord,
    "openings": OpeningRecord,
    "evaluations": EvaluationRecord,
    "members": MemberRecord,
    "scores": ScoreRecord,
    "candidates": CandidateRecord,
    "awards": AwardRecord,
    "contracts": ContractRecord,
    "amendments": AmendmentRecord,
    "implementation": ImplementationRecord,
    "acceptances": AcceptanceRecord,
    "nodes": NodeRecord,
}
"""Table name → record class, parents before children."""

PARENTS: dict[str, str] = {
    "tenders": "project",
    "lots": "tender",
    **dict.fromkeys(
        (
            "notices",
            "documents",
            "clarifications",
            "objections",
            "bids",
            "openings",
            "evaluations",
            "candidates",
            "awards",
            "contracts",
        ),
        "lot",
    ),
    "members": "evaluation",
    "scores": "evaluation",
    "amendments": "contract",
    "implementation": "contract",
    "acceptances": "contract",
    "nodes": "project",
}
"""Table → name of the parent column (``<parent>_id`` in the analysis tables)."""

PARTY_FIELDS: dict[str, tuple[str, ...]] = {
    "projects": ("owner",),
    "tenders": ("procuring_entity", "agency"),
    "objections": ("objector",),
    "bids": ("tenderer", "consortium"),
    "candidates": ("tenderer",),
    "awards": ("supplier",),
    "contracts": ("supplier",),
    "implementation": ("party",),
}
"""Table → fields that hold a party id."""

_CHILDREN: dict[str, tuple[tuple[str, str], ...]] = {
    "projects": (("tenders", "tenders"), ("nodes", "nodes")),
    "tenders": (("lots", "lots"),),
    "lots": (
        ("notices", "notices"),
        ("documents", "documents"),
        ("clarifications", "clarifications"),
        ("objections", "objections"),
        ("bids", "bids"),
        ("opening", "openings"),
        ("evaluation", "evaluations"),
        ("candidates", "candidates"),
        ("awards", "awards"),
        ("contracts", "contracts"),
        ("nodes", "nodes"),
    ),
    "evaluations": (("members", "members"), ("scores", "scores")),
    "contracts": (
        ("amendments", "amendments"),
        ("implementation", "implementation"),
        ("acceptance", "acceptances"),
    ),
}


def iterate_rows(dossier: DossierRecord) -> Iterator[tuple[str, Record, dict[str, Record]]]:
    """Yield ``(table, row, ancestors)`` for each row, parents before children; ancestors by singular name."""
    for party in dossier.parties:
        yield "parties", party, {}
    yield from _walk("projects", dossier.project, {})


_SINGULAR = {
    "projects": "project",
    "tenders": "tender",
    "lots": "lot",
    "evaluations": "evaluation",
    "contracts": "contract",
}


def _walk(
    table: str, row: Record, ancestors: dict[str, Record]
) -> Iterator[tuple[str, Record, dict[str, Record]]]:
    yield table, row, ancestors
    below = {**ancestors, _SINGULAR[table]: row} if table in _SINGULAR else ancestors
    for attribute, child_table in _CHILDREN.get(table, ()):
        value = getattr(row, attribute)
        for child in value if isinstance(value, list) else [value] if value is not None else []:
            yield from _walk(child_table, child, below)


def own_fields(table: str) -> dict[str, Any]:
    """The columns of ``table`` itself, in order: field name → pydantic FieldInfo, nested rows left out."""
    nested = {attribute for attribute, _child in _CHILDREN.get(table, ())}
    return {name: info for name, info in TABLES[table].model_fields.items() if name not in nested}


def choices(literal: Any) -> tuple[str, ...]:
    """The values a Literal allows."""
    return tuple(value for value in get_args(literal) if value)
