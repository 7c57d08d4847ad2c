"""案件: the penalty case of one party, from the proposal to file it to its archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.models.leads import AUTHORITY_READERS, Assignment, Lead, without_conflict
from wulian.core.accounts.choices import Role
from wulian.core.accounts.scopes import sees_business
from wulian.core.procedures.models import Staged
from wulian.law.violations import Violation, violation

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

CITY_READERS = (Role.DISPATCHER, Role.OFFICE_HEAD, Role.DISCIPLINE)
"""Who reads every case of the city: who dispatches, who leads the coordinating office, who oversees."""


def case_scope(user: User, path: str = "") -> Q:
    """Which cases `user` sees; `path` is the lookup prefix from the filtered model to the case."""
    held = Assignment.objects.current().filter(lead=OuterRef(f"{path}lead_id"), officer__user_id=user.pk)
    scope = Q(Exists(held))
    if user.department_id and user.has_role(*AUTHORITY_READERS):
        scope |= Q(**{f"{path}authority_id": user.department_id})
    return scope


class CaseQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """The assigned officers, the heads and legal reviewers of the authority, the office and oversight; nobody else.

        Nobody sees the case that grew from a complaint or tip-off which is kept from them (REFERENCE D.9).
        """
        if not sees_business(user):
            return self.none()
        rows = self if user.has_role(*CITY_READERS) else self.filter(case_scope(user))
        return without_conflict(rows, user)

    def open(self) -> Self:
        """Cases in which something is still to be done."""
        return self.filter(state__in=Case.get_procedure().open_states)


class CasePartQuerySet(models.QuerySet):
    """Rows that hang from a case."""

    def visible_to(self, user: User) -> Self:
        if not sees_business(user):
            return self.none()
        rows = self if user.has_role(*CITY_READERS) else self.filter(case_scope(user, "case__"))
        return without_conflict(rows, user, "case__lead__")


class Case(Staged):
    """One penalty case. It has no number until the head has approved the filing (`case_no` is empty before).

    `authority` is whose name and seal the documents carry; never the coordinating office (REFERENCE 0.6). The address and
    representative of the party are those the file uses, entered when it is proposed; `provisions` and `penalty_basis` are the
    articles of this very conduct, one a line, since a row of the catalogue may hold several kinds of conduct.
    """

    procedure_code: ClassVar[str] = "penalty"

    case_no = models.CharField(_("case number"), max_length=64, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    number = models.PositiveIntegerField(_("number"), null=True, blank=True)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, verbose_name=_("lead"), related_name="cases")
    authority = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        verbose_name=_("competent authority"),
        related_name="cases",
    )
    party = models.ForeignKey(
        "registry.Party", on_delete=models.PROTECT, verbose_name=_("party to the case"), related_name="cases"
    )
    party_identifier = models.CharField(_("identifier of the party"), max_length=40)
    party_address = models.CharField(_("address of the party"), max_length=300)
    party_representative = models.CharField(_("legal representative"), max_length=100, blank=True)
    party_contact = models.CharField(_("contact of the party"), max_length=100, blank=True)
    project = models.ForeignKey(
        "registry.Project",
        on_delete=models.PROTECT,
        verbose_name=_("project"),
        related_name="cases",
        null=True,
        blank=True,
    )
    lot = models.ForeignKey(
        "registry.Lot",
        on_delete=models.PROTECT,
        verbose_name=_("lot"),
        related_name="cases",
        null=True,
        blank=True,
    )
    violation_code = models.CharField(_("violation"), max_length=16)
    cause = models.CharField(_("cause of the case"), max_length=300)
    facts = models.TextField(_("facts"))
    provisions = models.TextField(_("provisions broken"))
    penalty_basis = models.TextField(_("basis of the penalty"))
    conduct_date = models.DateField(_("date of the conduct"))
    conduct_place = models.CharField(_("place of the conduct"), max_length=200)
    limitation_ground = models.CharField(_("why the limitation has not passed"), max_length=300, blank=True)
    sector = models.CharField(_("sector"), max_length=16)
    region_code = models.CharField(_("region code"), max_length=12)
    proposed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, verbose_name=_("filing proposed by"), related_name="+"
    )
    proposal_note = models.TextField(_("opinion of the officer"))
    endorsed_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("endorsed by"),
        related_name="+",
        null=True,
        blank=True,
    )
    endorsement = models.TextField(_("opinion of the section head"), blank=True)
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    report = models.TextField(_("report of the investigation"), blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closing_summary = models.TextField(_("result of the execution"), blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case_no"], condition=~Q(case_no=""), name="cases_case_number_once"
            ),
            models.UniqueConstraint(
                fields=["lead"], condition=~Q(state="PX1"), name="cases_one_live_case_a_lead"
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "state", "-id"], name="cases_case_authority"),
            models.Index(fields=["state", "-id"], name="cases_case_state"),
            models.Index(fields=["violation_code", "-id"], name="cases_case_violation"),
            models.Index(fields=["party", "violation_code"], name="cases_case_party"),
            models.Index(fields=["-filed_on", "-id"], name="cases_case_filed"),
            models.Index(fields=["region_code", "-id"], name="cases_case_region"),
        ]

    def __str__(self) -> str:
        return f"{self.case_no} {self.cause}" if self.case_no else self.cause

    def get_absolute_url(self) -> str:
        return reverse("cases:case", args=[self.pk])

    @property
    def violation(self) -> Violation:
        """The row of the penalty catalogue."""
        return violation(self.violation_code)

    @property
    def suspicion(self) -> str:
        """The cause as it is named until it is decided: 涉嫌…."""
        return f"涉嫌{self.cause}"

    @property
    def is_filed(self) -> bool:
        """Whether the head has approved the filing."""
        return bool(self.case_no)

    @property
    def party_is_person(self) -> bool:
        """Whether the party is a natural person."""
        return self.party.kind == "person"
