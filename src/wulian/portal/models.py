"""What the public pages keep: drafts that only their own code opens, and counts that slow guessers down."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class StoredDraft(models.Model):
    """A visitor's unsent answers, sealed under a key made of the code in the visitor's cookie: without it nobody reads them."""

    key_hash = models.CharField(_("keyed hash of the code"), max_length=64, unique=True)
    sealed = models.BinaryField(_("sealed answers"))
    expires_at = models.DateTimeField(_("expires"), db_index=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self) -> str:
        return str(self.pk)


class Pace(models.Model):
    """How often one address did one thing in the current hour; `key` is a keyed hash whose key is thrown away afterwards."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(_("count"), default=0)
    last_at = models.DateTimeField(_("last time"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"), db_index=True)

    class Meta:
        verbose_name = _("pace")
        verbose_name_plural = _("paces")

    def __str__(self) -> str:
        return f"{self.count}"
