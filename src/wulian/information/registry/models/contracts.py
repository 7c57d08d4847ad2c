"""中标、合同、履约与验收."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wulian.information.registry import choices as c
from wulian.information.registry.models.base import RegistryRow
from wulian.information.registry.models.parties import Party
from wulian.information.registry.models.projects import Lot


class Award(RegistryRow):
    """中标 (awd)."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, verbose_name=_("lot"), related_name="awards")
    supplier = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        verbose_name=_("supplier"),
        related_name="award_supplier",
        null=True,
        blank=True,
    )
    price = models.DecimalField(_("award price"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="CNY")
    status = models.CharField(_("status"), max_length=16, choices=c.AwardStatus, blank=True)
    decided_at = models.DateTimeField(_("decided time"), null=True, blank=True, db_index=True)
    notice_at = models.DateTimeField(_("notice time"), null=True, blank=True)
    loser_notice_at = models.DateTimeField(_("loser notice time"), null=True, blank=True)
    result_published_at = models.DateTimeField(_("result published time"), null=True, blank=True)
    report_at = models.DateTimeField(_("award report time"), null=True, blank=True)
    reason_not_first = models.CharField(
        _("reason not first"), max_length=16, choices=c.AwardReasonNotFirst, blank=True
    )
    invalid_at = models.DateTimeField(_("invalid time"), null=True, blank=True)
    redetermined_at = models.DateTimeField(_("redetermined time"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "source_key"], name="award_unique_in_lot"),
        ]
        indexes = [
            models.Index(fields=["ended_at", "project"], name="award_current"),
        ]


class Contract(RegistryRow):
    """合同 (con) with the start-up facts of performance."""

    lot = models.ForeignKey(Lot, on_delete=models.CASCADE, verbose_name=_("lot"), related_name="contracts")
    contract_no = models.CharField(_("contract no"), max_length=200, blank=True)
    supplier = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        verbose_name=_("contract supplier"),
        related_name="contract_supplier",
        null=True,
        blank=True,
    )
    signed_at = models.DateTimeField(_("signed time"), null=True, blank=True, db_index=True)
    price = models.DecimalField(_("contract price"), max_digits=18, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="CNY")
    duration_days = models.PositiveIntegerField(_("duration days"), null=True, blank=True)
    manager_name = models.CharField(_("manager name"), max_length=200, blank=True)
    performance_security_required = models.BooleanField(
        _("performance security required"), null=True, blank=True
    )
    performance_security_amount = models.DecimalField(
        _("performance security amount"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    performance_security_at = models.DateTimeField(_("performance security time"), null=True, blank=True)
    payment_guarantee_no = models.CharField(_("payment guarantee no"), max_length=200, blank=True)
    labour_cycle_days = models.PositiveIntegerField(_("labour cycle days"), null=True, blank=True)
    payment_term_days = models.PositiveIntegerField(_("payment term days"), null=True, blank=True)
    retention_ratio = models.DecimalField(
        _("retention ratio"), max_digits=7, decimal_places=6, null=True, blank=True
    )
    published_at = models.DateTimeField(_("contract published time"), null=True, blank=True)
    post_evaluation_at = models.DateTimeField(_("post evaluation time"), null=True, blank=True)
    permit_no = models.CharField(_("permit no"), max_length=200, blank=True)
    permit_at = models.DateTimeField(_("permit time"), null=True, blank=True)
    started_at = models.DateTimeField(_("contract started time"), null=True, blank=True)
    quality_registered_at = models.DateTimeField(_("quality registered time"), null=True, blank=True)
    wage_account_at = models.DateTimeField(_("wage account time"), null=True, blank=True)
    wage_deposit_no = models.CharField(_("wage deposit no"), max_length=200, blank=True)
    status = models.CharField(_("status"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "source_key"], name="contract_unique_in_lot"),
        ]
        indexes = [
            models.Index(fields=["ended_at", "project"], name="contract_current"),
        ]


class ContractAmendment(RegistryRow):
    """合同变更."""

    contract = models.ForeignKey(
        "Contract", on_delete=models.CASCADE, verbose_name=_("contract"), related_name="amendments"
    )
    amended_at = models.DateTimeField(_("amended time"), null=True, blank=True)
    kind = models.CharField(_("contract amendment kind"), max_length=200, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    approved_by = models.CharField(_("approved by"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "source_key"], name="amendment_unique_in_contract"),
        ]


class ImplementationEvent(RegistryRow):
    """履约事件 (perf): payment, personnel change, subcontract, suspension…"""

    contract = models.ForeignKey(
        "Contract", on_delete=models.CASCADE, verbose_name=_("contract"), related_name="implementation"
    )
    kind = models.CharField(_("implementation event kind"), max_length=16, choices=c.ImplementationEventKind)
    occurred_at = models.DateTimeField(_("occurred time"), null=True, blank=True)
    amount = models.DecimalField(
        _("implementation event amount"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    party = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        verbose_name=_("party"),
        related_name="implementationevent_party",
        null=True,
        blank=True,
    )
    reference_no = models.CharField(_("reference no"), max_length=200, blank=True)
    approved = models.BooleanField(_("approved"), null=True, blank=True)
    description = models.TextField(_("implementation event description"), blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contract", "source_key"], name="implementation_unique_in_contract"
            ),
        ]


class Acceptance(RegistryRow):
    """竣工验收与结算 (acc, stl), one a contract."""

    contract = models.OneToOneField(
        "Contract", on_delete=models.CASCADE, verbose_name=_("contract"), related_name="acceptance"
    )
    report_at = models.DateTimeField(_("acceptance report time"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted time"), null=True, blank=True)
    filed_at = models.DateTimeField(_("filed time"), null=True, blank=True)
    in_use_at = models.DateTimeField(_("in use time"), null=True, blank=True)
    missing_documents = models.CharField(_("missing documents"), max_length=1000, blank=True)
    settlement_submitted_at = models.DateTimeField(_("settlement submitted time"), null=True, blank=True)
    settlement_reviewed_at = models.DateTimeField(_("settlement reviewed time"), null=True, blank=True)
    settlement_amount = models.DecimalField(
        _("settlement amount"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    paid_ratio = models.DecimalField(_("paid ratio"), max_digits=7, decimal_places=6, null=True, blank=True)
    archived_at = models.DateTimeField(_("archived time"), null=True, blank=True)
