"""历史文件: the earlier bid of another lot whose words stand in a bid now."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.information.comparison.models.base import ComparisonQuerySet
from wulian.information.comparison.models.findings import SimilarityFinding
from wulian.information.comparison.models.runs import ExtractedText
from wulian.information.comparison.parameters import earlier_label
from wulian.information.registry.models import Lot, Project


class EarlierBid(models.Model):
    """Whose words a finding's bid has, and where in both.

    `project` and `lot` are those of the earlier bid: who does not see that dossier is told only that there is an earlier bid.
    They are empty for a document that was put into the library from outside. Each of `passages` is
    [start, end, start in the earlier text, its end].
    """

    finding = models.ForeignKey(
        SimilarityFinding,
        on_delete=models.CASCADE,
        verbose_name=_("similarity finding"),
        related_name="earlier_bids",
    )
    number = models.PositiveIntegerField(_("number in the library"))
    project = models.ForeignKey(
        Project, on_delete=models.SET_NULL, verbose_name=_("project"), related_name="+", null=True
    )
    lot = models.ForeignKey(
        Lot, on_delete=models.SET_NULL, verbose_name=_("lot"), related_name="+", null=True
    )
    text = models.ForeignKey(
        ExtractedText,
        on_delete=models.SET_NULL,
        verbose_name=_("extracted text"),
        related_name="+",
        null=True,
    )
    tender = models.CharField(_("earlier tender"), max_length=400)
    bidder = models.CharField(_("bidder"), max_length=100)
    file_name = models.CharField(_("file name"), max_length=401)
    sha256 = models.CharField(_("SHA-256 digest"), max_length=64)
    own_file = models.CharField(_("file of the bidder"), max_length=401)
    passages: Any = models.JSONField(_("passages"), default=list)

    objects = ComparisonQuerySet.as_manager()

    class Meta:
        verbose_name = _("earlier bid")
        verbose_name_plural = _("earlier bids")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.tender} {self.bidder}"

    def get_absolute_url(self) -> str:
        return reverse("comparison:earlier", args=[self.pk])

    @property
    def label(self) -> str:
        """How it is named to who does not see its dossier."""
        return earlier_label(self.number)
