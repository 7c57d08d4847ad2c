"""Code lists of the comparison of bids."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FileRole(models.TextChoices):
    """What a file of a lot is to the comparison."""

    TENDER = "tender", _("Tender document, clarification or control price")
    BID = "bid", _("File of a bidder")
    RECORD = "record", _("Export of the trading system (machine codes, people, bonds)")


class RunState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("comparison", "Waiting")
    READING = "reading", _("The files are being read")
    COMPARING = "comparing", _("The bids are being compared")
    STORING = "storing", _("The results are being stored")
    DONE = "done", pgettext_lazy("comparison", "Compared")
    FAILED = "failed", pgettext_lazy("comparison", "Failed")


RUNNING: Final = (RunState.WAITING, RunState.READING, RunState.COMPARING, RunState.STORING)


class PassageKind(models.TextChoices):
    EXACT = "exact", _("Word for word")
    FORMATTED = "formatted", _("Only signs and spaces differ")
    EDITED = "edited", _("The same after edits")
    REORDERED = "reordered", _("Sentences in another order")
    DEVIATION = "deviation", _("The same private change to the tender document")


class Level(models.TextChoices):
    """REFERENCE C.0: only people turn a candidate into evidence."""

    DEEMED = "deemed", _("Candidate of “deemed collusion”")
    HINT = "hint", _("Hint")


class ExclusionState(models.TextChoices):
    OPEN = "open", _("To be tested")
    RULED_OUT = "ruled_out", _("Tested: does not apply")
    APPLIES = "applies", _("Tested: applies")


class Conclusion(models.TextChoices):
    """What an officer thinks of a finding."""

    EXPLAINED = "explained", _("Explained: to be ruled out")
    UNCLEAR = "unclear", _("Not clear: to be checked further")
    SUPPORTED = "supported", _("Supported by evidence: to be acted on")


class State(StrEnum):
    """States of `law/procedures/similarity.yaml`, whose titles are shown."""

    WAITING = "待核实"
    CHECKING = "核查中"
    DECIDING = "待决定"
    EXCLUDED = "已排除"
    COMMITTEE = "移交评标委员会"
    FILED = "L01"
    POLICE = "移送公安"


OPEN_STATES: Final = (State.WAITING, State.CHECKING, State.DECIDING)
DECISIONS: Final = ("exclude", "continue", "to_committee", "file", "to_police")
"""Events by which a finding is decided (REFERENCE C.5)."""
