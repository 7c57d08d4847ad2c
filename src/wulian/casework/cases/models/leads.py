"""线索: something that may be a violation, who checks it, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.choices import EvidenceKind, Source
from wulian.casework.intake.models import Complaint, TipOff
from wulian.core.accounts.choices import Role
from wulian.core.accounts.scopes import NOTHING, sees_business, sees_whole_city
from wulian.core.procedures.models import Staged
from wulian.law.violations import violations

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")

AUTHORITY_READERS = (Role.SECTION_HEAD, Role.AUTHORITY_HEAD, Role.LEGAL_REVIEWER)
"""Who of the competent authority reads its casework without being assigned to it."""


class LeadQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Leads of the coordinating office's whole city, of one's authority for its heads, of one's own assignments.

        Nobody sees the lead of a complaint or tip-off that is kept from them (REFERENCE D.9).
        """
        if not sees_business(user):
            return self.none()
        rows = self if sees_whole_city(user) else self.filter(lead_scope(user))
        return without_conflict(rows, user, "")

    def open(self) -> Self:
        """Leads somebody still has to do something about."""
        return self.filter(state__in=Lead.get_procedure().open_states)


def without_conflict(rows: Rows, user: User, path: str = "lead__") -> Rows:
    """Leave out what grew from a matter that is kept from the user; `path` is the lookup prefix to the lead."""
    for model in (Complaint, TipOff):
        kind = ContentType.objects.get_for_model(model)
        shut_out = model.objects.in_conflict_with(user).values("pk")
        rows = rows.exclude(**{f"{path}content_type": kind, f"{path}object_id__in": shut_out})
    return rows


def lead_scope(user: User) -> Q:
    """The leads of a person of a department: assigned, entered by oneself, or all of the authority for its heads."""
    scope = Q(Exists(Assignment.objects.current().filter(lead=OuterRef("pk"), officer__user_id=user.pk)))
    scope |= Q(created_by_id=user.pk) & (Q(authority=None) | Q(authority_id=user.department_id))
    if user.department_id and user.has_role(*AUTHORITY_READERS):
        scope |= Q(authority_id=user.department_id)
    return scope


class Lead(Staged):
    """One lead. `source_key` finds it again, so that one alert or matter becomes one lead however often it is sent.

    `facts` is a summary written for the file; a reporter's identity or own words never stand here (REFERENCE D.9).
    """

    procedure_code: ClassVar[str] = "lead"

    lead_no = models.CharField(_("lead number"), max_length=40, unique=True)
    source = models.CharField(_("source"), max_length=16, choices=Source)
    source_key = models.CharField(_("source key"), max_length=120, blank=True)
    content_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    object_id = models.PositiveBigIntegerField(_("number of the record"), null=True, blank=True)
    origin = GenericForeignKey()
    title = models.CharField(_("title"), max_length=300)
    facts = models.TextField(_("facts"))
    violation_code = models.CharField(_("violation"), max_length=16, blank=True)
    conduct_date = models.DateField(_("date of the conduct"), null=True, blank=True)
    project = models.ForeignKey(
        "registry.Project",
        on_delete=models.PROTECT,
        verbose_name=_("project"),
        related_name="leads",
        null=True,
        blank=True,
    )
    lot = models.ForeignKey(
        "registry.Lot",
        on_delete=models.PROTECT,
        verbose_name=_("lot"),
        related_name="leads",
        null=True,
        blank=True,
    )
    party = models.ForeignKey(
        "registry.Party",
        on_delete=models.PROTECT,
        verbose_name=_("party concerned"),
        related_name="leads",
        null=True,
        blank=True,
    )
    sector = models.CharField(_("sector"), max_length=16, blank=True)
    region_code = models.CharField(_("region code"), max_length=12, blank=True)
    severity = models.CharField(_("severity"), max_length=1, blank=True)
    authority = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        verbose_name=_("competent authority"),
        related_name="leads",
        null=True,
        blank=True,
    )
    authority_reason = models.CharField(_("why this authority"), max_length=400, blank=True)
    conclusion = models.TextField(_("conclusion"), blank=True)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    created_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("entered by"),
        related_name="+",
        null=True,
        blank=True,
    )

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("lead records")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source_key"], condition=~Q(source_key=""), name="cases_one_lead_a_source"
            )
        ]
        indexes = [
            models.Index(fields=["authority", "state", "-id"], name="cases_lead_authority"),
            models.Index(fields=["state", "-id"], name="cases_lead_state"),
            models.Index(fields=["source", "-id"], name="cases_lead_source"),
            models.Index(fields=["violation_code", "-id"], name="cases_lead_violation"),
            models.Index(fields=["-received_at"], name="cases_lead_received"),
            models.Index(fields=["content_type", "object_id"], name="cases_lead_origin"),
        ]

    def __str__(self) -> str:
        return f"{self.lead_no} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("cases:lead", args=[self.pk])

    @property
    def violation_title(self) -> str:
        """Title of the suspected violation, or an empty text."""
        found = violations().get(self.violation_code)
        return found.title if found else ""


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(lead__in=Lead.objects.visible_to(user))

    def current(self) -> Self:
        """Assignments that have not ended."""
        return self.filter(ended_on=None)


class Assignment(models.Model):
    """An officer on a lead and on the case it becomes, with the certificate that was valid on the day; ended, not deleted."""

    lead = models.ForeignKey(
        Lead, on_delete=models.PROTECT, verbose_name=_("lead"), related_name="assignments"
    )
    officer = models.ForeignKey(
        "officers.Officer",
        on_delete=models.PROTECT,
        verbose_name=_("officer"),
        related_name="case_assignments",
    )
    certificate_no = models.CharField(_("certificate number"), max_length=60)
    assigned_on = models.DateField(_("assigned on"), default=timezone.localdate)
    assigned_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, verbose_name=_("assigned by"), related_name="+"
    )
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(_("reason of the end"), max_length=300, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "officer"], condition=Q(ended_on=None), name="cases_officer_once_a_lead"
            )
        ]
        indexes = [models.Index(fields=["officer", "ended_on"], name="cases_assignment_officer")]

    def __str__(self) -> str:
        return f"{self.officer}（{self.certificate_no}）"


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Evidence goes with the case once there is one: a clerk sees the lead, not the evidence of the case."""
        if not sees_business(user):
            return self.none()
        if user.has_role(Role.DISPATCHER, Role.OFFICE_HEAD, Role.DISCIPLINE):
            return self.all()
        if user.department_id is None:
            return self.filter(NOTHING)
        held = Assignment.objects.current().filter(lead=OuterRef("lead_id"), officer__user_id=user.pk)
        scope = Q(Exists(held))
        if user.has_role(*AUTHORITY_READERS):
            scope |= Q(lead__authority_id=user.department_id)
        return self.filter(scope)


class Evidence(models.Model):
    """One item of evidence, numbered in its lead; struck with a reason, never deleted (行政处罚法 第四十六条).

    What it holds is either `content` (text taken from the platform) or a stored file; both digests are taken over it.
    """

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, verbose_name=_("lead"), related_name="evidence")
    number = models.PositiveSmallIntegerField(_("number"))
    kind = models.CharField(_("kind of evidence"), max_length=16, choices=EvidenceKind)
    title = models.CharField(_("title"), max_length=200)
    proves = models.CharField(_("what it proves"), max_length=500)
    origin = models.CharField(_("where it comes from"), max_length=200)
    obtained_on = models.DateField(_("obtained on"))
    content = models.TextField(_("content"), blank=True)
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    file_path = models.CharField(_("file"), max_length=200, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    sm3 = models.CharField(_("SM3 digest"), max_length=64)
    sha256 = models.CharField(_("SHA-256 digest"), max_length=64)
    added_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("added by"),
        related_name="+",
        null=True,
        blank=True,
    )
    added_at = models.DateTimeField(_("added at"), default=timezone.now)
    verified_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("verified by"),
        related_name="+",
        null=True,
        blank=True,
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    verification = models.CharField(_("how it was verified"), max_length=300, blank=True)
    struck_at = models.DateTimeField(_("struck at"), null=True, blank=True)
    struck_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("struck by"),
        related_name="+",
        null=True,
        blank=True,
    )
    strike_reason = models.CharField(_("reason for striking"), max_length=300, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence items")
        verbose_name_plural = _("evidence items")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["lead", "number"], name="cases_evidence_number_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def is_usable(self) -> bool:
        """Whether it was verified and not struck: only then may a fact rest on it."""
        return self.verified_at is not None and self.struck_at is None
