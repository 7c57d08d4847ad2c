"""比对: one comparison of the bids of a lot, its texts, pairs and passages."""

from __future__ import annotations

from bisect import bisect
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.information.comparison.choices import RUNNING, FileRole, PassageKind, RunState
from wulian.information.comparison.models.base import ComparisonQuerySet, OfRun
from wulian.information.comparison.parameters import LOST_AFTER
from wulian.information.registry.models import Lot, Project


class Run(models.Model):
    """One comparison. `extraction` is its record: tool, version, settings, what was read; results are stored whole or not at all."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, verbose_name=_("project"), related_name="+"
    )
    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, verbose_name=_("lot"), related_name="comparisons")
    state = models.CharField(_("state"), max_length=12, choices=RunState, default=RunState.WAITING)
    message = models.TextField(_("message"), blank=True)
    file_count = models.PositiveIntegerField(_("files"), default=0)
    files_read = models.PositiveIntegerField(_("files read"), default=0)
    bidder_count = models.PositiveIntegerField(_("number of bidders"), default=0)
    finding_count = models.PositiveIntegerField(_("number of findings"), default=0)
    problems = models.JSONField(_("files left out"), default=list)
    notes = models.JSONField(_("what was not compared"), default=list)
    extraction = models.JSONField(_("extraction record"), default=dict)
    bidders = models.JSONField(_("bidders"), default=list)
    report_path = models.CharField(_("stored report"), max_length=60, blank=True, editable=False)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("comparison ordered by"),
        related_name="+",
    )
    ordered_at = models.DateTimeField(_("comparison ordered at"), default=timezone.now)
    started_at = models.DateTimeField(_("comparison started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = ComparisonQuerySet.as_manager()

    class Meta:
        verbose_name = _("comparison of bids")
        verbose_name_plural = _("comparisons of bids")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["project", "-id"], name="comparison_project"),
            models.Index(fields=["lot", "-id"], name="comparison_lot"),
            models.Index(fields=["state", "-id"], name="comparison_state"),
            models.Index(fields=["-ordered_at", "-id"], name="comparison_ordered"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["lot"], condition=Q(state__in=RUNNING), name="comparison_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lot} {timezone.localtime(self.ordered_at):%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("comparison:run", args=[self.pk])

    @property
    def running(self) -> bool:
        """Whether it still waits or is at work."""
        return self.state in RUNNING

    @property
    def is_lost(self) -> bool:
        """Whether its worker must have ended without saying so."""
        return bool(self.running and self.started_at and self.started_at < timezone.now() - LOST_AFTER)

    @property
    def percent(self) -> int:
        """How many files of a hundred are read."""
        return min(100, self.files_read * 100 // self.file_count) if self.file_count else 0


class ExtractedText(models.Model):
    """What one file gave: the text that was compared (sealed, at `text_path`), and the character at which each page begins."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, verbose_name=_("comparison"), related_name="texts")
    role = models.CharField(_("what the file is"), max_length=8, choices=FileRole)
    bidder = models.CharField(_("bidder"), max_length=100, blank=True)
    name = models.CharField(_("file name"), max_length=401)
    format = models.CharField(_("file format"), max_length=8)
    size = models.PositiveBigIntegerField(_("file size in bytes"))
    sm3 = models.CharField(_("SM3 digest"), max_length=64)
    sha256 = models.CharField(_("SHA-256 digest"), max_length=64)
    pages = models.PositiveIntegerField(_("pages"))
    characters = models.PositiveIntegerField(_("characters"))
    page_starts: Any = models.JSONField(_("beginnings of pages"), default=list)
    text_path = models.CharField(_("stored text"), max_length=60, editable=False)
    text_sm3 = models.CharField(_("SM3 digest of the text"), max_length=64)

    objects = OfRun.as_manager()

    class Meta:
        verbose_name = _("extracted text")
        verbose_name_plural = _("extracted texts")
        ordering = ["role", "name", "id"]
        constraints = [models.UniqueConstraint(fields=["run", "role", "name"], name="text_once_in_a_run")]

    def __str__(self) -> str:
        return self.name

    def page_of(self, offset: int) -> int:
        """The page of a character, counted from 1."""
        return max(1, bisect(self.page_starts, offset))


class Pair(models.Model):
    """Two bidders that share something; `containment` is shared letters over the shorter bid's own letters."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, verbose_name=_("comparison"), related_name="pairs")
    number = models.PositiveIntegerField(_("number"))
    a = models.CharField(_("first bidder"), max_length=100)
    b = models.CharField(_("second bidder"), max_length=100)
    level = models.CharField(_("level"), max_length=8)
    containment = models.FloatField(_("share of equal text"))
    matched = models.PositiveIntegerField(_("equal letters"))
    passage_count = models.PositiveIntegerField(_("passages"))
    deviation_count = models.PositiveIntegerField(_("shared private changes"))

    objects = OfRun.as_manager()

    class Meta:
        verbose_name = _("pair of bidders")
        verbose_name_plural = _("pairs of bidders")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="pair_once_in_a_run")]
        indexes = [models.Index(fields=["run", "a", "b"], name="pair_bidders")]

    def __str__(self) -> str:
        return f"{self.a} — {self.b}"

    def get_absolute_url(self) -> str:
        return reverse("comparison:pair", args=[self.pk])

    @property
    def share(self) -> str:
        """The containment in per cent, as it is shown; empty where no text is shared."""
        if self.containment >= 0.0005:
            return f"{100 * self.containment:.1f}%"
        return "<0.1%" if self.passage_count else ""

    @property
    def is_deemed(self) -> bool:
        """Whether a candidate of “deemed collusion” stands between the two."""
        return self.level == "疑似视为"

    @property
    def shade(self) -> str:
        """How strong the colour of its cell in the matrix is, from 0.08 to 0.68."""
        return f"{0.08 + 0.6 * min(1.0, self.containment):.2f}"


class Passage(models.Model):
    """The same words in two texts: `a` and `b` are file, page, paragraph and characters (the end exclusive).

    `parts` are the stretches one by one, as [start, end, start, end]; a shared private change also has the tender's `clause` and
    the `changes` as (wording of the tender, of the bids).
    """

    pair = models.ForeignKey(
        Pair, on_delete=models.CASCADE, verbose_name=_("pair of bidders"), related_name="passages"
    )
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind of passage"), max_length=12, choices=PassageKind)
    matched = models.PositiveIntegerField(_("equal letters"))
    edits = models.PositiveIntegerField(_("edits"))
    a: Any = models.JSONField(_("first place"))
    b: Any = models.JSONField(_("second place"))
    parts: Any = models.JSONField(_("stretches"), default=list)
    clause: Any = models.JSONField(_("clause of the tender document"), null=True, blank=True)
    changes: Any = models.JSONField(_("changes"), default=list)

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["pair", "number"], name="passage_once_in_a_pair")]

    def __str__(self) -> str:
        return f"{self.pair_id}/{self.number}"
