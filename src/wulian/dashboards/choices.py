"""Words of the reports."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReportState(models.TextChoices):
    """A report is computed in the background, once."""

    WAITING = "waiting", _("Waiting")
    READY = "ready", pgettext_lazy("report", "Ready")
    FAILED = "failed", _("Failed")
