"""One event of an e-trading system (电子招标投标办法 第四十九条 wants the time of every step on record).

The same models serve the interface, its description and the simulator. Money is in yuan; a time without an offset is Beijing time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Union

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from wulian.exchange.records import BEIJING, MOST, Money, Time, Uscc

EARLIEST, LATEST = 2000, 2100


def _plausible(value: datetime) -> datetime:
    if not EARLIEST <= value.year < LATEST:
        raise ValueError(f"时间应在{EARLIEST}年至{LATEST - 1}年之间")
    return value.astimezone(BEIJING)


def _printable(value: str) -> str:
    if any(ord(sign) < 32 and sign not in "\n\t" for sign in value):
        raise ValueError("不应含有控制字符")
    return value


def _web_address(value: str) -> str:
    if value and not value.startswith(("https://", "http://", "rtsp://")):
        raise ValueError("应以 https://、http:// 或 rtsp:// 开头")
    return value


Moment = Annotated[Time, AfterValidator(_plausible)]
Code = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_printable)]
Name = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_printable)]
Brief = Annotated[str, Field(max_length=200), AfterValidator(_printable)]
Words = Annotated[str, Field(min_length=1, max_length=1000), AfterValidator(_printable)]
Points = Annotated[Decimal, Field(ge=-1000, le=1000, max_digits=7, decimal_places=2)]
Address = Annotated[
    str, Field(min_length=8, max_length=500), AfterValidator(_printable), AfterValidator(_web_address)
]


class Part(BaseModel):
    """Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Tenderer(Part):
    """A firm that bids."""

    name: Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_printable)] = Field(
        title="名称"
    )
    uscc: Uscc = Field("", title="统一社会信用代码")
    legal_representative: Brief = Field("", title="法定代表人")


class BidReceived(Part):
    """投标文件送达. Sealed until the opening (招标投标法 第二十二条)."""

    bid: Code = Field(title="投标编号")
    tenderer: Tenderer = Field(title="投标人")
    consortium: list[Tenderer] = Field(default_factory=list, max_length=10, title="联合体成员")
    receipt_at: Moment | None = Field(None, title="回执时间")
    encrypted: bool | None = Field(None, title="已加密")
    accepted: bool = Field(True, title="已接收")
    manager_name: Brief = Field("", title="项目负责人")
    manager_id_hash: Brief = Field("", title="项目负责人证件摘要")
    manager_certificate: Brief = Field("", title="项目负责人证书号")
    security_form: Brief = Field("", title="保证金形式")
    security_amount: Money | None = Field(None, title="保证金金额")
    security_payer: Brief = Field("", title="保证金付款户名")
    security_account: Brief = Field("", title="保证金付款账号")
    security_basic_account: bool | None = Field(None, title="基本账户转出")
    security_paid_at: Moment | None = Field(None, title="保证金到账时间")
    device_mac: Brief = Field("", title="网卡地址")
    device_cpu: Brief = Field("", title="处理器序列号")
    device_disk: Brief = Field("", title="硬盘序列号")
    device_ip: Brief = Field("", title="网络地址")
    device_lock_no: Brief = Field("", title="计价软件加密锁号")
    device_tool_version: Brief = Field("", title="制作工具版本")
    device_file_code: Brief = Field("", title="文件创建标识码")


class BidWithdrawn(Part):
    bid: Code = Field(title="投标编号")
    reason: Brief = Field("", title="理由")


class DeadlineReached(Part):
    deadline_at: Moment = Field(title="投标截止时间")


class OpeningStarted(Part):
    place: Brief = Field("", title="地点")


class BidDecrypted(Part):
    bid: Code = Field(title="投标编号")
    ok: bool = Field(title="解密成功")
    reason: Brief = Field("", title="失败原因")


class PriceRead(Part):
    bid: Code = Field(title="投标编号")
    price: Money = Field(title="报价")
    duration_days: int | None = Field(None, ge=0, le=MOST, title="工期（日）")
    quality: Brief = Field("", title="质量")


class PricesRead(Part):
    prices: list[PriceRead] = Field(min_length=1, max_length=200, title="报价")
    reserve_price_announced: bool | None = Field(None, title="已公布标底")


class OpeningObjected(Part):
    objection: Code = Field(title="异议编号")
    bid: Code | None = Field(None, title="提出异议的投标编号")
    content: Words = Field(title="内容")


class OpeningAnswered(Part):
    objection: Code = Field(title="异议编号")
    content: Words = Field(title="答复")


class OpeningFinished(Part):
    record_published_at: Moment | None = Field(None, title="开标记录公布时间")


class Member(Part):
    """A member of the committee; the name stays secret until the award is decided (招标投标法 第三十七条)."""

    member: Code = Field(title="评委编号")
    name: Name = Field(title="姓名")
    kind: Literal["expert", "representative"] = Field("expert", title="成员类型")
    id_hash: Brief = Field("", title="证件摘要")
    employer: Brief = Field("", title="工作单位")
    pool: Brief = Field("", title="专家库")
    pool_approved: bool | None = Field(None, title="来自依法组建的专家库")
    draw_no: Brief = Field("", title="抽取编号")


class CommitteeDrawn(Part):
    members: list[Member] = Field(min_length=1, max_length=31, title="评标委员会成员")
    random_draw: bool | None = Field(None, title="随机抽取")
    special_project: bool = Field(False, title="特殊招标项目")

    @model_validator(mode="after")
    def _each_once(self) -> CommitteeDrawn:
        if len({member.member for member in self.members}) < len(self.members):
            raise ValueError("评委编号重复")
        return self


class MemberSignedIn(Part):
    member: Code = Field(title="评委编号")
    verified: bool | None = Field(None, title="身份核验通过")


class EvaluationStarted(Part):
    place: Brief = Field("", title="地点")


class ItemScore(Part):
    item: Name = Field(title="评分项")
    score: Points = Field(title="得分")
    weight: Annotated[Points, Field(ge=0)] = Field(title="分值")
    objective: bool = Field(False, title="客观分")
    in_documents: bool | None = Field(None, title="招标文件已载明")

    @model_validator(mode="after")
    def _within_weight(self) -> ItemScore:
        if self.score > self.weight:
            raise ValueError(f"{self.item}：得分{self.score}不应超过分值{self.weight}")
        return self


class ScoresGiven(Part):
    """All items that one member gave one bid; sent again, they replace the earlier ones."""

    member: Code = Field(title="评委编号")
    bid: Code = Field(title="投标编号")
    items: list[ItemScore] = Field(min_length=1, max_length=100, title="评分项")

    @model_validator(mode="after")
    def _each_once(self) -> ScoresGiven:
        if len({item.item for item in self.items}) < len(self.items):
            raise ValueError("评分项重复")
        return self


class ClarificationAsked(Part):
    clarification: Code = Field(title="澄清编号")
    bid: Code = Field(title="投标编号")
    content: Words = Field(title="内容")


class ClarificationAnswered(Part):
    clarification: Code = Field(title="澄清编号")
    content: Words = Field(title="答复")


class BidRejected(Part):
    bid: Code = Field(title="投标编号")
    code: Annotated[Brief, Field(min_length=1)] = Field(title="否决理由代码")
    basis: Words = Field(title="否决依据")


class EvaluationFinished(Part):
    all_rejected: bool = Field(False, title="否决全部投标")
    competition_reasoning: Annotated[str, Field(max_length=1000), AfterValidator(_printable)] = Field(
        "", title="竞争性论证"
    )


class Candidate(Part):
    bid: Code = Field(title="投标编号")
    rank: int | None = Field(None, ge=1, le=MOST, title="排序")


class Signature(Part):
    member: Code = Field(title="评委编号")
    signed: bool = Field(title="已签字")
    dissent_noted: bool | None = Field(None, title="已书面异议或注明")


class ReportSubmitted(Part):
    candidates: list[Candidate] = Field(default_factory=list, max_length=50, title="中标候选人")
    signatures: list[Signature] = Field(default_factory=list, max_length=31, title="签字")
    received_at: Moment | None = Field(None, title="招标人收到报告时间")


class VideoPublished(Part):
    label: Name = Field(title="画面名称")
    url: Address = Field(title="网址")


class RemarkAnswered(Part):
    remark: int = Field(ge=1, le=MOST, title="监督意见编号")
    content: Words = Field(title="答复")


class _Head(Part):
    """What every event carries: ``sequence`` counts from 1 for each lot, without gaps; who did it, and from which address (电子招标投标办法 第四十九条)."""

    id: Code = Field(title="事件编号")
    lot: Code = Field(title="标段编号")
    sequence: int = Field(ge=1, le=MOST, title="序号")
    occurred_at: Moment = Field(title="发生时间")
    sent_at: Moment = Field(title="发送时间")
    operator: Brief = Field("", title="经办人")
    operator_org: Brief = Field("", title="经办单位")
    address: Brief = Field("", title="网络地址")


def _event(kind: str, title: str, data: type[Part]) -> type[_Head]:
    name = "".join(part.capitalize() for part in kind.replace(".", "_").split("_"))
    model: type[_Head] = type(
        f"{name}Event",
        (_Head,),
        {
            "__doc__": title,
            "__module__": __name__,
            "__annotations__": {"kind": Literal[kind], "data": data},
            "kind": Field(title="事件类型"),
            "data": Field(title="内容"),
        },
    )
    return model


_TABLE: tuple[tuple[str, str, type[Part]], ...] = (
    ("bid.received", "投标文件送达", BidReceived),
    ("bid.withdrawn", "投标文件撤回", BidWithdrawn),
    ("deadline.reached", "投标截止", DeadlineReached),
    ("opening.started", "开标开始", OpeningStarted),
    ("bid.decrypted", "投标文件解密", BidDecrypted),
    ("prices.read", "唱标", PricesRead),
    ("opening.objected", "开标现场异议", OpeningObjected),
    ("opening.answered", "开标异议答复", OpeningAnswered),
    ("opening.finished", "开标结束", OpeningFinished),
    ("committee.drawn", "评标委员会组建", CommitteeDrawn),
    ("member.signed_in", "评委签到", MemberSignedIn),
    ("evaluation.started", "评标开始", EvaluationStarted),
    ("scores.given", "评委打分", ScoresGiven),
    ("clarification.asked", "要求澄清", ClarificationAsked),
    ("clarification.answered", "澄清答复", ClarificationAnswered),
    ("bid.rejected", "否决投标", BidRejected),
    ("evaluation.finished", "评标结束", EvaluationFinished),
    ("report.submitted", "提交评标报告", ReportSubmitted),
    ("video.published", "音视频链接", VideoPublished),
    ("remark.answered", "监督意见答复", RemarkAnswered),
)

KINDS: Mapping[str, str] = {kind: title for kind, title, _data in _TABLE}
"""Kind of event → its Chinese name."""

MODELS: Mapping[str, type[_Head]] = {kind: _event(kind, title, data) for kind, title, data in _TABLE}
"""Kind of event → its model."""

Event = Any
"""One of MODELS: ``id, lot, sequence, kind, occurred_at, sent_at, data``."""

_ANY_EVENT: Any = Annotated[Union[tuple(MODELS.values())], Field(discriminator="kind")]  # noqa: UP007
EVENT: TypeAdapter[Any] = TypeAdapter(_ANY_EVENT)
"""Reads any event; raises ``pydantic.ValidationError``."""


def kind_label(kind: str) -> str:
    """The Chinese name of a kind of event; the kind itself when it is unknown."""
    return KINDS.get(kind, kind)


def event_digest(event: Event) -> str:
    """What makes the content of an event another one: everything but when it was sent (SHA-256, hex)."""
    content = event.model_dump(mode="json", exclude={"sent_at"})
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
