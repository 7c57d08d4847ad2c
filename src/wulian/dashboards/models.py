"""数据分析例会: the report that is put before the meeting, frozen when it was computed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.scopes import sees_business
from wulian.crypto import hexdigest
from wulian.dashboards.choices import ReportState
from wulian.dashboards.permissions import READERS
from wulian.office.consultations.models import Consultation

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """All for the coordinating office and oversight; for others those put before a consultation that they see."""
        if not sees_business(user):
            return self.none()
        if user.has_role(*READERS):
            return self.all()
        about = ContentType.objects.get_for_model(self.model)
        seen = Consultation.objects.visible_to(user).filter(content_type=about)
        return self.filter(state=ReportState.READY, pk__in=seen.values("object_id"))


class BriefingReport(models.Model):
    """What the data of a span of days say, as far as `requested_by` may see them.

    `content` is written once and never changed; `digest` is the SM3 digest of its canonical text.
    """

    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=8, choices=ReportState, default=ReportState.WAITING)
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)
    content = models.JSONField(_("content"), default=dict)
    digest = models.CharField(_("SM3 digest"), max_length=64, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("prepared by"), related_name="+"
    )
    requested_at = models.DateTimeField(_("requested at"), auto_now_add=True)
    generated_at = models.DateTimeField(_("computed at"), null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("data-analysis report")
        verbose_name_plural = _("data-analysis reports")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=models.F("start")), name="dashboards_days_in_order"),
            models.CheckConstraint(
                condition=~Q(state=ReportState.READY) | ~Q(digest=""), name="dashboards_ready_has_a_digest"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="dashboards_report_state"),
            models.Index(fields=["-end", "-id"], name="dashboards_report_end"),
        ]

    def __str__(self) -> str:
        return f"数据分析例会报告（{self.start:%Y-%m-%d}至{self.end:%Y-%m-%d}）"

    def get_absolute_url(self) -> str:
        return reverse("dashboards:report", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        return self.state == ReportState.READY

    @property
    def is_intact(self) -> bool:
        """Whether the content is the one that was computed."""
        return self.digest == digest_of(self.content)

    def find_row(self, key: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """The index and the row of it that `key` names."""
        for index in self.content.get("indices", []):
            for row in index["rows"]:
                if row["key"] == key:
                    return index, row
        return None


def digest_of(content: Any) -> str:
    """The SM3 digest of data in canonical JSON."""
    return hexdigest(json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
