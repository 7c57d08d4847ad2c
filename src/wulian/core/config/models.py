"""Where numbers without gaps come from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class NumberSequence(models.Model):
    """The last number given in one scope (`lead`, `document:12:罚决`) in one period (a year, a day); the row is the lock."""

    scope = models.CharField(_("scope"), max_length=64)
    period = models.CharField(_("year or day"), max_length=10)
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number sequence")
        verbose_name_plural = _("number sequences")
        constraints = [
            models.UniqueConstraint(fields=["scope", "period"], name="one_number_sequence_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.period}: {self.last}"
