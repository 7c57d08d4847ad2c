"""Words of the clocks: states, outcomes, reasons of a suspension, kinds of calendar day."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from wulian.law.periods import Unit


class YearStatus(models.TextChoices):
    """Whether what is being edited has been published."""

    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")


class DayKind(models.TextChoices):
    """A weekday or weekend day off, or a weekend day that is worked."""

    OFF = "off", _("Day off")
    WORKING = "working", _("Make-up working day")


class ClockState(models.TextChoices):
    """A clock runs until it is stopped; a running clock may be suspended."""

    RUNNING = "running", _("Running")
    STOPPED = "stopped", _("Stopped")


class Outcome(models.TextChoices):
    """How a stopped clock ended."""

    MET = "met", _("Done in time")
    OVERDUE = "overdue", _("Done late")
    VOID = "void", _("Void")


class SuspensionReason(models.TextChoices):
    """Why time is excluded (招标投标法实施条例 第六十条、第六十一条第二款)."""

    INSPECTION = "inspection", _("Inspection of goods or works")
    TESTING = "testing", _("Testing")
    APPRAISAL = "appraisal", _("Expert appraisal")
    EXPERT_REVIEW = "expert_review", _("Review by an expert panel")
    OBJECTION_REPLY = "objection_reply", _("Reply to an objection")
    HEARING = "hearing", _("Hearing")
    ANNOUNCEMENT = "announcement", _("Service by public announcement")
    OTHER = "other", _("Other ground named in the note")


NEEDS_DOCUMENT = frozenset(
    {
        SuspensionReason.INSPECTION,
        SuspensionReason.TESTING,
        SuspensionReason.APPRAISAL,
        SuspensionReason.EXPERT_REVIEW,
    }
)
"""Excluded expert time rests on a commissioning letter (招标投标法实施条例 第六十一条第二款)."""

UNIT_CHOICES = [
    (Unit.CALENDAR_DAY.value, _("calendar days")),
    (Unit.WORKING_DAY.value, _("working days")),
    (Unit.MONTH.value, _("months")),
    (Unit.YEAR.value, _("years")),
    (Unit.HOUR.value, _("hours")),
]
