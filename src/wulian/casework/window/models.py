"""What the window knows about a submission beside its receipt: when it reached the server, who handed it on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.models import Receipt
from wulian.core.accounts.models import Department


class WindowEntry(models.Model):
    """One submission entered at the window.

    The receipt holds the time of receipt and the time of entry; `stored_at` is later than the entry when the line was
    down, and `provisional_number` then stands on the slip that was handed out meanwhile. `transferred_by` … are those of
    a submission that another body handed on (REFERENCE D.4, CM-2 and CM-3).
    """

    receipt = models.OneToOneField(
        Receipt, on_delete=models.PROTECT, verbose_name=_("receipt"), related_name="window_entry"
    )
    stored_at = models.DateTimeField(_("stored time"))
    provisional_number = models.CharField(_("provisional number"), max_length=32, blank=True, db_index=True)
    transferred_by = models.CharField(_("transferred by"), max_length=200, blank=True)
    transferring_department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        verbose_name=_("transferring department"),
        related_name="+",
        null=True,
        blank=True,
    )
    document_number = models.CharField(_("number of the letter of transfer"), max_length=80, blank=True)
    first_received_on = models.DateField(_("received there on"), null=True, blank=True)

    class Meta:
        verbose_name = _("window entry")
        verbose_name_plural = _("window entries")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(transferred_by="") | Q(first_received_on__isnull=False),
                name="window_transfer_has_a_day",
            )
        ]

    def __str__(self) -> str:
        return self.provisional_number or self.receipt.number

    @property
    def was_sent_later(self) -> bool:
        """Whether it was entered while the line was down."""
        return bool(self.provisional_number)
