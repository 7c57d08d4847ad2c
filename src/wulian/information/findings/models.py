"""Papers of a lot, their pages, what the scanner found in them, and which patterns are in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.analysis.clauses import all_patterns
from wulian.core.accounts.scopes import dossier_scope
from wulian.information.findings.choices import RUNNING, PaperKind, ScanState, Verdict
from wulian.information.registry.models import Lot, Project

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, user: User) -> PaperQuerySet:
        """Papers of the dossiers that the user's department supervises; nothing for the three administrators."""
        return self.filter(dossier_scope(user))


class Paper(models.Model):
    """A notice, tender document or contract of a lot as a file; its text is read and scanned in the background.

    ``file_path`` is empty for a file that was refused: nothing of it is kept.
    """

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, verbose_name=_("project"), related_name="+"
    )
    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, verbose_name=_("lot"), related_name="papers")
    kind = models.CharField(_("kind of paper"), max_length=24, choices=PaperKind)
    file_name = models.CharField(_("file name"), max_length=200)
    file_path = models.CharField(_("stored file"), max_length=200, blank=True)
    format = models.CharField(_("file format"), max_length=8, blank=True)
    size = models.PositiveBigIntegerField(_("file size in bytes"))
    sm3 = models.CharField(_("SM3 digest"), max_length=64)
    state = models.CharField(_("state"), max_length=16, choices=ScanState, default=ScanState.WAITING)
    message = models.TextField(_("message"), blank=True)
    notes = models.JSONField(_("notes"), default=list)
    approximate_pages = models.BooleanField(_("page numbers are approximate"), default=False)
    page_count = models.PositiveIntegerField(_("pages"), default=0)
    pages_read = models.PositiveIntegerField(_("pages read"), default=0)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("uploaded by"), related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    started_at = models.DateTimeField(_("reading started at"), null=True, blank=True)
    scanned_at = models.DateTimeField(_("scanned at"), null=True, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper")
        verbose_name_plural = _("papers")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["project", "-id"], name="paper_project"),
            models.Index(fields=["kind", "-id"], name="paper_kind"),
            models.Index(fields=["state", "-id"], name="paper_state"),
            models.Index(fields=["-uploaded_at", "-id"], name="paper_uploaded"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lot", "sm3"], condition=~Q(state="refused"), name="paper_once_in_a_lot"
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("findings:paper", args=[self.pk])

    @property
    def running(self) -> bool:
        """Whether it still waits or is being read."""
        return self.state in RUNNING

    @property
    def percent(self) -> int:
        """How far reading is, in per cent; 0 while the number of pages is not known."""
        return min(100, self.pages_read * 100 // self.page_count) if self.page_count else 0


class PaperPage(models.Model):
    """One page as it was read: its paragraphs as plain data of `wulian.analysis.documents`."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, verbose_name=_("paper"), related_name="pages")
    number = models.PositiveIntegerField(_("page"))
    paragraphs = models.JSONField(_("paragraphs"), default=list)

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="page_once_in_a_paper")]

    def __str__(self) -> str:
        return f"{self.paper} {self.number}"


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user: User) -> FindingQuerySet:
        """Findings of the dossiers that the user's department supervises."""
        return self.filter(dossier_scope(user))

    def open(self) -> FindingQuerySet:
        """Findings that nobody has judged."""
        return self.filter(verdict="")

    def confirmed(self) -> FindingQuerySet:
        """Findings judged real that belong to a rule: what an alert of that rule rests on."""
        return self.filter(verdict=Verdict.REAL).exclude(rule_id="")


class Finding(models.Model):
    """A clause that a pattern found; a candidate until a person has judged it."""

    paper = models.ForeignKey(
        Paper, on_delete=models.CASCADE, verbose_name=_("paper"), related_name="findings"
    )
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, verbose_name=_("project"), related_name="+"
    )
    lot = models.ForeignKey(
        Lot, on_delete=models.CASCADE, verbose_name=_("lot"), related_name="clause_findings"
    )
    pattern_id = models.CharField(_("pattern"), max_length=8)
    class_code = models.CharField(_("class of clause"), max_length=16)
    rule_id = models.CharField(_("rule"), max_length=8, blank=True)
    weight = models.DecimalField(_("weight of the pattern"), max_digits=3, decimal_places=2)
    clause_text = models.TextField(_("clause"))
    page = models.PositiveIntegerField(_("page"))
    paragraph = models.PositiveIntegerField(_("paragraph"))
    spans = models.JSONField(_("places of the clause"), default=list)
    trigger = models.JSONField(_("places of the trigger words"), default=list)
    lead = models.TextField(_("introduced by"), blank=True)
    doubts = models.JSONField(_("doubts"), default=list)
    others = models.JSONField(_("other patterns"), default=list)
    found_at = models.DateTimeField(_("found at"), default=timezone.now)
    verdict = models.CharField(_("verdict"), max_length=16, choices=Verdict, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("verdict by"),
        related_name="+",
        null=True,
        blank=True,
    )
    judged_at = models.DateTimeField(_("judged at"), null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("clause finding")
        verbose_name_plural = _("clause findings")
        ordering = ["page", "paragraph", "id"]
        indexes = [
            models.Index(fields=["paper", "page", "paragraph"], name="finding_place"),
            models.Index(fields=["pattern_id", "verdict"], name="finding_pattern"),
            models.Index(fields=["rule_id", "verdict", "project"], name="finding_rule"),
            models.Index(fields=["project", "verdict"], name="finding_project"),
        ]

    def __str__(self) -> str:
        return self.clause_text[:60]

    def get_absolute_url(self) -> str:
        return reverse("findings:finding", args=[self.pk])

    @property
    def pattern(self) -> Any:
        """The pattern as the catalogue has it today; None when it has left the catalogue."""
        return all_patterns().get(self.pattern_id)

    @property
    def title(self) -> str:
        """What the clause is suspected of, in the words of the catalogue."""
        return self.pattern.title if self.pattern else self.pattern_id


class PatternSwitch(models.Model):
    """One switching of a pattern with its reason; the latest one holds, and none is ever changed."""

    pattern_id = models.CharField(_("pattern"), max_length=8)
    is_on = models.BooleanField(_("in use"))
    reason = models.CharField(_("reason"), max_length=500)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("switched by"), related_name="+"
    )
    at = models.DateTimeField(_("switched at"), default=timezone.now)

    class Meta:
        verbose_name = _("switching of a pattern")
        verbose_name_plural = _("switchings of patterns")
        ordering = ["-id"]
        indexes = [models.Index(fields=["pattern_id", "-id"], name="switch_pattern")]

    def __str__(self) -> str:
        return f"{self.pattern_id} {'+' if self.is_on else '-'}"
