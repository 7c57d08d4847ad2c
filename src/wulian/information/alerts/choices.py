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
    PAIR = "pair", _("Two parties")
    EXPERT = "expert", _("Evaluation expert")


HINTS = models.Q(rule_id__startswith="RF-") | models.Q(rule_id__startswith="R0")
"""疑点提示: alerts that a red flag or a public indicator (R003 …) raised, which nobody owes an answer to until somebody picks them."""


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


class OrderState(models.TextChoices):
    """A supervision order is answered by the department and judged by the office."""

    ISSUED = "issued", _("To be answered")
    ANSWERED = "answered", _("Answered, to be judged")
    DONE = "done", _("Done")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ControlLevel(models.IntegerChoices):
    """How strictly a project is controlled."""

    KEY = 1, _("Key control")
    GENERAL = 2, _("General control")
    WATCH = 3, _("Watched")


class ControlState(models.TextChoices):
    """A control ends only when a second person agrees to its release."""

    OPEN = "open", _("Under control")
    PROPOSED = "proposed", _("Release to be reviewed")
    RELEASED = "released", _("Released")


class MeasureState(models.TextChoices):
    """A measure is reported by who owes it and judged by who ordered it."""

    OPEN = "open", _("To be carried out")
    REPORTED = "reported", _("Reported, to be judged")
    DONE = "done", _("Carried out")
    DROPPED = "dropped", _("No longer needed")


class ControlStep(models.TextChoices):
    """Steps in the history of a control."""

    PLACED = "placed", _("Placed on the control list")
    LEVEL_CHANGED = "level_changed", _("Level changed")
    MEASURE_ADDED = "measure_added", _("Measure added")
    MEASURE_REPORTED = "measure_reported", _("Measure reported as carried out")
    MEASURE_CONFIRMED = "measure_confirmed", _("Measure confirmed")
    MEASURE_RETURNED = "measure_returned", _("Measure sent back")
    MEASURE_DROPPED = "measure_dropped", _("Measure dropped")
    RELEASE_PROPOSED = "release_proposed", _("Release proposed")
    RELEASE_RETURNED = "release_returned", _("Release refused")
    RELEASED = "released", _("Released from control")
