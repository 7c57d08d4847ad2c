"""From the contract to acceptance, and the node log."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from wulian.exchange.records.fields import (
    MOST,
    Key,
    Long,
    Money,
    Ratio,
    Record,
    Short,
    SignedMoney,
    Text,
    Time,
)


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
