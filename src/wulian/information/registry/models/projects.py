"""项目、招标项目、标段."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.information.registry import choices as c
from wulian.information.registry.models.base import DossierQuerySet, RegistryRow, SourcedRow
from wulian.information.registry.models.parties import Party


class ProjectQuerySet(DossierQuerySet):
    project_path = ""


class Project(SourcedRow):
    """项目 (prj): the investment project, one file from approval to acceptance.

    ``source_system`` + ``source_key`` find it again; ``released_at`` and ``raw_hash`` are those of the newest release
    taken in.
    """

    source_system = models.CharField(_("source system"), max_length=128)
    released_at = models.DateTimeField(_("released time"), null=True, blank=True)
    raw_hash = models.CharField(_("content hash of the release"), max_length=64, blank=True)
    stage = models.CharField(_("current node"), max_length=3, blank=True, db_index=True)

    project_code = models.CharField(_("project code"), max_length=200, blank=True)
    name = models.CharField(_("project name"), max_length=300, db_index=True)
    owner = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        verbose_name=_("owner"),
        related_name="project_owner",
        null=True,
        blank=True,
    )
    sector = models.CharField(_("sector"), max_length=16, choices=c.Sector, blank=True, db_index=True)
    region_code = models.CharField(_("region code"), max_length=200, blank=True, db_index=True)
    address = models.CharField(_("project address"), max_length=1000, blank=True)
    approval_type = models.CharField(_("approval type"), max_length=16, choices=c.ApprovalType, blank=True)
    approval_required = models.BooleanField(_("approval required"), null=True, blank=True)
    approval_no = models.CharField(_("approval no"), max_length=200, blank=True)
    approved_on = models.DateField(_("approved date"), null=True, blank=True, db_index=True)
    approval_org = models.CharField(_("approval org"), max_length=200, blank=True)
    approved_mode = models.CharField(_("approved mode"), max_length=16, choices=c.TenderMode, blank=True)
    approved_org_form = models.CharField(
        _("approved org form"), max_length=16, choices=c.OrganisationForm, blank=True
    )
    total_investment = models.DecimalField(
        _("total investment"), max_digits=18, decimal_places=2, null=True, blank=True, db_index=True
    )
    estimate = models.DecimalField(_("estimate"), max_digits=18, decimal_places=2, null=True, blank=True)
    budget = models.DecimalField(_("budget"), max_digits=18, decimal_places=2, null=True, blank=True)
    budget_report_no = models.CharField(_("budget report no"), max_length=200, blank=True)
    budget_funds = models.DecimalField(
        _("budget funds"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    fund_sources = models.CharField(_("fund sources"), max_length=1000, blank=True)
    state_dominant = models.BooleanField(_("state dominant"), null=True, blank=True)
    gov_investment = models.BooleanField(_("government investment"), null=True, blank=True)
    is_key_project = models.BooleanField(_("is key project"), null=True, blank=True)
    funds_confirmed = models.BooleanField(_("funds confirmed"), null=True, blank=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [
            models.UniqueConstraint(fields=["source_system", "source_key"], name="project_unique_source"),
            models.UniqueConstraint(
                fields=["project_code"], condition=~models.Q(project_code=""), name="project_unique_code"
            ),
        ]
        indexes = [
            models.Index(fields=["region_code", "sector", "-id"], name="project_scope"),
            models.Index(fields=["-updated_at", "-id"], name="project_recent"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("registry:dossier", args=[self.pk])


class Tender(RegistryRow):
    """招标项目 (tp)."""

    tender_code = models.CharField(_("tender code"), max_length=200, blank=True)
    name = models.CharField(_("tender name"), max_length=300)
    description = models.TextField(_("description"), blank=True)
    procuring_entity = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        verbose_name=_("procuring entity"),
        related_name="tender_procuring_entity",
        null=True,
        blank=True,
    )
    agency = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        verbose_name=_("agency"),
        related_name="tender_agency",
        null=True,
        blank=True,
    )
    agency_contract_no = models.CharField(_("agency contract no"), max_length=200, blank=True)
    mode = models.CharField(_("mode"), max_length=16, choices=c.TenderMode, blank=True, db_index=True)
    mode_details = models.CharField(_("mode details"), max_length=1000, blank=True)
    org_form = models.CharField(_("org form"), max_length=16, choices=c.OrganisationForm, blank=True)
    must_tender = models.BooleanField(_("must tender"), null=True, blank=True)
    exemption_code = models.CharField(_("exemption code"), max_length=200, blank=True)
    exemption_publicity_url = models.CharField(_("exemption publicity url"), max_length=1000, blank=True)
    is_secret = models.BooleanField(_("is secret"), default=False)
    invitation_ground = models.CharField(
        _("invitation ground"), max_length=16, choices=c.TenderInvitationGround, blank=True
    )
    invitation_approval_no = models.CharField(_("invitation approval no"), max_length=200, blank=True)
    change_approval_no = models.CharField(_("change approval no"), max_length=200, blank=True)
    self_tender_filing_no = models.CharField(_("self tender filing no"), max_length=200, blank=True)
    invitee_count = models.PositiveIntegerField(_("invitee count"), null=True, blank=True)
    fair_review_no = models.CharField(_("fair review no"), max_length=200, blank=True)
    supervising_authority = models.CharField(_("supervising authority"), max_length=200, blank=True)
    plan_published_at = models.DateTimeField(_("plan published time"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="CNY")
    status = models.CharField(_("status"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "source_key"], name="tender_unique_in_project"),
        ]
        indexes = [models.Index(fields=["ended_at", "project"], name="tender_current")]

    def __str__(self) -> str:
        return self.name


class Lot(RegistryRow):
    """标段 (sec)."""

    tender = models.ForeignKey(
        Tender, on_delete=models.CASCADE, verbose_name=_("tender"), related_name="lots"
    )
    lot_code = models.CharField(_("lot code"), max_length=200, blank=True)
    name = models.CharField(_("lot name"), max_length=300)
    category = models.CharField(
        _("category"), max_length=16, choices=c.LotCategory, blank=True, db_index=True
    )
    classification = models.CharField(_("classification"), max_length=200, blank=True)
    estimated_price = models.DecimalField(
        _("estimated price"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    ceiling_price = models.DecimalField(
        _("ceiling price"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    ceiling_stated = models.BooleanField(_("ceiling stated"), null=True, blank=True)
    floor_price = models.DecimalField(
        _("floor price"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    has_reserve_price = models.BooleanField(_("has reserve price"), null=True, blank=True)
    consortium_allowed = models.BooleanField(_("consortium allowed"), null=True, blank=True)
    bid_valid_days = models.PositiveIntegerField(_("bid valid days"), null=True, blank=True)
    bid_security_amount = models.DecimalField(
        _("bid security amount"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    bid_security_forms = models.CharField(_("bid security forms"), max_length=1000, blank=True)
    bid_security_valid_days = models.PositiveIntegerField(_("bid security valid days"), null=True, blank=True)
    performance_security_ratio = models.DecimalField(
        _("performance security ratio"), max_digits=7, decimal_places=6, null=True, blank=True
    )
    award_mode = models.CharField(
        _("award mode"), max_length=16, choices=c.LotAwardMode, default=c.LotAwardMode.REGULAR
    )
    prequalification = models.BooleanField(_("prequalification"), default=False)
    qualified_count = models.PositiveIntegerField(_("qualified count"), null=True, blank=True)
    review_committee_formed = models.BooleanField(_("review committee formed"), null=True, blank=True)
    terminated_at = models.DateTimeField(_("terminated time"), null=True, blank=True)
    refunds_completed_at = models.DateTimeField(_("refunds completed time"), null=True, blank=True)
    retendered_at = models.DateTimeField(_("retendered time"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tender", "source_key"], name="lot_unique_in_tender"),
        ]
        indexes = [
            models.Index(fields=["ended_at", "project"], name="lot_current"),
            models.Index(fields=["lot_code"], name="lot_code"),
        ]

    def __str__(self) -> str:
        return self.name
