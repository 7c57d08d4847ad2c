"""Code lists of the live supervision."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RoomState(models.TextChoices):
    """Where the day of a lot stands; the values are the phases of ``exchange.events.Story``."""

    AWAITING = "awaiting", _("Before the deadline")
    CLOSED = "closed", _("Deadline passed, not opened")
    OPENING = "opening", _("Bids are being opened")
    OPENED = "opened", _("Opened, evaluation to come")
    EVALUATING = "evaluating", _("Bids are being evaluated")
    EVALUATED = "evaluated", _("Evaluated, report to come")
    REPORTED = "reported", _("Report submitted")


OPENED_STATES = frozenset(RoomState.values) - {RoomState.AWAITING.value, RoomState.CLOSED.value}
"""States in which it is public who bids."""


class EventState(models.TextChoices):
    APPLIED = "applied", _("Applied")
    WAITING = "waiting", pgettext_lazy("event", "Waiting")


class RemarkKind(models.TextChoices):
    REMINDER = "reminder", _("Reminder")
    QUESTION = "question", _("Question")
    SUSPENSION = "suspension", _("Suggest a suspension")


class EntryKind(models.TextChoices):
    EVENT = "event", _("Event")
    REMARK = "remark", _("Supervisor's remark")
    ANSWER = "answer", _("Answer to a remark")
    SKEW = "skew", _("Clocks differ")
    RELEASE = "release", _("Missing events passed over")


class QuarantineState(models.TextChoices):
    OPEN = "open", _("To be handled")
    REPLAYED = "replayed", _("Taken in")
    DROPPED = "dropped", _("Dropped")


class RefusalCode(models.TextChoices):
    """Why an event was refused; ``CONFLICT`` never can be replayed."""

    FIELD = "field", _("A field is wrong")
    LOT = "lot", _("Unknown lot")
    CONFLICT = "conflict", _("Same id, other content")
    SEQUENCE = "sequence", _("Sequence number already used")
    CONTRADICTION = "contradiction", _("Does not follow what was told")
    EARLY = "early", _("Before the deadline")


class CallProblem(models.TextChoices):
    """Why a call was not let in at all."""

    MISSING = "missing", _("No token")
    UNKNOWN = "unknown", _("Unknown token")
    EXPIRED = "expired", _("Expired token")
    REVOKED = "revoked", _("Revoked token")
    INACTIVE = "inactive", _("System switched off")
