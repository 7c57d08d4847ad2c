"""雷同疑点: what a comparison found between bidders, and how people verified it (REFERENCE C.5)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.procedures.models import Staged
from wulian.force.officers.models import Officer
from wulian.information.comparison.choices import OPEN_STATES, Conclusion, Level, State
from wulian.information.comparison.models.base import ComparisonQuerySet, OfFinding
from wulian.information.comparison.models.runs import Run
from wulian.information.registry.models import Lot, Project


class SimilarityFindingQuerySet(ComparisonQuerySet):
    def open(self) -> SimilarityFindingQuerySet:
        """Findings about which nothing is decided."""
        return self.filter(state__in=OPEN_STATES)


class SimilarityFinding(Staged):
    """Two or more bidders have something in common; `key` finds it again when the lot is compared anew.

    `run` is the latest comparison that found it. Each exclusion is a reason with a state, a remark, and who tested it when; the
    comparison itself may have tested some. `round` counts how often it went back to be checked further.
    """

    procedure_code: ClassVar[str] = "similarity"

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, verbose_name=_("project"), related_name="+"
    )
    lot = models.ForeignKey(
        Lot, on_delete=models.CASCADE, verbose_name=_("lot"), related_name="similarity_findings"
    )
    run = models.ForeignKey(
        Run, on_delete=models.PROTECT, verbose_name=_("comparison"), related_name="findings"
    )
    key = models.CharField(_("key"), max_length=64, editable=False)
    check_code = models.CharField(_("check"), max_length=8)
    title = models.CharField(_("title"), max_length=100)
    article = models.CharField(_("provision"), max_length=100, blank=True)
    confidence = models.CharField(_("confidence"), max_length=1)
    level = models.CharField(_("level"), max_length=8, choices=Level)
    strong = models.BooleanField(_("strong"), default=False)
    explained = models.BooleanField(_("an exclusion applies"), default=False)
    rank = models.PositiveIntegerField(_("order"), default=0)
    subjects: Any = models.JSONField(_("bidders"))
    value = models.CharField(_("what was found"), max_length=500)
    threshold = models.CharField(_("threshold"), max_length=200, blank=True)
    p_value = models.FloatField(_("p-value"), null=True, blank=True)
    tried = models.PositiveIntegerField(_("pairs tried"), null=True, blank=True)
    weight = models.FloatField(_("rarity"), default=0)
    remark = models.TextField(_("analysis remark"), blank=True)
    evidence: Any = models.JSONField(_("places of evidence"), default=list)
    exclusions: Any = models.JSONField(_("exclusions"), default=list)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    decision_note = models.TextField(_("reasons of the decision"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("decided by"),
        related_name="+",
        null=True,
        blank=True,
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    outcome_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    outcome_id = models.PositiveBigIntegerField(_("record it became"), null=True, blank=True)
    outcome = GenericForeignKey("outcome_type", "outcome_id")
    found_at = models.DateTimeField(_("found at"), default=timezone.now)

    objects = SimilarityFindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("similarity finding")
        verbose_name_plural = _("similarity findings")
        ordering = ["-run", "rank", "id"]
        constraints = [models.UniqueConstraint(fields=["lot", "key"], name="similarity_once_in_a_lot")]
        indexes = [
            models.Index(fields=["run", "rank", "id"], name="similarity_run"),
            models.Index(fields=["-run", "rank", "id"], name="similarity_order"),
            models.Index(fields=["project", "rank"], name="similarity_project"),
            models.Index(fields=["level", "-run", "rank"], name="similarity_level"),
            models.Index(fields=["check_code", "-run", "rank"], name="similarity_check"),
            models.Index(fields=["state", "-run", "rank"], name="similarity_state"),
            models.Index(fields=["explained", "-run", "rank"], name="similarity_explained"),
            models.Index(fields=["-found_at", "id"], name="similarity_found"),
        ]

    def __str__(self) -> str:
        return f"{self.title}：{self.bidder_names}"

    def get_absolute_url(self) -> str:
        return reverse("comparison:finding", args=[self.pk])

    @property
    def bidder_names(self) -> str:
        """The bidders of a sentence."""
        return "、".join(self.subjects)

    @property
    def is_checked(self) -> bool:
        """Whether people work on it now."""
        return self.state == State.CHECKING


class Explanation(models.Model):
    """What a bidder said about a finding, or that it said nothing after it was asked; its files are `StoredFile`s."""

    finding = models.ForeignKey(
        SimilarityFinding,
        on_delete=models.CASCADE,
        verbose_name=_("similarity finding"),
        related_name="explanations",
    )
    bidder = models.CharField(_("bidder"), max_length=100)
    is_silent = models.BooleanField(_("asked, but said nothing"), default=False)
    text = models.TextField(_("explanation"), blank=True)
    explained_on = models.DateField(_("day of the explanation"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("entered by"), related_name="+"
    )
    entered_at = models.DateTimeField(_("entered at"), default=timezone.now)

    objects = OfFinding.as_manager()

    class Meta:
        verbose_name = _("explanation of a bidder")
        verbose_name_plural = _("explanations of bidders")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.bidder} {self.explained_on}"


class Opinion(models.Model):
    """What one certified officer thinks of a finding in one round; never changed."""

    finding = models.ForeignKey(
        SimilarityFinding,
        on_delete=models.CASCADE,
        verbose_name=_("similarity finding"),
        related_name="opinions",
    )
    round = models.PositiveSmallIntegerField(_("round"))
    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, verbose_name=_("officer"), related_name="+"
    )
    certificate_no = models.CharField(_("certificate number"), max_length=64)
    conclusion = models.CharField(_("conclusion"), max_length=12, choices=Conclusion)
    text = models.TextField(_("opinion"))
    at = models.DateTimeField(_("given at"), default=timezone.now)

    objects = OfFinding.as_manager()

    class Meta:
        verbose_name = _("opinion of an officer")
        verbose_name_plural = _("opinions of officers")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["finding", "round", "officer"], name="opinion_once_an_officer")
        ]

    def __str__(self) -> str:
        return f"{self.officer} {self.get_conclusion_display()}"


class Bundle(models.Model):
    """An evidence bundle of a finding as it stood when it was made: one sealed, signed archive."""

    finding = models.ForeignKey(
        SimilarityFinding,
        on_delete=models.CASCADE,
        verbose_name=_("similarity finding"),
        related_name="bundles",
    )
    number = models.PositiveIntegerField(_("number"))
    file_path = models.CharField(_("stored file"), max_length=60, editable=False)
    size = models.PositiveBigIntegerField(_("file size in bytes"))
    sm3 = models.CharField(_("SM3 digest"), max_length=64)
    sha256 = models.CharField(_("SHA-256 digest"), max_length=64)
    key_id = models.CharField(_("signature key"), max_length=16)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("bundle made by"), related_name="+"
    )
    made_at = models.DateTimeField(_("bundle made at"), default=timezone.now)

    objects = OfFinding.as_manager()

    class Meta:
        verbose_name = _("evidence bundle")
        verbose_name_plural = _("evidence bundles")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["finding", "number"], name="bundle_number")]

    def __str__(self) -> str:
        return f"雷同疑点{self.finding_id}证据包{self.number}"

    @property
    def file_name(self) -> str:
        """The name under which it is taken."""
        return f"{self}.zip"
