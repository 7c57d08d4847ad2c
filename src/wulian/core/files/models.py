"""Files behind records: the original sealed, and a working copy without what a file says about who made it."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.files import kinds

_ICONS: Final = {
    kinds.JPEG: "photo",
    kinds.PNG: "photo",
    kinds.PDF: "file-type-pdf",
    kinds.DOCX: "file-type-docx",
    kinds.XLSX: "file-type-xls",
    kinds.TEXT: "file-text",
}


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def for_object(self, subject: models.Model) -> StoredFileQuerySet:
        """Files of one record, in the order in which they came."""
        return self.filter(content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk)


class StoredFile(models.Model):
    """One file behind a record.

    `size` and `sm3` are of what was sent, so that the sender can compare; `original` is its place, empty where the sender is
    anonymous and only the working copy is kept. Both places are sealed (see `folders`). Who may see the record may see its
    working copies.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField(_("record"))
    subject = GenericForeignKey()
    role = models.CharField(_("role of the file"), max_length=20, default="evidence")
    title = models.CharField(_("file name"), max_length=200)
    kind = models.CharField(_("kind of file"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    sm3 = models.CharField(_("SM3 digest"), max_length=64, db_index=True)
    original = models.CharField(max_length=60, blank=True, editable=False)
    working = models.CharField(max_length=60, unique=True, editable=False)
    working_size = models.PositiveBigIntegerField(_("size of the working copy"))
    working_sm3 = models.CharField(_("SM3 digest of the working copy"), max_length=64)
    added_at = models.DateTimeField(_("added time"), default=timezone.now)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("added by"),
        related_name="+",
        null=True,
        blank=True,
    )

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        ordering = ["id"]
        indexes = [models.Index(fields=["content_type", "object_id", "id"], name="file_subject")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Address at which officials take the working copy."""
        return reverse("files:working", args=[self.pk])

    @property
    def icon(self) -> str:
        """Name of the icon of its kind."""
        return _ICONS.get(self.kind, "file")
