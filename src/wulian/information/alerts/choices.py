"""Words of the alerts (REFERENCE 0.7 and O)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Severity(models.TextChoices):
    """红橙黄蓝; the values are those of the rule catalogue."""

    RED = "红", _("Red")
    ORANGE = "橙", _("Orange")
    YELLOW = "黄", _("Yellow")
    BLUE = "蓝", _("Blue")


RANKS = {severity.value: rank for rank, severity in enumerate(Severity, 1)}
"""Severity → 1 (red) to 4 (blue), for sorting."""


class AlertState(models.TextChoices):
    """The states of the alert procedure; the values are its codes, which are Chinese data."""

    NEW = "新预警", "新预警"
    DISPATCHED = "已分办", "已分办"
    JUDGING = "研判中", "研判中"
    REVIEW = "待复核", "待复核"
    EXCLUDED = "已排除", "已排除"
    TO_LEAD = "转线索", "转线索"
    TO_INSPECTION = "转检查", "转检查"
    TO_COMPLAINT = "转投诉处理", "转投诉处理"
    CLEARED = "已消除", "已消除"
    CLOSED = "已闭环", "已闭环"


FINAL = frozenset({AlertState.EXCLUDED, AlertState.CLEARED, AlertState.CLOSED})
UNTOUCHED = frozenset({AlertState.NEW, AlertState.DISPATCHED})
"""States in which nobody has begun to judge."""


class SubjectKind(models.TextChoices):
    """What a rule judges."""

    PROJECT = "project", _("Project")
    TENDER = "tender", _("Tender")
    LOT = "lot", _("Lot")
    BID = "bid", _("Bid")
    CONTRACT = "contract", _("Contract")
    PARTY = "party", _("Party")


class Destination(models.TextChoices):
    """Where a judged alert goes."""

    LEAD = "lead", _("Lead")
    INSPECTION = "inspection", _("Inspection")
    COMPLAINT = "complaint", _("Complaint handling")


class ChangeKind(models.TextChoices):
    """What a refresh did to an alert."""

    RAISED = "raised", _("Raised")
    CHANGED = "changed", _("Facts changed")
    CLEARED = "cleared", _("Rule no longer holds")
    RETURNED = "returned", _("Rule holds again")
