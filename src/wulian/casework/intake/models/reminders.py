"""Who was told that a period is running out, so that nobody is told twice."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.clocks.models import Clock


class Reminder(models.Model):
    """One step of one clock that somebody was told of; the row and the notifications are one transaction."""

    clock = models.ForeignKey(
        Clock, on_delete=models.CASCADE, verbose_name=_("clock"), related_name="reminders"
    )
    step = models.PositiveSmallIntegerField(_("percent of the period"))
    told = models.PositiveSmallIntegerField(_("people told"))
    at = models.DateTimeField(_("told at"), default=timezone.now)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["clock", "step"], name="intake_reminded_once")]

    def __str__(self) -> str:
        return f"{self.clock} {self.step}%"
