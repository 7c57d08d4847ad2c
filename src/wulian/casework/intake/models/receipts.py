"""What came in: one receipt for one submission, whatever matters it holds (REFERENCE D.0)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.choices import ReceivedVia


class Receipt(models.Model):
    """收件回执: number, moment of receipt (the start of every clock), moment of entry, digest of the content, signature.

    `digest` is SM3 over the canonical content of the matters; the identity of the reporter is not in it. `code_hash` is the
    keyed hash of the code; `submission_hash` that of the random bytes of the submission, so that what is sent twice is stored once.
    """

    number = models.CharField(_("receipt number"), max_length=40, unique=True)
    year = models.PositiveSmallIntegerField(_("year"))
    sequence = models.PositiveIntegerField(_("number in the year"))
    received_at = models.DateTimeField(_("received time"))
    entered_at = models.DateTimeField(_("entered time"))
    received_via = models.CharField(_("received via"), max_length=16, choices=ReceivedVia)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("entered by"),
        related_name="+",
        null=True,
        blank=True,
    )
    alias = models.CharField(_("alias of the reporter"), max_length=16, unique=True)
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    materials = models.TextField(_("materials handed in"), blank=True)
    digest = models.CharField(_("SM3 digest"), max_length=64)
    signature = models.CharField(_("signature"), max_length=120)
    key_id = models.CharField(_("key"), max_length=16)
    code_hash = models.CharField(_("keyed hash of the code"), max_length=64, unique=True)
    submission_hash = models.CharField(_("keyed hash of the submission"), max_length=64, unique=True)

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["year", "sequence"], name="receipt_one_number")]

    def __str__(self) -> str:
        return self.number
