"""From the bid to the award."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wulian.exchange.records.fields import (
    MOST,
    BidStatus,
    Key,
    Long,
    Money,
    Record,
    Short,
    SignedMoney,
    Time,
)


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
