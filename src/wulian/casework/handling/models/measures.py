"""What happens beside the investigation: the tender suspended, experts at work, a wish to withdraw."""

from __future__ import annotations

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.dialogue.models import WithdrawalRequest
from wulian.casework.handling.models.base import PartQuerySet, paper, person
from wulian.casework.intake.models import Complaint
from wulian.core.clocks.choices import SuspensionReason
from wulian.core.clocks.models import Clock
from wulian.core.files.models import StoredFile
from wulian.information.registry.models import Lot, Project


class SuspensionQuerySet(PartQuerySet):
    def in_force(self) -> SuspensionQuerySet:
        """Those that have not been lifted."""
        return self.filter(lifted_on=None)


class TenderSuspension(models.Model):
    """责令暂停招标投标活动: reviewed every five working days, lifted by a notice of its own (实施条例 第六十二条第一款)."""

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, verbose_name=_("complaint"), related_name="tender_suspensions"
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, verbose_name=_("project"), related_name="tender_suspensions"
    )
    lot = models.ForeignKey(
        Lot, on_delete=models.PROTECT, verbose_name=_("lot"), related_name="+", null=True, blank=True
    )
    reason = models.TextField(_("reason"))
    started_on = models.DateField(_("tender suspended from"), default=timezone.localdate)
    ordered_by = person(_("ordered by"))
    document = paper(_("notice"))
    lifted_on = models.DateField(_("lifted on"), null=True, blank=True)
    lifted_by = person(_("lifted by"), null=True, blank=True)
    lift_reason = models.TextField(_("why it was lifted"), blank=True)
    lift_document = paper(_("notice of resumption"), null=True, blank=True)

    clocks = GenericRelation(Clock)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspension of a tender")
        verbose_name_plural = _("suspensions of tenders")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(lifted_on=None), name="handling_one_suspension_in_force"
            ),
            models.CheckConstraint(
                condition=Q(lifted_on=None) | Q(lifted_on__gte=F("started_on")),
                name="handling_lifted_after_suspended",
            ),
        ]
        indexes = [models.Index(fields=["project", "lifted_on"], name="handling_suspended_project")]

    def __str__(self) -> str:
        return f"{self.document} {self.started_on}"

    @property
    def covers(self) -> str:
        """What stands still: the lot, or the whole project."""
        return str(self.lot) if self.lot else self.project.name


class ReviewQuerySet(PartQuerySet):
    path = "suspension__complaint"


class SuspensionReview(models.Model):
    """One look at whether the suspension is still necessary."""

    suspension = models.ForeignKey(
        TenderSuspension,
        on_delete=models.PROTECT,
        verbose_name=_("tender suspension"),
        related_name="reviews",
    )
    at = models.DateTimeField(_("time"), default=timezone.now)
    by = person(_("reviewed by"))
    reason = models.TextField(_("why it goes on"))

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review of a suspension")
        verbose_name_plural = _("reviews of suspensions")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d}"


class Commission(models.Model):
    """委托鉴定、评审: the time from delivery to the report is excluded from the 30 working days (实施条例 第六十一条第二款)."""

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, verbose_name=_("complaint"), related_name="commissions"
    )
    reason = models.CharField(_("what is commissioned"), max_length=24, choices=SuspensionReason)
    institute = models.CharField(_("institute"), max_length=120)
    question = models.TextField(_("question put to the experts"))
    materials = models.TextField(_("materials handed over"))
    delivered_on = models.DateField(_("delivered to the institute on"))
    agreed_on = models.DateField(_("report agreed for"))
    document = paper(_("commissioning letter"))
    commissioned_by = person(_("commissioned by"))
    received_on = models.DateField(_("report received on"), null=True, blank=True)
    report_no = models.CharField(_("number of the report"), max_length=80, blank=True)
    conclusion = models.TextField(_("opinion of the experts"), blank=True)

    files = GenericRelation(StoredFile)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("commission of experts")
        verbose_name_plural = _("commissions of experts")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(received_on=None), name="handling_one_commission_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(received_on=None) | Q(received_on__gte=F("delivered_on")),
                name="handling_report_after_delivery",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institute} {self.delivered_on}"


class Withdrawal(models.Model):
    """撤回审查: what the officer found, and what the head decided (投诉处理办法 第十九条 [M]; REFERENCE CH-10)."""

    complaint = models.ForeignKey(
        Complaint, on_delete=models.PROTECT, verbose_name=_("complaint"), related_name="withdrawals"
    )
    request = models.OneToOneField(
        WithdrawalRequest,
        on_delete=models.PROTECT,
        verbose_name=_("request to withdraw"),
        related_name="examination",
        null=True,
        blank=True,
    )
    received_on = models.DateField(_("received on"))
    reason = models.TextField(_("reason given by the complainant"))
    illegality_found = models.BooleanField(_("clear illegality already found"))
    harms_others = models.BooleanField(_("harms the state, the public or others"))
    opinion = models.TextField(_("opinion of the officer"))
    examined_by = person(_("examined by"))
    examined_at = models.DateTimeField(_("examined at"), default=timezone.now)
    permitted = models.BooleanField(_("permitted"), null=True, blank=True)
    decided_by = person(_("decided by"), null=True, blank=True)
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    decision_note = models.TextField(_("reasons of the decision"), blank=True)
    document = paper(_("document"), null=True, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("examination of a withdrawal")
        verbose_name_plural = _("examinations of withdrawals")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(permitted=True) | Q(illegality_found=False, harms_others=False),
                name="handling_no_withdrawal_of_an_illegality",
            ),
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(permitted=None), name="handling_one_withdrawal_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.received_on}"
