"""Words of leads and cases (REFERENCE C.5, D.7, E, F.3)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """Where a lead comes from."""

    ALERT = "alert", _("Alert")
    COMPLAINT = "complaint", _("Complaint")
    TIP_OFF = "tip_off", _("Tip-off")
    INSPECTION = "inspection", _("Inspection")
    ANALYSIS = "analysis", _("Data analysis")
    MANUAL = "manual", _("Entered by hand")


class EvidenceKind(models.TextChoices):
    """The eight kinds of evidence (行政处罚法 第四十六条)."""

    DOCUMENTARY = "documentary", _("Documentary evidence")
    PHYSICAL = "physical", _("Physical evidence")
    AUDIOVISUAL = "audiovisual", _("Audio-visual material")
    ELECTRONIC = "electronic", _("Electronic data")
    WITNESS = "witness", _("Testimony of a witness")
    PARTY = "party", _("Statement of the party")
    APPRAISAL = "appraisal", _("Appraisal opinion")
    RECORD = "record", _("Record of inspection or scene")


class DecisionKind(models.TextChoices):
    """What the head decides (行政处罚法 第五十七条); withdrawal and transfer are events of their own."""

    PENALTY = "penalty", _("Penalty")
    NO_PENALTY = "no_penalty", _("No penalty")


class Tier(models.TextChoices):
    """Discretion tier; the provincial table was not obtained, so the tier is reasoned in each case."""

    MITIGATED = "mitigated", _("Mitigated (below the range)")
    LIGHTER = "lighter", _("Lighter")
    ORDINARY = "ordinary", _("Ordinary")
    HEAVIER = "heavier", _("Heavier")


TIER_WORDS = {
    Tier.MITIGATED: "减轻处罚",
    Tier.LIGHTER: "从轻处罚",
    Tier.ORDINARY: "一般处罚",
    Tier.HEAVIER: "从重处罚",
}
"""The tier as a document words it."""


class LeniencyGround(models.TextChoices):
    """Why no penalty is imposed (行政处罚法 第三十三条); the values are the rows of REFERENCE F.3."""

    MINOR = "LN-1", _("Minor, corrected in time, no harm done")
    FIRST = "LN-2", _("First time, minor harm, corrected in time")
    NO_FAULT = "LN-3", _("The party proves that it was not at fault")


LENIENCY_BASIS = {
    LeniencyGround.MINOR: "《中华人民共和国行政处罚法》第三十三条第一款（违法行为轻微并及时改正，没有造成危害后果的，不予行政处罚）",
    LeniencyGround.FIRST: "《中华人民共和国行政处罚法》第三十三条第一款（初次违法且危害后果轻微并及时改正的，可以不予行政处罚）",
    LeniencyGround.NO_FAULT: "《中华人民共和国行政处罚法》第三十三条第二款（当事人有证据足以证明没有主观过错的，不予行政处罚）",
}


class ServiceMode(models.TextChoices):
    """How a document was served (行政处罚法 第六十一条, following the civil procedure law)."""

    DIRECT = "direct", _("Handed over")
    LEFT = "left", _("Left after refusal")
    MAIL = "mail", _("Mailed")
    ELECTRONIC = "electronic", _("Electronic, with consent")
    ANNOUNCEMENT = "announcement", _("Public announcement")


MODE_WORDS = {
    ServiceMode.DIRECT: "直接送达",
    ServiceMode.LEFT: "留置送达",
    ServiceMode.MAIL: "邮寄送达",
    ServiceMode.ELECTRONIC: "电子送达",
    ServiceMode.ANNOUNCEMENT: "公告送达",
}


class PositionInTender(models.TextChoices):
    """Whether the party won: a bidder that lost is fined on another base (实施条例 第六十七条、第六十八条)."""

    WON = "won", _("Won, or is not a bidder")
    LOST = "lost", _("Bid and did not win")
