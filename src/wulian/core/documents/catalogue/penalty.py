"""Documents of a penalty case: 立案审批表, 事先告知书, 决定书, 送达回证 (行政处罚法)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import Field

from wulian.core.documents.catalogue.base import (
    Amount,
    Block,
    Content,
    Lines,
    Party,
    Text,
    Words,
    addressee,
    heading,
    numbered,
    paragraph,
    paragraphs,
    party_blocks,
    rows,
)
from wulian.core.documents.catalogue.wording import chinese_date, money


class FilingApproval(Content):
    """W03 立案审批表 (行政处罚法 第五十四条)."""

    layout = "form"
    officers_needed: ClassVar[int] = 2

    case_no: Text = Field(title="案号")
    case_cause: Text = Field(title="案由")
    source: Text = Field(title="案件来源")
    party: Party = Field(title="当事人")
    conduct_time: Text = Field(title="违法行为发生时间")
    conduct_place: Text = Field(title="违法行为发生地点")
    facts: Lines = Field(title="简要案情")
    provisions: Lines = Field(title="涉嫌违反的规定")
    officer_opinion: Text = Field(title="承办人意见")
    section_opinion: Text = Field(title="承办机构负责人意见")
    head_opinion: Text = Field(title="机关负责人意见")
    head_name: Text = Field(title="机关负责人")
    filed_on: date = Field(title="立案日期")

    def blocks(self) -> list[Block]:
        return [
            rows(
                ("案号", self.case_no),
                ("案由", self.case_cause),
                ("案件来源", self.source),
                ("当事人", "\n".join(self.party.lines())),
                ("违法行为发生时间", self.conduct_time),
                ("违法行为发生地点", self.conduct_place),
                ("简要案情", "\n".join(self.facts)),
                ("涉嫌违反的规定", "\n".join(self.provisions)),
                ("承办人意见", self.officer_opinion),
                ("承办机构负责人意见", self.section_opinion),
                ("机关负责人意见", f"{self.head_opinion}\n{self.head_name}\n{chinese_date(self.filed_on)}"),
            )
        ]


class AdvanceNotice(Content):
    """W22 行政处罚事先告知书 (行政处罚法 第四十四条、第四十五条; hearing: 第六十三条、第六十四条)."""

    officers_needed: ClassVar[int] = 2

    party: Party = Field(title="当事人")
    case_no: Text = Field(title="案号")
    case_cause: Text = Field(title="案由")
    facts: Lines = Field(title="违法事实")
    evidence: Lines = Field(title="证据")
    provisions: Lines = Field(title="违反的规定")
    penalty_basis: Lines = Field(title="处罚依据")
    discretion_reasons: Lines = Field(title="裁量理由")
    proposed_penalties: Lines = Field(title="拟作出的处罚")
    statement_days: int = Field(5, ge=3, title="陈述申辩期限（工作日）")
    hearing_offered: bool = Field(title="告知听证权利")
    contact_address: Text = Field(title="联系地址")
    contact_person: Text = Field(title="联系人")
    contact_phone: Text = Field(title="联系电话")

    def blocks(self) -> list[Block]:
        body = [addressee(self.party.name), *party_blocks(self.party)[1:]]
        body.append(
            paragraph(
                f"本机关对你（单位）{self.case_cause}一案（案号：{self.case_no}）调查终结。现将有关事项告知如下："
            )
        )
        body += [heading("一、违法事实"), *paragraphs(self.facts)]
        body += [heading("二、证据"), *numbered(self.evidence)]
        body += [
            heading("三、违反的规定和处罚依据"),
            *paragraphs(self.provisions),
            *paragraphs(self.penalty_basis),
        ]
        body += [heading("四、裁量理由"), *paragraphs(self.discretion_reasons)]
        body += [heading("五、拟作出的行政处罚"), *numbered(self.proposed_penalties)]
        return [*body, heading("六、你（单位）享有的权利"), *self._rights()]

    def _rights(self) -> list[Block]:
        found = [
            paragraph(
                "根据《中华人民共和国行政处罚法》第四十四条、第四十五条的规定，你（单位）有权进行陈述和申辩。请在收到本告知书之日起"
                f"{self.statement_days}个工作日内向本机关提出；逾期未提出的，视为放弃。本机关不因陈述、申辩而给予更重的处罚。"
            )
        ]
        if self.hearing_offered:
            found.append(
                paragraph(
                    "根据《中华人民共和国行政处罚法》第六十三条、第六十四条的规定，你（单位）有权要求听证。要求听证的，请在收到本告知书"
                    "之日起五个工作日内提出；逾期未提出的，视为放弃。听证不收取费用。"
                )
            )
        where = f"联系地址：{self.contact_address}；联系人：{self.contact_person}；联系电话：{self.contact_phone}。"
        return [*found, paragraph(where)]


class PenaltyDecision(Content):
    """W29 行政处罚决定书 (行政处罚法 第五十九条: six items, and the seal)."""

    officers_needed: ClassVar[int] = 2

    party: Party = Field(title="当事人")
    case_no: Text = Field(title="案号")
    case_cause: Text = Field(title="案由")
    procedure: Lines = Field(title="办案经过")
    facts: Lines = Field(title="违法事实")
    evidence: Lines = Field(title="证据")
    notice_no: Text = Field(title="事先告知书文号")
    notice_served_on: date = Field(title="事先告知书送达日期")
    statement: Text = Field(title="陈述申辩和听证情况")
    statement_answer: Text = Field(title="陈述申辩的复核意见")
    provisions: Lines = Field(title="违反的规定")
    penalty_basis: Lines = Field(title="处罚依据")
    discretion_tier: Text = Field(title="裁量阶次")
    discretion_reasons: Lines = Field(title="裁量理由")
    penalties: Lines = Field(title="处罚种类")
    correction: Words = Field("", title="责令改正")
    fine: Amount | None = Field(None, title="罚款金额（元）")
    fine_formula: Words = Field("", title="罚款计算式")
    confiscation: Amount | None = Field(None, title="没收违法所得（元）")
    payment_bank: Words = Field("", title="缴款银行")
    payment_account_name: Words = Field("", title="缴款户名")
    payment_account: Words = Field("", title="缴款账号")
    review_authority: Text = Field(title="行政复议机关")
    court: Text = Field(title="人民法院")
    publicity: Text = Field(
        "本决定书将依照《中华人民共和国行政处罚法》第四十八条和《中华人民共和国招标投标法实施条例》第七十八条的规定公开。",
        title="公示告知",
    )
    decided_on: date = Field(title="决定日期")

    def missing(self) -> list[str]:
        """Name the fields that money to be paid makes necessary."""
        needed = ["payment_bank", "payment_account_name", "payment_account"] if self.is_payable else []
        if self.fine is not None:
            needed.append("fine_formula")
        return [name for name in needed if not getattr(self, name)]

    @property
    def is_payable(self) -> bool:
        """Whether the party has money to pay."""
        return self.fine is not None or self.confiscation is not None

    def blocks(self) -> list[Block]:
        body = [*party_blocks(self.party)]
        body.append(paragraph(f"案由：{self.case_cause}（案号：{self.case_no}）"))
        body += paragraphs(self.procedure)
        body += [heading("一、违法事实"), *paragraphs(self.facts)]
        body += [heading("二、证据"), paragraph("上述事实，有下列证据证明："), *numbered(self.evidence)]
        body += [heading("三、事先告知与陈述申辩"), *self._hearing_of_the_party()]
        body += [heading("四、法律依据和裁量理由"), *self._grounds()]
        body += [heading("五、处罚决定"), *self._decision()]
        return [
            *body,
            heading("六、履行方式和期限"),
            *self._payment(),
            heading("七、救济途径和期限"),
            *self._remedies(),
        ]

    def _hearing_of_the_party(self) -> list[Block]:
        notice = f"本机关于{chinese_date(self.notice_served_on)}向当事人送达《行政处罚事先告知书》（{self.notice_no}）。"
        return [paragraph(notice + self.statement), paragraph(f"本机关认为：{self.statement_answer}")]

    def _grounds(self) -> list[Block]:
        return [
            paragraph(f"当事人的上述行为违反了{'；'.join(self.provisions)}。"),
            paragraph(f"处罚依据：{'；'.join(self.penalty_basis)}。"),
            paragraph(f"裁量阶次：{self.discretion_tier}。"),
            *paragraphs(self.discretion_reasons),
        ]

    def _decision(self) -> list[Block]:
        found = [paragraph("根据上述规定，本机关决定："), *numbered(self.penalties)]
        if self.correction:
            found.append(paragraph(f"责令改正：{self.correction}"))
        if self.fine is not None:
            found.append(paragraph(f"罚款金额：{money(self.fine)}。计算式：{self.fine_formula}。"))
        if self.confiscation is not None:
            found.append(paragraph(f"没收违法所得：{money(self.confiscation)}。"))
        return found

    def _payment(self) -> list[Block]:
        if not self.is_payable:
            return [paragraph("当事人应当自收到本决定书之日起履行本决定。")]
        found = [
            paragraph(
                "当事人应当自收到本决定书之日起十五日内，到下列指定的银行缴纳（《中华人民共和国行政处罚法》第六十七条第三款）："
                f"{self.payment_bank}，户名：{self.payment_account_name}，账号：{self.payment_account}。"
            )
        ]
        if self.fine is not None:
            found.append(
                paragraph(
                    "到期不缴纳罚款的，根据《中华人民共和国行政处罚法》第七十二条的规定，每日按罚款数额的百分之三加处罚款，"
                    "加处罚款的数额不超出罚款的数额；行政复议或者行政诉讼期间，加处罚款的数额不予计算（第七十三条第三款）。"
                )
            )
        return found

    def _remedies(self) -> list[Block]:
        return [
            paragraph(
                f"当事人对本决定不服的，可以自收到本决定书之日起六十日内向{self.review_authority}申请行政复议，"
                f"也可以自收到本决定书之日起六个月内依法向{self.court}提起行政诉讼。"
            ),
            paragraph(self.publicity),
        ]


class ServiceReceipt(Content):
    """W32 送达回证 (行政处罚法 第六十一条)."""

    layout = "form"
    officers_needed: ClassVar[int] = 2

    case_cause: Text = Field(title="案由")
    recipient: Text = Field(title="受送达人")
    served_document: Text = Field(title="送达文书名称")
    served_document_no: Text = Field(title="送达文书文号")
    mode: Text = Field(title="送达方式")
    place: Text = Field(title="送达地点")
    served_at: Text = Field(title="送达时间")
    receiver: Text = Field(title="签收人")
    refusal_note: Words = Field("", title="拒收或者代收情况")
    witness: Words = Field("", title="见证人")

    def blocks(self) -> list[Block]:
        return [
            rows(
                ("案由", self.case_cause),
                ("受送达人", self.recipient),
                ("送达文书名称及文号", f"{self.served_document}（{self.served_document_no}）"),
                ("送达方式", self.mode),
                ("送达地点", self.place),
                ("送达时间", self.served_at),
                ("签收人", self.receiver),
                ("拒收或者代收情况", self.refusal_note),
                ("见证人", self.witness),
            )
        ]
