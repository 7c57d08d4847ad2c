"""投标文件: what bidders handed in, as officers attached it to a lot."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.information.comparison.choices import FileRole
from wulian.information.comparison.models.base import ComparisonQuerySet
from wulian.information.registry.models import Lot, Project


class Submission(models.Model):
    """One file of a lot. `bidder` is empty for the tender's own files; `file_name` may have folders before the name."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, verbose_name=_("project"), related_name="+"
    )
    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, verbose_name=_("lot"), related_name="submissions")
    role = models.CharField(_("what the file is"), max_length=8, choices=FileRole)
    bidder = models.CharField(_("bidder"), max_length=100, blank=True)
    file_name = models.CharField(_("file name"), max_length=300)
    file_path = models.CharField(_("stored file"), max_length=60, editable=False)
    size = models.PositiveBigIntegerField(_("file size in bytes"))
    sm3 = models.CharField(_("SM3 digest"), max_length=64)
    sha256 = models.CharField(_("SHA-256 digest"), max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("uploaded by"), related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)

    objects = ComparisonQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a bid")
        verbose_name_plural = _("files of bids")
        ordering = ["role", "bidder", "file_name", "id"]
        indexes = [
            models.Index(fields=["lot", "role", "bidder", "file_name"], name="submission_lot"),
            models.Index(fields=["project", "-id"], name="submission_project"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["lot", "role", "bidder", "file_name"], name="submission_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name under which it stands in reports: the bidder's folder, then the file."""
        return f"{self.bidder}/{self.file_name}" if self.bidder else self.file_name
