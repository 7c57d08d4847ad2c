"""Service of documents, and the text that is published."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.models.papers import ServiceRecord
from wulian.casework.handling.choices import Recipient
from wulian.casework.handling.models.base import PartQuerySet, paper, person
from wulian.casework.intake.models import Complaint


class ServiceProof(ServiceRecord):
    """One document served on one recipient, proved by its 送达回证; a complainant stands here by alias."""

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, verbose_name=_("complaint"), related_name="service_proofs"
    )
    recipient = models.CharField(_("served on whom"), max_length=12, choices=Recipient)
    recipient_name = models.CharField(_("name of the recipient"), max_length=200)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("service of a document")
        verbose_name_plural = _("services of documents")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "recipient", "recipient_name"], name="handling_served_once_each"
            )
        ]

    def __str__(self) -> str:
        return f"{self.document.document_no} {self.recipient_name}"


class PublicationQuerySet(PartQuerySet):
    def public(self) -> PublicationQuerySet:
        """What everybody may read: published and not taken down."""
        return self.exclude(published_at=None).filter(withdrawn_at=None)


class Publication(models.Model):
    """处理结果公开: a text without the complainant, approved by a head and published by the office (REFERENCE CH-14)."""

    complaint = models.OneToOneField(
        Complaint, on_delete=models.PROTECT, verbose_name=_("complaint"), related_name="publication"
    )
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))
    authority_name = models.CharField(_("authority"), max_length=100)
    document_no = models.CharField(_("number of the decision"), max_length=64)
    decided_on = models.DateField(_("decided on"))
    drafted_by = person(_("drafted by"))
    drafted_at = models.DateTimeField(_("drafted at"))
    approved_by = person(_("text approved by"), null=True, blank=True)
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    document = paper(_("approval form"), null=True, blank=True)
    published_by = person(_("published by"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    withdrawn_by = person(_("taken down by"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("taken down at"), null=True, blank=True)
    withdraw_reason = models.TextField(_("why it was taken down"), blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication of a result")
        verbose_name_plural = _("publications of results")
        ordering = ["-published_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("drafted_by")),
                name="handling_publication_second_person",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(approved_at__isnull=False),
                name="handling_published_after_approval",
            ),
        ]
        indexes = [models.Index(fields=["withdrawn_at", "-published_at"], name="handling_public_list")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("handling:public_result", args=[self.pk])

    @property
    def is_public(self) -> bool:
        """Whether everybody can read it now."""
        return self.published_at is not None and self.withdrawn_at is None
