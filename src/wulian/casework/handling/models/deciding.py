"""What is proposed, who looked at it, and what was decided."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.models import Case
from wulian.casework.handling.choices import (
    MALICIOUS_GROUNDS,
    RESULT_WORDS,
    DismissalGround,
    Measure,
    Result,
)
from wulian.casework.handling.models.base import PartQuerySet, paper, person
from wulian.casework.intake.models import Complaint


class Report(models.Model):
    """调查报告 and 处理意见: one version each time the investigation ends; reviewed, returned or decided upon.

    `summary` is written for the lead when a penalty is due: never the complainant's own words.
    """

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, verbose_name=_("complaint"), related_name="reports"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    respondent_address = models.CharField(_("address of the respondent"), max_length=300)
    defence = models.TextField(_("defence of the respondent"))
    facts = models.TextField(_("facts found"))
    opinion = models.TextField(_("opinion and reasons"))
    basis = models.TextField(_("legal basis"))
    result = models.CharField(_("result of the complaint"), max_length=12, choices=Result)
    ground = models.CharField(_("ground for dismissal"), max_length=20, choices=DismissalGround, blank=True)
    measures = models.JSONField(_("measures"), default=list, blank=True)
    uncorrectable = models.BooleanField(_("cannot be corrected and has affected the result"), default=False)
    orders = models.TextField(_("operative part"))
    punishable = models.BooleanField(_("a penalty is due"), default=False)
    violation_code = models.CharField(_("violation"), max_length=16, blank=True)
    summary = models.TextField(_("summary for the lead"), blank=True)
    malicious = models.BooleanField(_("found to be malicious"), default=False)
    malicious_grounds = models.TextField(_("grounds of that finding"), blank=True)
    made_by = person(_("reported by"))
    made_at = models.DateTimeField(_("reported at"), default=timezone.now)
    document = paper(_("report document"))
    endorsed_by = person(_("endorsed by"), null=True, blank=True)
    endorsement = models.TextField(_("opinion of the section head"), blank=True)
    reviewed_by = person(_("legal review by"), null=True, blank=True)
    review = models.TextField(_("opinion of the legal review"), blank=True)
    opinion_document = paper(_("approval form"), null=True, blank=True)
    returned_by = person(_("returned by"), null=True, blank=True)
    return_reason = models.TextField(_("why it was returned"), blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of an investigation")
        verbose_name_plural = _("reports of investigations")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "version"], name="handling_report_version_once"),
            models.CheckConstraint(
                condition=~Q(result=Result.DISMISSED) | ~Q(ground=""), name="handling_dismissed_on_a_ground"
            ),
            models.CheckConstraint(
                condition=~Q(punishable=True) | ~Q(violation_code=""), name="handling_punishable_names_violation"
            ),
            models.CheckConstraint(
                condition=~Q(malicious=True)
                | (Q(result=Result.DISMISSED, ground__in=MALICIOUS_GROUNDS) & ~Q(malicious_grounds="")),
                name="handling_malicious_on_its_own_grounds",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.complaint} v{self.version}"

    @property
    def is_live(self) -> bool:
        """Whether it has not been returned."""
        return self.returned_by_id is None

    @property
    def result_words(self) -> str:
        """The result as documents print it."""
        return RESULT_WORDS[Result(self.result)]

    @property
    def measure_words(self) -> list[str]:
        """The measures as documents print them."""
        return [str(Measure(code).label) for code in self.measures]


class DecisionQuerySet(PartQuerySet):
    def awaiting_case(self) -> DecisionQuerySet:
        """Those that found a penalty due and have no case yet."""
        return self.filter(report__punishable=True, case=None)


class ComplaintDecision(models.Model):
    """投诉处理决定: the head's signature under a report; what it says is what the report says."""

    complaint = models.OneToOneField(
        Complaint, on_delete=models.PROTECT, verbose_name=_("complaint"), related_name="decision"
    )
    report = models.OneToOneField(
        Report, on_delete=models.PROTECT, verbose_name=_("report"), related_name="decision"
    )
    document = paper(_("document"))
    note = models.TextField(_("opinion of the head"), blank=True)
    review_authority = models.CharField(_("authority for administrative review"), max_length=100)
    court = models.CharField(_("court"), max_length=100)
    decided_on = models.DateField(_("decided on"), db_index=True)
    decided_by = person(_("decision maker"))
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, verbose_name=_("penalty case"), related_name="+", null=True, blank=True
    )  # fmt: skip

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on a complaint")
        verbose_name_plural = _("decisions on complaints")
        ordering = ["-decided_on", "-id"]

    def __str__(self) -> str:
        return self.document.document_no
