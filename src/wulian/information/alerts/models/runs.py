"""What the last run over all dossiers found, rule by rule."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RuleRun(models.Model):
    """The last time a rule or hint was judged over all dossiers: how many subjects met it, and how many lacked the data."""

    rule_id = models.CharField(_("rule"), max_length=16, unique=True)
    at = models.DateTimeField(_("time of the run"))
    met = models.PositiveIntegerField(_("subjects that met it"), default=0)
    insufficient = models.PositiveIntegerField(_("subjects that lack data to decide"), default=0)

    class Meta:
        verbose_name = _("run of a rule")
        verbose_name_plural = _("runs of rules")

    def __str__(self) -> str:
        return f"{self.rule_id} {self.at:%Y-%m-%d}"
