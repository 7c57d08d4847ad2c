"""Code lists of the clause findings."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PaperKind(models.TextChoices):
    NOTICE = "notice", _("Notice text")
    BIDDING_DOCUMENTS = "bidding_documents", _("Tender document")
    CLARIFICATION = "clarification", _("Clarification or amendment")
    CONTRACT = "contract", _("Contract text")


class ScanState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("scan", "Waiting")
    READING = "reading", _("The file is being read")
    DONE = "done", _("Scanned")
    REFUSED = "refused", pgettext_lazy("scan", "Refused")
    FAILED = "failed", pgettext_lazy("scan", "Failed")


RUNNING = (ScanState.WAITING, ScanState.READING)


class Verdict(models.TextChoices):
    """What a person decided about a hit (REFERENCE A.4: 真/假/待补正)."""

    REAL = "real", _("Real")
    FALSE = "false", _("False alarm")
    SUPPLEMENT = "supplement", _("To be supplemented")
