"""Words of the intake: ways in, matters, reporters, grounds, decisions (REFERENCE D)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class MatterKind(models.TextChoices):
    """投诉 has a right to a decision in 30 working days, 举报 has not; one is never turned into the other."""

    COMPLAINT = "complaint", _("Complaint")
    TIP_OFF = "tip_off", _("Tip-off")


class ReceivedVia(models.TextChoices):
    ONLINE = "online", _("Online")
    WINDOW = "window", _("At the window")
    LETTER = "letter", _("By letter")
    PHONE = "phone", _("By telephone")
    TRANSFERRED = "transferred", _("Transferred from another body")


class Topic(models.TextChoices):
    """What a matter is about, in plain words; the first four may need an objection first."""

    PREQUALIFICATION = "prequalification", _("Prequalification documents")
    DOCUMENTS = "documents", _("Bidding documents: conditions, scoring, requirements")
    OPENING = "opening", _("Bid opening")
    EVALUATION = "evaluation", _("Evaluation result")
    COLLUSION = "collusion", _("Bidders colluding, or bidder and procuring entity colluding")
    FRAUD = "fraud", _("False papers, borrowed qualification")
    EVASION = "evasion", _("No tender where one is required, split lots")
    INTERFERENCE = "interference", _("Leaks, interference, unlawful committee")
    PERFORMANCE = "performance", _("After the award: contract, subcontracting, works")
    OTHER = "other", _("Something else")


OBJECTION_FIRST: dict[str, str] = {
    Topic.PREQUALIFICATION: "《中华人民共和国招标投标法实施条例》第二十二条",
    Topic.DOCUMENTS: "《中华人民共和国招标投标法实施条例》第二十二条",
    Topic.OPENING: "《中华人民共和国招标投标法实施条例》第四十四条",
    Topic.EVALUATION: "《中华人民共和国招标投标法实施条例》第五十四条",
}
"""The only matters for which an objection to the procuring entity comes first (实施条例 第六十条第二款), with the article."""


class ReporterKind(models.TextChoices):
    PERSON = "person", _("A person")
    UNIT = "unit", _("A company or another unit")


class Relation(models.TextChoices):
    """Who a reporter is to the project (实施条例 第六十条: 投标人或者其他利害关系人)."""

    BIDDER = "bidder", _("Bidder or possible bidder")
    INTERESTED = "interested", _("Another party with a direct interest, such as a supplier or subcontractor")
    INSIDER = "insider", _("I work or worked for one of the parties")
    PUBLIC = "public", _("A member of the public")


class Admission(models.TextChoices):
    PENDING = "pending", _("Not decided")
    ACCEPTED = "accepted", _("Accepted for handling")
    REFUSED = "refused", _("Not accepted")


@dataclass(frozen=True)
class Ground:
    """One ground for not accepting a complaint (投诉处理办法 第十二条; text not opened yet: confidence M)."""

    code: str
    title: str
    confidence: str = "M"


GROUND_BASIS = "《工程建设项目招标投标活动投诉处理办法》第十二条"
GROUNDS: dict[str, Ground] = {
    ground.code: ground
    for ground in (
        Ground("no_interest", "投诉人不是所投诉招标投标活动的参与者，或者与投诉项目无任何利害关系"),
        Ground("not_specific", "投诉事项不具体，且未提供有效线索，难以查证"),
        Ground("no_identity", "投诉书未署具投诉人真实姓名、签字和有效联系方式，或者以法人名义投诉而未经法定代表人签字并加盖公章"),
        Ground("too_late", "超过投诉时效"),
        Ground("already_decided", "已经作出处理决定，并且投诉人没有提出新的证据"),
        Ground("objection_first", "投诉事项应先提出异议没有提出异议，或者已进入行政复议、行政诉讼程序"),
    )
}  # fmt: skip
"""The six grounds of REFERENCE D.2; law texts are data, not translated."""


class OpeningState(models.TextChoices):
    """A request to open a reporter's identity."""

    REQUESTED = "requested", _("Waiting for the second person")
    APPROVED = "approved", _("Opening allowed")
    REFUSED = "refused", _("Opening not allowed")


class ComplaintState(models.TextChoices):
    """States that code asks for; the full table with its Chinese titles is law/procedures/complaint.yaml."""

    RECEIVED = "C01", _("Received")
    REGISTERED = "C02", _("Registered")
    EXAMINED = "C03", _("Admission being examined")
    REFUSED = "C04", _("Not accepted, to be signed")
    ACCEPTED = "C05", _("Accepted for handling")
    INVESTIGATED = "C06", _("Investigated")
    EXPERT = "C08", _("With experts")
    TRANSFER = "C10", _("To be transferred")
    TRANSFERRED = "C92", _("Transferred")


class TipOffState(models.TextChoices):
    """States that code asks for; the full table is law/procedures/lead.yaml."""

    RECEIVED = "L01", _("Received")
    REVIEWED = "L02", _("First review")
    NOT_CHECKED = "L03", _("Not checked")
    CHECKED = "L05", _("Being checked")
    TRANSFER = "L04", _("To be transferred")
    GUIDED = "L06", _("Guided to a complaint")
    LENIENT = "L08", _("Flexible handling")
    FEEDBACK = "L10", _("Feedback")
    FILED = "P01", _("Case filed")


class LinkKind(models.TextChoices):
    """How two matters belong together."""

    REPEAT = "repeat", _("The same matter again")
    RELATED = "related", _("About the same project or party")
    OPENED = "opened", _("Opened out of the tip-off")


class NotCheckedGround(models.TextChoices):
    """Why a tip-off is not checked (REFERENCE D.7, L03)."""

    NO_FACT = "no_fact", _("It names no fact that could be checked")
    REPEATED = "repeated", _("It repeats a matter that is being or has been dealt with")
    NOT_WITHIN_DUTY = "not_within_duty", _("It is not within the duties of any department of the mechanism")


class TransferKind(models.TextChoices):
    """Where a matter goes that is not ours (REFERENCE D.4, D.7)."""

    AUTHORITY = "authority", _("Another supervisory authority")
    DISCIPLINE = "discipline", _("Discipline inspection and supervision")
    POLICE = "police", _("Public security")
    AUDIT = "audit", _("Audit")
    PETITION = "petition", _("Petition office")


class LenientMeasure(models.TextChoices):
    """Flexible handling (REFERENCE F.5); never instead of a penalty that is due."""

    INTERVIEW = "interview", _("Administrative interview")
    REMINDER = "reminder", _("Letter of reminder")


LENIENCY_GROUNDS: dict[str, tuple[str, str]] = {
    "LN-1": ("违法行为轻微并及时改正，没有造成危害后果", "《中华人民共和国行政处罚法》第三十三条第一款"),
    "LN-2": ("初次违法且危害后果轻微并及时改正", "《中华人民共和国行政处罚法》第三十三条第一款"),
    "LN-3": ("当事人有证据足以证明没有主观过错", "《中华人民共和国行政处罚法》第三十三条第二款"),
    "LN-6": ("违法行为已超过处罚时效", "《中华人民共和国行政处罚法》第三十六条"),
    "none": ("未发现违法行为，仅为苗头性、倾向性问题", "《优化营商环境条例》第五十九条"),
}
"""When a matter may end without a penalty (REFERENCE F.3, F.5): title and article."""


class ReminderStep(models.IntegerChoices):
    """How much of a period is used when somebody is reminded; the last two are told to the heads as well."""

    HALF = 50, _("half of the period has passed")
    MOST = 80, _("four fifths of the period have passed")
    LAST_DAY = 100, _("the last day has come")
    OVERDUE = 101, _("the period has passed")
    LONG_OVERDUE = 150, _("the period has passed by half of its length")
