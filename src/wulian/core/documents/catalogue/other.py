"""受理通知书, 会商纪要, and the general form of every other document."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from wulian.core.documents.catalogue.base import (
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
from wulian.core.documents.catalogue.wording import chinese_date


class AdmissionNotice(Content):
    """受理通知书 (招标投标法实施条例 第六十一条: the 30 working days run from receipt)."""

    complainant: Text = Field(title="投诉人")
    complaint_no: Text = Field(title="投诉登记号")
    received_on: date = Field(title="收到日期")
    accepted_on: date = Field(title="受理日期")
    project_name: Text = Field(title="招标项目名称")
    matter: Text = Field(title="投诉事项")
    respondent: Text = Field(title="被投诉人")
    decide_by: date = Field(title="处理期限届满日")
    decide_by_is_provisional: bool = Field(False, title="期限暂定")
    contact_person: Text = Field(title="联系人")
    contact_phone: Text = Field(title="联系电话")

    def blocks(self) -> list[Block]:
        provisional = "（暂定，以国务院公布的节假日安排为准）" if self.decide_by_is_provisional else ""
        return [
            addressee(self.complainant),
            paragraph(
                f"你（单位）就“{self.project_name}”提出的投诉（登记号：{self.complaint_no}），本机关于{chinese_date(self.received_on)}收到。"
                f"被投诉人：{self.respondent}。投诉事项：{self.matter}"
            ),
            paragraph(
                f"经审查，符合受理条件，本机关决定于{chinese_date(self.accepted_on)}受理。根据《中华人民共和国招标投标法实施条例》"
                f"第六十一条的规定，本机关将在{chinese_date(self.decide_by)}{provisional}前作出书面处理决定；"
                "需要检验、检测、鉴定、专家评审的，所需时间不计算在内。"
            ),
            paragraph(f"联系人：{self.contact_person}；联系电话：{self.contact_phone}。"),
        ]


class Opinion(BaseModel):
    """One unit's opinion in a consultation."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    unit: Text = Field(title="单位")
    person: Text = Field(title="发言人")
    opinion: Text = Field(title="意见")


class ConsultationMinutes(Content):
    """W51 会商纪要 (REFERENCE I.4): coordination only, it does not replace the authority's decision."""

    subject: Text = Field(title="议题")
    held_at: Text = Field(title="时间")
    place: Text = Field(title="地点")
    host: Text = Field(title="主持人")
    recorder: Text = Field(title="记录人")
    attendees: Lines = Field(title="参加人员")
    observers: list[Text] = Field(default_factory=list, title="列席人员")
    materials: list[Text] = Field(default_factory=list, title="材料清单")
    facts: Lines = Field(title="基本情况")
    disputes: list[Text] = Field(default_factory=list, title="争议焦点")
    opinions: list[Opinion] = Field(min_length=1, title="各方意见")
    law: list[Text] = Field(default_factory=list, title="法律依据")
    unanimity: Literal["一致", "多数", "保留"] = Field(title="结论形式")
    conclusion: Lines = Field(title="结论")
    dissent: Words = Field("", title="保留意见")
    responsible_unit: Text = Field(title="责任单位")
    feedback_by: date | None = Field(None, title="反馈期限")
    confidentiality: Text = Field("内部", title="知悉范围")

    def blocks(self) -> list[Block]:
        body = [
            rows(
                ("议题", self.subject),
                ("时间", self.held_at),
                ("地点", self.place),
                ("主持人", self.host),
                ("记录人", self.recorder),
                ("参加人员", "、".join(self.attendees)),
                ("列席人员", "、".join(self.observers)),
                ("材料清单", "\n".join(self.materials)),
                ("知悉范围", self.confidentiality),
            ),
            heading("一、基本情况"),
            *paragraphs(self.facts),
        ]
        if self.disputes:
            body += [heading("争议焦点"), *numbered(self.disputes)]
        body += [
            heading("二、各方意见"),
            *(paragraph(f"{o.unit}（{o.person}）：{o.opinion}") for o in self.opinions),
        ]
        if self.law:
            body += [heading("三、法律依据"), *paragraphs(self.law)]
        body += [
            heading("四、结论"),
            paragraph(f"会商形成{self.unanimity}意见："),
            *numbered(self.conclusion),
        ]
        if self.dissent:
            body.append(paragraph(f"保留意见：{self.dissent}"))
        due = f"，{chinese_date(self.feedback_by)}前反馈" if self.feedback_by else ""
        return [*body, heading("五、责任分工"), paragraph(f"由{self.responsible_unit}负责落实{due}。")]

    def closing(self) -> list[Block]:
        return [paragraph("本纪要供执法主体决策参考，不代替其负责人依法作出的决定。")]


class GeneralDocument(Content):
    """Any other document of the catalogue: party or addressee, rows of label and value, paragraphs."""

    party: Party | None = Field(None, title="当事人")
    to: Words = Field("", title="主送")
    fields: dict[Text, Text] = Field(default_factory=dict, title="栏目")
    body: Lines = Field(title="正文")

    def blocks(self) -> list[Block]:
        found: list[Block] = [addressee(self.to)] if self.to else []
        if self.party:
            found += party_blocks(self.party)
        if self.fields:
            found.append(rows(*self.fields.items()))
        return [*found, *paragraphs(self.body)]
