"""The document catalogue: which data each template needs and what it prints (REFERENCE E.4)."""

from __future__ import annotations

from dataclasses import dataclass

from wulian.core.documents.catalogue.base import Block, Content, Party
from wulian.core.documents.catalogue.complaint import (
    ComplaintDecision,
    ComplaintReport,
    InterviewRecord,
)
from wulian.core.documents.catalogue.names import NAMES
from wulian.core.documents.catalogue.other import (
    AdmissionNotice,
    ConsultationMinutes,
    GeneralDocument,
    Opinion,
)
from wulian.core.documents.catalogue.penalty import (
    AdvanceNotice,
    FilingApproval,
    PenaltyDecision,
    ServiceReceipt,
)
from wulian.core.documents.catalogue.supervision import SupervisionNotice
from wulian.core.documents.catalogue.wording import chinese_date, formal_date, money, money_in_capitals

CONTENTS: dict[str, type[Content]] = {
    "W03": FilingApproval,
    "W09": InterviewRecord,
    "W22": AdvanceNotice,
    "W29": PenaltyDecision,
    "W32": ServiceReceipt,
    "W40": SupervisionNotice,
    "W51": ConsultationMinutes,
    "受理通知书": AdmissionNotice,
    "调查报告": ComplaintReport,
    "投诉处理决定书": ComplaintDecision,
}
"""Template code → data class; every other code of NAMES takes GeneralDocument."""


@dataclass(frozen=True)
class DocumentTemplate:
    """One entry of the catalogue."""

    code: str
    title: str
    kind_word: str
    enforcement: bool
    content: type[Content]


def document_template(code: str) -> DocumentTemplate:
    """Return the template `code`; raises KeyError when the catalogue has no such document."""
    name = NAMES[code]
    return DocumentTemplate(
        code, name.title, name.kind_word, name.enforcement, CONTENTS.get(code, GeneralDocument)
    )


__all__ = [
    "CONTENTS",
    "NAMES",
    "AdmissionNotice",
    "AdvanceNotice",
    "Block",
    "ComplaintDecision",
    "ComplaintReport",
    "ConsultationMinutes",
    "Content",
    "DocumentTemplate",
    "FilingApproval",
    "GeneralDocument",
    "InterviewRecord",
    "Opinion",
    "Party",
    "PenaltyDecision",
    "ServiceReceipt",
    "chinese_date",
    "document_template",
    "formal_date",
    "money",
    "money_in_capitals",
]
