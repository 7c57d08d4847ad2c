"""送达 and 陈述申辩."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.choices import ServiceMode
from wulian.casework.cases.models.cases import Case, CasePartQuerySet


class ServiceRecord(models.Model):
    """送达: one document served on somebody, proved by its 送达回证; what it belongs to is said by the model that is one."""

    document = models.ForeignKey(
        "documents.EnforcementDocument",
        on_delete=models.PROTECT,
        verbose_name=_("document"),
        related_name="+",
    )
    receipt = models.ForeignKey(
        "documents.EnforcementDocument",
        on_delete=models.PROTECT,
        verbose_name=_("proof of service"),
        related_name="+",
    )
    mode = models.CharField(_("mode of service"), max_length=16, choices=ServiceMode)
    receiver = models.CharField(_("received by"), max_length=100)
    place = models.CharField(_("place"), max_length=200)
    served_on = models.DateField(_("served on"))
    refusal_note = models.CharField(_("refusal or substitute"), max_length=300, blank=True)
    witness = models.CharField(_("witness"), max_length=100, blank=True)
    recorded_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, verbose_name=_("recorded by"), related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.document.document_no} {self.served_on}"


class DocumentDelivery(ServiceRecord):
    """A document served on the party of a case (行政处罚法 第六十一条)."""

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, verbose_name=_("case"), related_name="deliveries"
    )

    objects = CasePartQuerySet.as_manager()

    class Meta(ServiceRecord.Meta):
        abstract = False
        verbose_name = _("service of a document")
        verbose_name_plural = _("services of documents")
        constraints = [models.UniqueConstraint(fields=["document"], name="cases_document_served_once")]


class Statement(models.Model):
    """陈述、申辩 of the party, and the answer (行政处罚法 第四十五条)."""

    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, verbose_name=_("case"), related_name="statements"
    )
    received_on = models.DateField(_("received on"))
    content = models.TextField(_("what the party says"))
    waives_hearing = models.BooleanField(_("waives the hearing in writing"), default=False)
    recorded_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, verbose_name=_("recorded by"), related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    answer = models.TextField(_("answer"), blank=True)
    accepted = models.BooleanField(_("statement accepted"), null=True, blank=True)
    answered_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("answered by"),
        related_name="+",
        null=True,
        blank=True,
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = CasePartQuerySet.as_manager()

    class Meta:
        verbose_name = _("statement of the party")
        verbose_name_plural = _("statements of the party")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.case} {self.received_on}"
