"""公告、招标文件、澄清与异议."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wulian.information.registry import choices as c
from wulian.information.registry.models.base import RegistryRow
from wulian.information.registry.models.parties import Party
from wulian.information.registry.models.projects import Lot


class Notice(RegistryRow):
    """公告、公示 (ann)."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, verbose_name=_("lot"), related_name="notices")
    kind = models.CharField(_("notice kind"), max_length=24, choices=c.NoticeKind, db_index=True)
    title = models.CharField(_("title"), max_length=300)
    published_at = models.DateTimeField(_("published time"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends time"), null=True, blank=True)
    platform_published_at = models.DateTimeField(_("platform published time"), null=True, blank=True)
    media = models.CharField(_("media"), max_length=1000, blank=True)
    url = models.CharField(_("URL"), max_length=1000, blank=True)
    access_url = models.CharField(_("platform URL"), max_length=1000, blank=True)
    objection_contact = models.CharField(_("objection contact"), max_length=1000, blank=True)
    missing_items = models.CharField(_("missing items"), max_length=1000, blank=True)
    content_hash = models.CharField(_("content hash"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "source_key"], name="notice_unique_in_lot"),
        ]
        indexes = [
            models.Index(fields=["ended_at", "project"], name="notice_current"),
        ]


class BiddingDocuments(RegistryRow):
    """招标文件、资格预审文件 (doc), one row a version."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, verbose_name=_("lot"), related_name="documents")
    kind = models.CharField(
        _("bidding documents kind"),
        max_length=24,
        choices=c.BiddingDocumentsKind,
        default=c.BiddingDocumentsKind.TENDER,
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    issued_at = models.DateTimeField(_("issued time"), null=True, blank=True)
    sale_starts_at = models.DateTimeField(_("sale starts time"), null=True, blank=True)
    sale_ends_at = models.DateTimeField(_("sale ends time"), null=True, blank=True)
    fee = models.DecimalField(_("fee"), max_digits=18, decimal_places=2, null=True, blank=True)
    deadline_at = models.DateTimeField(_("deadline time"), null=True, blank=True)
    opening_at = models.DateTimeField(_("opening time"), null=True, blank=True)
    standard_text = models.BooleanField(_("standard text"), null=True, blank=True)
    file_name = models.CharField(_("file name"), max_length=1000, blank=True)
    file_hash = models.CharField(_("file hash"), max_length=200, blank=True)
    url = models.CharField(_("URL"), max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "source_key"], name="documents_unique_in_lot"),
        ]
        indexes = [models.Index(fields=["deadline_at"], name="documents_deadline")]


class Clarification(RegistryRow):
    """澄清、修改 (clar)."""

    lot = models.ForeignKey(
        Lot, on_delete=models.CASCADE, verbose_name=_("lot"), related_name="clarifications"
    )
    kind = models.CharField(
        _("clarification kind"),
        max_length=24,
        choices=c.ClarificationKind,
        default=c.ClarificationKind.TENDER,
    )
    issued_at = models.DateTimeField(_("issued time"), null=True, blank=True)
    affects_bids = models.BooleanField(_("affects bids"), null=True, blank=True)
    new_deadline_at = models.DateTimeField(_("new deadline time"), null=True, blank=True)
    downloader_count = models.PositiveIntegerField(_("downloader count"), null=True, blank=True)
    notified_count = models.PositiveIntegerField(_("notified count"), null=True, blank=True)
    content = models.TextField(_("content"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "source_key"], name="clarification_unique_in_lot"),
        ]
        indexes = [models.Index(fields=["new_deadline_at"], name="clarification_deadline")]


class Objection(RegistryRow):
    """异议 (obj)."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, verbose_name=_("lot"), related_name="objections")
    target = models.CharField(_("target"), max_length=32, choices=c.ObjectionTarget)
    objector = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        verbose_name=_("objector"),
        related_name="objection_objector",
        null=True,
        blank=True,
    )
    received_at = models.DateTimeField(_("received time"), null=True, blank=True)
    replied_at = models.DateTimeField(_("replied time"), null=True, blank=True)
    suspended_from = models.DateTimeField(pgettext_lazy("registry", "suspended from"), null=True, blank=True)
    suspended_to = models.DateTimeField(_("suspended to"), null=True, blank=True)
    on_platform = models.BooleanField(_("on platform"), null=True, blank=True)
    content = models.TextField(_("content"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "source_key"], name="objection_unique_in_lot"),
        ]
