"""W40 督办通知: the coordinating office asks for an answer by a day; it decides nothing (REFERENCE 0.6)."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from wulian.core.documents.catalogue.base import (
    Block,
    Content,
    Lines,
    Text,
    Words,
    addressee,
    heading,
    paragraph,
    paragraphs,
    rows,
)
from wulian.core.documents.catalogue.wording import chinese_date


class SupervisionNotice(Content):
    """What was found, why an answer is asked for, what is to be done, and by when."""

    to: Text = Field(title="主送")
    person: Words = Field("", title="承办人")
    project_name: Words = Field("", title="项目")
    lot_name: Words = Field("", title="标段")
    severity: Text = Field(title="预警级别")
    found_on: date = Field(title="预警日期")
    finding: Text = Field(title="预警内容")
    reason: Lines = Field(title="督办缘由")
    demand: Lines = Field(title="督办事项")
    answer_by: date = Field(title="反馈期限")
    contact_person: Text = Field(title="联系人")
    contact_phone: Words = Field("", title="联系电话")

    def blocks(self) -> list[Block]:
        phone = f"，联系电话：{self.contact_phone}" if self.contact_phone else ""
        found = [
            ("项目", self.project_name),
            ("标段", self.lot_name),
            ("承办人", self.person),
            ("预警级别", self.severity),
            ("预警日期", chinese_date(self.found_on)),
            ("预警内容", self.finding),
        ]
        return [
            addressee(self.to),
            rows(*((label, text) for label, text in found if text)),
            heading("一、督办缘由"),
            *paragraphs(self.reason),
            heading("二、督办事项"),
            *paragraphs(self.demand),
            heading("三、反馈要求"),
            paragraph(
                f"请于{chinese_date(self.answer_by)}前将办理情况及有关材料书面反馈我办。联系人：{self.contact_person}{phone}。"
            ),
        ]

    def closing(self) -> list[Block]:
        return [paragraph("本通知督促办理和反馈，不代替执法主体依法作出的判断和决定。预警不是违法认定。")]
