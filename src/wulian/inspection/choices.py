"""Words of inspections (REFERENCE H)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DrawState(models.TextChoices):
    """A draw goes forward only; a wrong one is withdrawn and another is made, never drawn again in place."""

    FROZEN = "frozen", _("Pool frozen, waiting for the public seed")
    SEEDED = "seeded", _("Public seed entered, waiting for the draw")
    DRAWN = "drawn", _("Drawn")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ObjectKind(models.TextChoices):
    """Who is drawn."""

    SUPPLIER = "supplier", _("Winning bidders")
    AGENCY = "agency", _("Procurement agencies")


class How(models.TextChoices):
    """How an object came to be inspected."""

    RANDOM = "random", _("Pure random place")
    WEIGHTED = "weighted", _("Weighted place")


class WithdrawalReason(models.TextChoices):
    """Reason codes of REFERENCE H.2, 5."""

    DISSOLVED = "dissolved", _("Object dissolved")
    NOT_OPERATING = "not_operating", _("Object no longer operating")
    FORCE_MAJEURE = "force_majeure", _("Force majeure")
    RECUSAL = "recusal", _("Recusal of inspectors")
    POOL_WRONG = "pool_wrong", _("Pool was wrong")


class TaskState(models.TextChoices):
    """States of the procedure table `inspection`, named for reading; titles come from the table."""

    PLANNED = "J01", "年度计划"
    DRAWN = "J02", "抽取/立项"
    APPROVAL = "J03", "审批"
    NOTICE = "J04", "通知"
    VISIT = "J05", "实施"
    FINDING = "J06", "结果认定"
    NOTHING = "J07", "无问题反馈"
    CORRECTION = "J08", "责令整改"
    RECHECK = "J09", "复查"
    PUBLISHED = "J10", "公开归档"
