"""Documents of the handling of a complaint: 询问笔录, 调查报告, 投诉处理决定书 (投诉处理办法; 招标投标法实施条例 第六十一条)."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from wulian.core.documents.catalogue.base import (
    Block,
    Content,
    Lines,
    Text,
    Words,
    heading,
    numbered,
    paragraph,
    paragraphs,
    rows,
)
from wulian.core.documents.catalogue.wording import chinese_date


class Answer(BaseModel):
    """One question of an interview and its answer."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True)

    question: Text = Field(title="问")
    answer: Text = Field(title="答")


class InterviewRecord(Content):
    """W09 询问笔录 (REFERENCE E.4; CH-5): two officers, certificate shown, rights told, recusal asked, signature of each page."""

    layout = "form"
    officers_needed: ClassVar[int] = 2

    matter: Text = Field(title="案由")
    interviewee: Text = Field(title="被询问人")
    position: Text = Field(title="单位及职务（身份）")
    began: Text = Field(title="开始时间")
    ended: Text = Field(title="结束时间")
    place: Text = Field(title="询问地点")
    interviewers: Text = Field(title="询问人")
    recorder: Text = Field(title="记录人")
    recusal: Text = Field(title="是否申请回避")
    answers: list[Answer] = Field(min_length=1, title="询问内容")

    def blocks(self) -> list[Block]:
        return [
            rows(
                ("案由", self.matter),
                ("被询问人", self.interviewee),
                ("单位及职务（身份）", self.position),
                ("询问时间", f"{self.began}至{self.ended}"),
                ("询问地点", self.place),
                ("询问人", self.interviewers),
                ("记录人", self.recorder),
            ),
            paragraph(
                f"告知：我们是{self.interviewers}，这是我们的执法证件，请过目。你有权陈述、申辩，有权申请回避；"
                "对与调查有关的问题应当如实回答。你是否听清？是否申请回避？"
            ),
            paragraph(f"答：已核对执法证件，听清了。{self.recusal}"),
            *(block for one in self.answers for block in (paragraph(f"问：{one.question}"), paragraph(f"答：{one.answer}"))),
        ]  # fmt: skip

    def closing(self) -> list[Block]:
        return [
            paragraph("以上笔录已交被询问人核对（或者向其宣读），记录与陈述一致；更正处由被询问人按指印。"),
            rows(
                ("被询问人（逐页签名）", "　\n　年　月　日"),
                ("询问人（签名）", "　\n　年　月　日"),
                ("记录人（签名）", "　\n　年　月　日"),
            ),
        ]


class ComplaintReport(Content):
    """调查报告 with its 证据目录 (REFERENCE D.6, C12)."""

    complaint_no: Text = Field(title="投诉登记号")
    complainant: Text = Field(title="投诉人")
    respondent: Text = Field(title="被投诉人")
    project_name: Text = Field(title="招标项目名称")
    source: Lines = Field(title="投诉事项及主张")
    process: Lines = Field(title="调查经过")
    defence: Text = Field(title="被投诉人的答辩")
    facts: Lines = Field(title="查明的事实")
    evidence: Lines = Field(title="证据目录")
    opinion: Lines = Field(title="调查结论及处理建议")
    basis: Lines = Field(title="依据")
    officers_needed: ClassVar[int] = 2

    def blocks(self) -> list[Block]:
        return [
            rows(
                ("投诉登记号", self.complaint_no),
                ("投诉人", self.complainant),
                ("被投诉人", self.respondent),
                ("招标项目名称", self.project_name),
            ),
            heading("一、投诉事项及主张"),
            *paragraphs(self.source),
            heading("二、调查经过"),
            *numbered(self.process),
            heading("三、被投诉人的答辩"),
            paragraph(self.defence),
            heading("四、查明的事实"),
            *paragraphs(self.facts),
            heading("五、证据目录"),
            *numbered(self.evidence),
            heading("六、调查结论及处理建议"),
            *paragraphs(self.opinion),
            paragraph(f"依据：{'；'.join(self.basis)}。"),
        ]


class ComplaintDecision(Content):
    """投诉处理决定书 (投诉处理办法 第二十二条 [M]: parties, claims, defence, facts, opinion and basis; remedies: 行政复议法 第二十条, 行政诉讼法 第四十六条)."""

    complaint_no: Text = Field(title="投诉登记号")
    complainant: Text = Field(title="投诉人")
    complainant_address: Text = Field(title="投诉人住址")
    respondent: Text = Field(title="被投诉人")
    respondent_address: Text = Field(title="被投诉人住址")
    project_name: Text = Field(title="招标项目名称")
    received_on: date = Field(title="收到日期")
    accepted_on: date = Field(title="受理日期")
    matters: Lines = Field(title="投诉事项")
    claims: Text = Field(title="投诉人主张")
    defence: Text = Field(title="被投诉人的答辩")
    process: Lines = Field(title="调查经过")
    facts: Lines = Field(title="调查认定的基本事实")
    evidence: Lines = Field(title="证据")
    opinion: Lines = Field(title="本机关认为")
    basis: Lines = Field(title="处理依据")
    orders: Lines = Field(title="处理决定")
    review_authority: Text = Field(title="行政复议机关")
    court: Text = Field(title="人民法院")
    copies: Words = Field("", title="抄送")

    def blocks(self) -> list[Block]:
        return [
            *paragraphs(
                [
                    f"投诉人：{self.complainant}",
                    f"住址：{self.complainant_address}",
                    f"被投诉人：{self.respondent}",
                    f"住址：{self.respondent_address}",
                ]
            ),
            paragraph(
                f"投诉人就“{self.project_name}”提出的投诉（登记号：{self.complaint_no}），本机关于{chinese_date(self.received_on)}收到，"
                f"于{chinese_date(self.accepted_on)}决定受理。现已审查终结。"
            ),
            heading("一、投诉事项及主张"),
            *paragraphs(self.matters),
            paragraph(f"投诉人请求：{self.claims}"),
            heading("二、被投诉人的答辩及请求"),
            paragraph(self.defence),
            heading("三、调查认定的基本事实"),
            *paragraphs(self.process),
            *paragraphs(self.facts),
            paragraph("上述事实，有下列证据证明："),
            *numbered(self.evidence),
            heading("四、处理意见及依据"),
            *(paragraph(line) for line in self.opinion),
            paragraph(f"依据{'；'.join(self.basis)}，本机关决定："),
            *numbered(self.orders),
            heading("五、救济途径"),
            paragraph(
                f"对本决定不服的，可以自收到本决定书之日起六十日内依法向{self.review_authority}申请行政复议，"
                f"也可以自收到本决定书之日起六个月内依法向{self.court}提起行政诉讼。"
            ),
        ]

    def closing(self) -> list[Block]:
        return [paragraph(f"抄送：{self.copies}")] if self.copies else []
