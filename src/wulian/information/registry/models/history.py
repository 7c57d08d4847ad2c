"""What changed in a dossier, and which import brought it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wulian.information.registry import choices as c
from wulian.information.registry.models.base import DossierQuerySet


class ImportRun(models.Model):
    """One file taken in: how far it is, and what became of its dossiers."""

    file_name = models.CharField(_("file name"), max_length=300)
    file_hash = models.CharField(_("file hash"), max_length=64, blank=True)
    file_path = models.CharField(_("stored file"), max_length=300, blank=True)
    kind = models.CharField(_("file format"), max_length=16, choices=c.ImportKind, blank=True)
    state = models.CharField(
        _("import state"),
        max_length=16,
        choices=c.ImportState,
        default=c.ImportState.WAITING,
        db_index=True,
    )
    actor = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("imported by"), null=True
    )
    created_at = models.DateTimeField(_("created time"), auto_now_add=True, db_index=True)
    started_at = models.DateTimeField(_("started time"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished time"), null=True, blank=True)
    size = models.PositiveBigIntegerField(_("file size in bytes"), default=0)
    bytes_read = models.PositiveBigIntegerField(_("bytes read"), default=0)
    created_count = models.PositiveIntegerField(_("new"), default=0)
    updated_count = models.PositiveIntegerField(_("updated"), default=0)
    unchanged_count = models.PositiveIntegerField(_("unchanged"), default=0)
    refused_count = models.PositiveIntegerField(_("refused"), default=0)
    message = models.TextField(_("message"), blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class ImportRefusal(models.Model):
    """Why one record of a file was not taken in; nothing of that record entered."""

    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="refusals", verbose_name=_("import")
    )
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    row_no = models.PositiveIntegerField(_("row"), null=True, blank=True)
    record_id = models.CharField(_("record"), max_length=300, blank=True)
    column = models.CharField(_("column"), max_length=300, blank=True)
    message = models.TextField(_("refusal reason"))
    raw = models.TextField(_("excerpt"), blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.message


class RegistryChange(models.Model):
    """One row of a dossier created, changed or ended: the old and the new value of each field."""

    project = models.ForeignKey(
        "registry.Project",
        on_delete=models.CASCADE,
        related_name="registry_changes",
        verbose_name=_("project"),
    )
    table = models.CharField(_("table"), max_length=32)
    source_key = models.CharField(_("source key"), max_length=128)
    label = models.CharField(_("label"), max_length=300, blank=True)
    action = models.CharField(_("action"), max_length=16, choices=c.ChangeAction)
    changes = models.JSONField(_("changes"), default=dict)
    changed_at = models.DateTimeField(_("changed time"), auto_now_add=True)
    actor = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", verbose_name=_("changed by"), null=True
    )
    source_system = models.CharField(_("source system"), max_length=128, blank=True)
    import_run = models.ForeignKey(
        ImportRun, on_delete=models.SET_NULL, related_name="changes", null=True, verbose_name=_("import")
    )

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "-id"], name="change_of_project")]

    def __str__(self) -> str:
        return f"{self.table} {self.source_key}"
