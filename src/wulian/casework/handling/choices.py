"""Words of the handling of complaints (REFERENCE D.5, D.6)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """States that code asks for; the full table with its Chinese titles is law/procedures/complaint.yaml."""

    EXAMINED = "C03", "受理审查"
    ACCEPTED = "C05", "受理"
    INVESTIGATED = "C06", "调查"
    EXPERT = "C08", "鉴定/专家评审中"
    WITHDRAWAL = "C09", "撤回审查"
    CONSULTED = "C11", "会商研判"
    PROPOSED = "C12", "拟处理"
    DECIDED = "C13", "处理决定"
    SERVED = "C14", "送达"
    PUBLISHED = "C15", "公开"
    ARCHIVED = "C90", "归档"
    ENDED = "C91", "终止"
    TRANSFERRED = "C92", "已移送"


INVESTIGATING = (Stage.INVESTIGATED, Stage.EXPERT, Stage.CONSULTED)
"""States in which evidence is gathered."""
UNDECIDED = (*INVESTIGATING, Stage.WITHDRAWAL, Stage.PROPOSED)


class NoticeKind(models.TextChoices):
    """What is sent to somebody during the investigation; the value is the template (REFERENCE E.4)."""

    DEFENCE = "答辩通知书", _("Notice to the respondent, with the copy of the complaint")
    INVESTIGATION = "W07", _("Notice of investigation")
    INTERVIEW = "W08", _("Notice of an interview")
    MATERIALS = "W13", _("Notice to hand over evidence")


class InterviewState(models.TextChoices):
    """Whether the record has been signed."""

    OPEN = "open", _("To be signed")
    SIGNED = "signed", _("Signed by the person")
    REFUSED = "refused", _("Signature refused, witnessed")


class RecusalAnswer(models.TextChoices):
    """What the interviewed person says to the question; the label is what the record prints."""

    NO = "no", "不申请回避。"
    YES = "yes", "申请回避，理由见笔录正文。"


class Result(models.TextChoices):
    """处理结论 (招标投标法实施条例 第六十一条第三款; 投诉处理办法 第二十条)."""

    DISMISSED = "dismissed", _("Complaint dismissed")
    UPHELD = "upheld", _("Upheld")
    PARTLY = "partly", _("Upheld in part")


RESULT_WORDS = {
    Result.DISMISSED: "驳回投诉",
    Result.UPHELD: "投诉属实",
    Result.PARTLY: "投诉部分属实",
}


class DismissalGround(models.TextChoices):
    """Why a complaint is dismissed (REFERENCE CH-11); the label is law text."""

    NO_BASIS = "no_basis", "投诉缺乏事实根据或者法律依据"
    FABRICATED = "fabricated", "捏造事实、伪造材料"
    ILLEGAL_EVIDENCE = "illegal_evidence", "以非法手段取得证明材料进行投诉"


DISMISSAL_BASIS = (
    "《中华人民共和国招标投标法实施条例》第六十一条第三款、《工程建设项目招标投标活动投诉处理办法》第二十条"
)
MALICIOUS_GROUNDS = (DismissalGround.FABRICATED, DismissalGround.ILLEGAL_EVIDENCE)
"""Grounds on which a complaint may be found malicious (REFERENCE CH-16); a mere mistake never is."""


class Measure(models.TextChoices):
    """What is ordered when a complaint is true (REFERENCE CH-18, CH-19); the label is what the decision prints."""

    CORRECT = "correct", "责令限期改正"
    RECHECK = "recheck", "责令原评标委员会对客观评审错误进行复核"
    REEVALUATE = "reevaluate", "责令重新评标"
    AWARD_VOID = "award_void", "中标无效"
    BID_VOID = "bid_void", "投标无效"
    TENDER_VOID = "tender_void", "招标无效，责令依法重新招标"


MEASURE_BASIS = {
    Measure.AWARD_VOID: "《中华人民共和国招标投标法实施条例》第八十一条",
    Measure.BID_VOID: "《中华人民共和国招标投标法实施条例》第八十一条",
    Measure.TENDER_VOID: "《中华人民共和国招标投标法实施条例》第八十一条",
    Measure.REEVALUATE: "《中华人民共和国招标投标法实施条例》第八十一条",
}
UNCORRECTABLE = frozenset(MEASURE_BASIS)
"""Measures that need that the fault cannot be corrected and has affected the result (实施条例 第八十一条)."""


class Recipient(models.TextChoices):
    """On whom a document is served."""

    COMPLAINANT = "complainant", _("Complainant")
    RESPONDENT = "respondent", _("Respondent")
    PROCURER = "procurer", _("Procuring entity")
    OTHER = "other", _("Another party concerned")


MUST_BE_SERVED = (Recipient.COMPLAINANT, Recipient.RESPONDENT)
"""Whom the decision must reach before the service is complete (REFERENCE D.6, C14)."""
