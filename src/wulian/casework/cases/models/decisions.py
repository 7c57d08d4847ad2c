"""What is proposed and what is decided."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.choices import DecisionKind, LeniencyGround, PositionInTender, Tier
from wulian.casework.cases.models.cases import Case, CasePartQuerySet


class Sanctions(models.Model):
    """The content of a proposal and of a decision: amounts in 元, the formula as it is printed (REFERENCE E.5)."""

    kind = models.CharField(_("kind of decision"), max_length=16, choices=DecisionKind)
    position = models.CharField(
        _("position in the tender"),
        max_length=8,
        choices=PositionInTender,
        default=PositionInTender.WON,
    )
    base_amount = models.DecimalField(
        _("base of the fine"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    rate = models.DecimalField(_("rate or multiple"), max_digits=9, decimal_places=6, null=True, blank=True)
    fine = models.DecimalField(_("fine"), max_digits=18, decimal_places=2, null=True, blank=True)
    fine_formula = models.CharField(_("formula of the fine"), max_length=400, blank=True)
    confiscation = models.DecimalField(
        _("confiscated gain"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    ban_months = models.PositiveSmallIntegerField(_("ban in months"), null=True, blank=True)
    other_penalties = models.TextField(_("other penalties"), blank=True)
    correction = models.CharField(_("order to correct"), max_length=500, blank=True)
    persons = models.JSONField(_("responsible persons"), default=list, blank=True)
    tier = models.CharField(_("discretion tier"), max_length=16, choices=Tier, blank=True)
    reasons = models.TextField(_("reasons of the discretion"))
    mitigation_ground = models.CharField(_("ground of mitigation"), max_length=300, blank=True)
    leniency_ground = models.CharField(
        _("ground of no penalty"), max_length=8, choices=LeniencyGround, blank=True
    )
    education = models.TextField(_("education given"), blank=True)

    class Meta:
        abstract = True

    @property
    def is_penalty(self) -> bool:
        """Whether it penalises."""
        return self.kind == DecisionKind.PENALTY


class Proposal(Sanctions):
    """What the officers propose at the end of the investigation; a later version replaces an earlier one, which stays."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, verbose_name=_("case"), related_name="proposals")
    version = models.PositiveSmallIntegerField(_("version"))
    hearing_offered = models.BooleanField(_("hearing offered"))
    hearing_reason = models.CharField(_("why a hearing is offered"), max_length=300, blank=True)
    made_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, verbose_name=_("made by"), related_name="+"
    )
    made_at = models.DateTimeField(_("made at"), default=timezone.now)

    objects = CasePartQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="cases_proposal_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.case} v{self.version}"


class Decision(Sanctions):
    """The decision of the head of the authority; revoked with a reason, never changed."""

    case = models.OneToOneField(
        Case, on_delete=models.PROTECT, verbose_name=_("case"), related_name="decision"
    )
    document = models.ForeignKey(
        "documents.EnforcementDocument",
        on_delete=models.PROTECT,
        verbose_name=_("document"),
        related_name="+",
    )
    decided_on = models.DateField(_("decided on"), db_index=True)
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, verbose_name=_("decision maker"), related_name="+"
    )
    served_on = models.DateField(_("served on"), null=True, blank=True)
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    receipt_no = models.CharField(_("number of the payment receipt"), max_length=80, blank=True)
    revoked_on = models.DateField(_("decision revoked on"), null=True, blank=True)
    revoke_reason = models.CharField(_("why it was revoked"), max_length=300, blank=True)

    objects = CasePartQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-decided_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(served_on=None) | Q(served_on__gte=models.F("decided_on")),
                name="cases_served_after_decided",
            )
        ]

    def __str__(self) -> str:
        return self.document.document_no

    @property
    def document_no(self) -> str:
        """Number of the decision document."""
        return self.document.document_no
