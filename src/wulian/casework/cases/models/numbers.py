"""Where the numbers of leads and cases come from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class NumberSequence(models.Model):
    """The last number given in one scope (leads, or the cases of one authority) in one year; the row is the lock."""

    scope = models.CharField(_("scope"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("number sequence")
        verbose_name_plural = _("number sequences")
        constraints = [models.UniqueConstraint(fields=["scope", "year"], name="cases_one_sequence_a_year")]

    def __str__(self) -> str:
        return f"{self.scope} {self.year}: {self.last}"
