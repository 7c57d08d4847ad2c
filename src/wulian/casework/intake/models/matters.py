"""投诉 and 举报: what somebody says happened, and where it stands."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.choices import (
    GROUNDS,
    LENIENCY_GROUNDS,
    Admission,
    ComplaintState,
    LenientMeasure,
    MatterKind,
    NotCheckedGround,
    Relation,
    TipOffState,
    Topic,
    TransferKind,
)
from wulian.casework.intake.models.receipts import Receipt
from wulian.casework.intake.models.respondents import OtherRespondent
from wulian.casework.intake.respondents import NamedRespondent, read_respondents
from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import Department
from wulian.core.accounts.scopes import sees_business
from wulian.core.clocks.models import Clock
from wulian.core.procedures.models import Staged
from wulian.force.officers.models import RecusalDeclaration
from wulian.force.officers.parties import PartyReference, plain_name
from wulian.information.registry.choices import Sector
from wulian.information.registry.models import Lot, Party, Project
from wulian.law.procedures import procedure

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

HANDLERS = (Role.CASE_OFFICER, Role.SECTION_HEAD, Role.AUTHORITY_HEAD, Role.LEGAL_REVIEWER)
"""Who works on a matter once it has been given to their authority."""
OVERSEERS = (Role.DISPATCHER, Role.OFFICE_HEAD, Role.DISCIPLINE)
"""Who sees every matter, except one against their own department."""


class MatterQuerySet(models.QuerySet):
    """Complaints or tip-offs; reading starts from `visible_to`."""

    received_state = ""

    def window_scope(self) -> Q:
        """What waits for the window, whoever registered it."""
        return Q(state=self.received_state)

    def visible_to(self, user: User) -> Self:
        """What waits for the window and one's own for clerks, all for the coordinating office and discipline, those of one's authority for its officers.

        Nobody sees a matter against one's own department, nor one against a party one has declared a recusal for
        (REFERENCE D.9); the three administrators see nothing.
        """
        if not sees_business(user):
            return self.none()
        scope = Q(pk__in=())
        if user.has_role(*OVERSEERS):
            scope = Q()
        else:
            if user.has_role(Role.CLERK):
                scope |= self.window_scope() | Q(registered_by=user) | Q(receipt__entered_by=user)
            if user.department_id and user.has_role(*HANDLERS):
                scope |= Q(authority=user.department_id)
        return self.filter(scope).without_conflict(user)

    def without_conflict(self, user: User) -> Self:
        """Leave out what is against the user's own department, or against a party the user stands too near to."""
        rows = self
        for conflict in self.conflicts_of(user):
            rows = rows.exclude(conflict)
        return rows

    def in_conflict_with(self, user: User) -> Self:
        """Only what `without_conflict` leaves out."""
        return self.filter(reduce(or_, self.conflicts_of(user), Q(pk__in=())))

    def conflicts_of(self, user: User) -> list[Q]:
        """Why a matter is kept from the user; each condition reads one index."""
        return _conflicts_of(user)

    def open(self) -> Self:
        """Those on which something is still to be done."""
        table = procedure(self.model.procedure_code)  # type: ignore[attr-defined]
        return self.exclude(state__in=table.final_states)


def _conflicts_of(user: User) -> list[Q]:
    found = [Q(accused_department=user.department_id)] if user.department_id else []
    near = _recusals_of(user)
    if near:
        found.append(Q(respondent_key__in={plain_name(name) for name, _uscc in near}))
    if codes := {uscc for _name, uscc in near if uscc}:
        found.append(Q(respondent__uscc__in=codes))
    return found


def _conflicts_with_others(user: User) -> list[Q]:
    """The same for the further parties of a complaint."""
    near = _recusals_of(user)
    found = Q(accused_department=user.department_id) if user.department_id else Q(pk__in=())
    if near:
        found |= Q(key__in={plain_name(name) for name, _uscc in near})
    if codes := {uscc for _name, uscc in near if uscc}:
        found |= Q(uscc__in=codes) | Q(party__uscc__in=codes)
    return [Q(pk__in=OtherRespondent.objects.filter(found).values("complaint"))]


def _recusals_of(user: User) -> list[tuple[str, str]]:
    """Name and code of the parties the user has a recusal for today; asked once per user object."""
    today = timezone.localdate()
    kept = user.__dict__.get("_intake_recusals")
    if kept is None or kept[0] != today:
        rows = RecusalDeclaration.objects.filter(officer__user=user, valid_from__lte=today)
        rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=today))
        kept = (today, list(rows.values_list("party_name", "party_uscc")))
        user.__dict__["_intake_recusals"] = kept
    found: list[tuple[str, str]] = kept[1]
    return found


class Matter(Staged):
    """What complaints and tip-offs share. The text is the reporter's own; who the reporter is stands only in the vault.

    `received_at` is that of the receipt, kept here for sorting. `sector` and `region_code` decide which authority is competent.
    """

    kind: ClassVar[str] = ""

    receipt = models.ForeignKey(
        Receipt, on_delete=models.PROTECT, verbose_name=_("receipt"), related_name="%(class)ss"
    )
    number = models.CharField(_("number"), max_length=40, unique=True)
    year = models.PositiveSmallIntegerField(_("year"))
    sequence = models.PositiveIntegerField(_("number in the year"))
    received_at = models.DateTimeField(_("received time"))
    topic = models.CharField(_("what it concerns"), max_length=20, choices=Topic)
    relation = models.CharField(_("relation to the project"), max_length=16, choices=Relation, blank=True)
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, verbose_name=_("project"), related_name="+", null=True, blank=True
    )
    lot = models.ForeignKey(
        Lot, on_delete=models.PROTECT, verbose_name=_("lot"), related_name="+", null=True, blank=True
    )
    project_text = models.CharField(_("project as named by the reporter"), max_length=300, blank=True)
    sector = models.CharField(_("sector"), max_length=16, choices=Sector, blank=True)
    region_code = models.CharField(_("region code"), max_length=12, blank=True)
    respondent = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        verbose_name=_("party complained of"),
        related_name="+",
        null=True,
        blank=True,
    )
    respondent_name = models.CharField(_("complained of"), max_length=300, blank=True)
    respondent_key = models.CharField(max_length=300, blank=True, editable=False, db_index=True)
    accused_department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        verbose_name=_("department complained of"),
        related_name="+",
        null=True,
        blank=True,
    )
    happened_on = models.DateField(_("date of the conduct"), null=True, blank=True)
    facts = models.TextField(_("facts"))
    request = models.TextField(_("request"), blank=True)
    evidence = models.TextField(_("evidence"), blank=True)

    violation_code = models.CharField(_("violation"), max_length=16, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("registered by"),
        related_name="+",
        null=True,
        blank=True,
    )
    registered_at = models.DateTimeField(_("registered time"), null=True, blank=True)
    authority = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        verbose_name=_("competent authority"),
        related_name="+",
        null=True,
        blank=True,
    )
    authority_reason = models.CharField(_("why this authority"), max_length=300, blank=True)
    dispatched_at = models.DateTimeField(_("dispatched time"), null=True, blank=True)
    referred_at = models.DateTimeField(_("handed on as a lead"), null=True, blank=True)

    transfer_kind = models.CharField(_("kind of body"), max_length=16, choices=TransferKind, blank=True)
    transferred_to = models.CharField(_("transferred to"), max_length=100, blank=True)
    transfer_summary = models.TextField(_("what the transfer says"), blank=True)

    clocks = GenericRelation(Clock)

    class Meta:
        abstract = True
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="%(class)s_received"),
            models.Index(fields=["state", "-received_at"], name="%(class)s_state"),
            models.Index(fields=["authority", "state"], name="%(class)s_authority"),
            models.Index(fields=["topic", "-received_at"], name="%(class)s_topic"),
            models.Index(fields=["registered_by", "state"], name="%(class)s_clerk"),
            models.Index(fields=["sector", "-received_at"], name="%(class)s_sector"),
            models.Index(fields=["project", "-received_at"], name="%(class)s_project"),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the matter with the folded name of who is complained of, by which conflicts are found."""
        self.respondent_key = plain_name(self.respondent_name)[:300]
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Address of the page of the matter."""
        raise NotImplementedError

    @property
    def alias(self) -> str:
        """How everybody who handles the matter names the reporter."""
        return self.receipt.alias

    @property
    def project_name(self) -> str:
        """Name of the project: that of the dossier, or the reporter's words."""
        return self.project.name if self.project else self.project_text

    @property
    def other_parties(self) -> list[NamedRespondent]:
        """Whom it is against besides the first party."""
        return []

    @property
    def respondents(self) -> list[PartyReference]:
        """Whom it is against, the first party first, each once; empty when nobody was named."""
        first = PartyReference(self.respondent_name, self.respondent.uscc if self.respondent else "")
        found = [first] if self.respondent_name else []
        return found + [PartyReference(one.name, one.uscc) for one in self.other_parties]

    @property
    def respondent_names(self) -> str:
        """Their names in one line, for documents and pages."""
        return "、".join([self.respondent_name, *(one.name for one in self.other_parties)]).strip("、")

    @property
    def respondent_keys(self) -> set[str]:
        """Their names as they are compared."""
        return {self.respondent_key, *(one.key for one in self.other_parties)} - {""}

    def accused_departments(self) -> set[int]:
        """Numbers of the departments complained of: they take no part in the handling (REFERENCE D.9)."""
        return set() if self.accused_department_id is None else {self.accused_department_id}

    @property
    def is_complaint(self) -> bool:
        return self.kind == MatterKind.COMPLAINT


class ComplaintQuerySet(MatterQuerySet):
    received_state = ComplaintState.RECEIVED

    def conflicts_of(self, user: User) -> list[Q]:
        return [*super().conflicts_of(user), *_conflicts_with_others(user)]


class Complaint(Matter):
    """投诉 (招标投标法实施条例 第六十条至第六十二条): 3 and 30 working days, both from receipt."""

    kind = MatterKind.COMPLAINT
    procedure_code: ClassVar[str] = "complaint"

    knew_on = models.DateField(_("knew or should have known on"), null=True, blank=True)
    objection_on = models.DateField(_("objection raised on"), null=True, blank=True)
    objection_replied_on = models.DateField(_("objection answered on"), null=True, blank=True)
    other_authority = models.CharField(_("also complained to"), max_length=300, blank=True)
    other_received_on = models.DateField(_("received there on"), null=True, blank=True)
    respondent_address = models.CharField(_("address of who is complained of"), max_length=300, blank=True)
    respondent_contact = models.CharField(_("contact of who is complained of"), max_length=100, blank=True)
    other_respondents = models.TextField(_("further parties complained of"), blank=True)
    has_agent = models.BooleanField(_("made by an agent"), default=False)
    agent_matters = models.CharField(_("what the agent may do"), max_length=500, blank=True)
    agent_from = models.DateField(_("authorised from"), null=True, blank=True)
    agent_to = models.DateField(_("authorised until"), null=True, blank=True)
    agent_mandate = models.CharField(_("letter of authorisation"), max_length=200, blank=True)
    truth_stated = models.BooleanField(_("statement of truth given"), default=False)
    electronic_service = models.BooleanField(_("electronic service confirmed"), default=False)
    admission = models.CharField(_("admission"), max_length=16, choices=Admission, default=Admission.PENDING)
    admission_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("examined by"),
        related_name="+",
        null=True,
        blank=True,
    )
    admission_at = models.DateTimeField(_("time of the admission decision"), null=True, blank=True)
    refusal_ground = models.CharField(
        _("ground for not accepting"),
        max_length=16,
        choices=[(ground.code, ground.title) for ground in GROUNDS.values()],
        blank=True,
    )
    refusal_reason = models.TextField(_("reasons"), blank=True)
    officers = models.JSONField(_("investigating officers"), default=list, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta(Matter.Meta):
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        constraints = [
            models.UniqueConstraint(fields=["year", "sequence"], name="complaint_one_number"),
            models.CheckConstraint(
                condition=~Q(admission=Admission.REFUSED) | ~Q(refusal_ground=""),
                name="complaint_refused_on_a_ground",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("intake:complaint", args=[self.pk])

    @property
    def other_parties(self) -> list[NamedRespondent]:
        # The text was read when it was received, so that no query is needed here.
        return read_respondents(self.other_respondents)

    def accused_departments(self) -> set[int]:
        others = self.others.exclude(accused_department=None)
        return super().accused_departments() | set(others.values_list("accused_department", flat=True))


class TipOffQuerySet(MatterQuerySet):
    received_state = TipOffState.RECEIVED

    def window_scope(self) -> Q:
        """New ones, those guided to a complaint, and those whose reporter is to be told."""
        waiting = (TipOffState.RECEIVED, TipOffState.GUIDED, TipOffState.FEEDBACK)
        return Q(state__in=waiting) | Q(state=TipOffState.FILED, feedback_at=None)


class TipOff(Matter):
    """举报: anyone's, also anonymous; no right to a decision, but feedback for who gave a name (REFERENCE D.7)."""

    kind = MatterKind.TIP_OFF
    procedure_code: ClassVar[str] = "lead"

    not_checked_ground = models.CharField(
        _("why it is not checked"), max_length=16, choices=NotCheckedGround, blank=True
    )
    lenient_measure = models.CharField(_("measure"), max_length=16, choices=LenientMeasure, blank=True)
    lenient_ground = models.CharField(
        _("ground in law"),
        max_length=8,
        choices=[(code, title) for code, (title, _article) in LENIENCY_GROUNDS.items()],
        blank=True,
    )
    lenient_reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("legality reviewed by"),
        related_name="+",
        null=True,
        blank=True,
    )
    feedback = models.TextField(_("feedback"), blank=True)
    feedback_at = models.DateTimeField(_("feedback given at"), null=True, blank=True)

    objects = TipOffQuerySet.as_manager()

    class Meta(Matter.Meta):
        verbose_name = _("tip-off")
        verbose_name_plural = _("tip-offs")
        constraints = [models.UniqueConstraint(fields=["year", "sequence"], name="tip_off_one_number")]

    def get_absolute_url(self) -> str:
        return reverse("intake:tip_off", args=[self.pk])
