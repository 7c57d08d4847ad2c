"""Numbered official documents and the sequences their numbers come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.models import Department
from wulian.core.accounts.scopes import sees_business
from wulian.core.documents.choices import DocumentState

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


class DocumentQuerySet(models.QuerySet["EnforcementDocument"]):
    """Documents; who may see the subject may see its documents."""

    def for_object(self, subject: models.Model) -> DocumentQuerySet:
        """Documents of one record, newest first."""
        return self.filter(content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk)

    def visible_to(self, user: User) -> DocumentQuerySet:
        """Documents whose subject is visible to `user`; a subject without `visible_to` shows its documents to nobody."""
        if not sees_business(user):
            return self.none()
        scope = Q(pk__in=())
        for content_type in ContentType.objects.filter(pk__in=self.model.objects.values("content_type")):
            model = content_type.model_class()
            rows: Any = model._default_manager.all() if model else None
            if hasattr(rows, "visible_to"):
                scope |= Q(content_type=content_type, object_id__in=rows.visible_to(user).values("pk"))
        return self.filter(scope)


class EnforcementDocument(models.Model):
    """An official document as it was issued; it may be voided, never changed, and its number is never given again.

    `hash` is the SM3 digest over number, both files and `prior_hash`, the hash of the document before it in its sequence.
    """

    document_no = models.CharField(_("document number"), max_length=64, unique=True)
    template = models.CharField(_("template"), max_length=16)
    title = models.CharField(_("title"), max_length=100)
    authority = models.ForeignKey(
        Department, on_delete=models.PROTECT, verbose_name=_("authority"), related_name="issued_documents"
    )
    kind = models.CharField(_("kind word"), max_length=16)
    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField(_("number of the record"))
    subject = GenericForeignKey()
    officers = models.JSONField(_("officers"), default=list)
    context = models.JSONField(_("content"), default=dict)
    template_version = models.CharField(_("template version"), max_length=16)
    docx_path = models.CharField(_("Word file"), max_length=200)
    docx_hash = models.CharField(_("digest of the Word file"), max_length=64)
    pdf_path = models.CharField(_("PDF file"), max_length=200)
    pdf_hash = models.CharField(_("digest of the PDF file"), max_length=64)
    prior_hash = models.CharField(_("hash of the document before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)
    state = models.CharField(_("state"), max_length=8, choices=DocumentState, default=DocumentState.ISSUED)
    issued_at = models.DateTimeField(_("issued at"), default=timezone.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("issued by"), related_name="+"
    )
    voided_at = models.DateTimeField(_("voided at"), null=True, blank=True)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("voided by"),
        related_name="+",
        null=True,
        blank=True,
    )
    void_reason = models.CharField(_("reason for voiding"), max_length=200, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "kind", "year", "number"], name="one_document_per_number"
            )
        ]
        indexes = [
            models.Index(fields=["content_type", "object_id", "-id"], name="document_subject"),
            models.Index(fields=["template", "-id"], name="document_template"),
            models.Index(fields=["-issued_at", "-id"], name="document_issued"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.document_no}"

    def get_absolute_url(self) -> str:
        return reverse("documents:pdf", args=[self.pk])

    @property
    def is_voided(self) -> bool:
        """Whether it no longer has effect; its number stays taken."""
        return self.state == DocumentState.VOIDED
