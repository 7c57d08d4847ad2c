"""记分 and 双公示: point events of a party, and the records that go to the provincial credit platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.models.cases import CITY_READERS, case_scope
from wulian.casework.credit.choices import LIVE, Gravity, OutboxState, PointSource, PointState
from wulian.core.accounts.scopes import sees_business
from wulian.law.points import TRIAL_NOTE

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


class PointEventQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those who see the case see its points; what is in force and not revoked, everybody who does business work."""
        if not sees_business(user):
            return self.none()
        if user.has_role(*CITY_READERS):
            return self.all()
        return self.filter(case_scope(user, "case__") | Q(state=PointState.CONFIRMED))

    def counting_on(self, day: object) -> Self:
        """Events that count in an account on `day`."""
        return self.filter(
            state=PointState.CONFIRMED, effective_on__lte=day, expires_on__gte=day, repaired_on=None
        )


class PointEvent(models.Model):
    """Points for one fact and one subject (REFERENCE G.2); dismissed or revoked with a reason, never deleted.

    `fact_key` names the fact: the same fact is scored once for a subject, joint conduct once for each. `is_trial` says that
    the rule is not one of Hubei: the points create no ban and no sanction (行政处罚法 第十六条).
    """

    case = models.ForeignKey(
        "cases.Case", on_delete=models.PROTECT, verbose_name=_("case"), related_name="point_events"
    )
    party = models.ForeignKey(
        "registry.Party", on_delete=models.PROTECT, verbose_name=_("party"), related_name="point_events"
    )
    subject_type = models.CharField(_("kind of subject"), max_length=32)
    project = models.ForeignKey(
        "registry.Project",
        on_delete=models.PROTECT,
        verbose_name=_("project"),
        related_name="point_events",
        null=True,
        blank=True,
    )
    lot = models.ForeignKey(
        "registry.Lot",
        on_delete=models.PROTECT,
        verbose_name=_("lot"),
        related_name="+",
        null=True,
        blank=True,
    )
    violation_code = models.CharField(_("violation"), max_length=16)
    rule_code = models.CharField(_("point item"), max_length=16)
    points = models.PositiveSmallIntegerField(_("points"))
    basis = models.CharField(_("basis"), max_length=300)
    is_trial = models.BooleanField(_("trial"), default=True)
    fact = models.TextField(_("fact"))
    fact_key = models.CharField(_("key of the fact"), max_length=120)
    source = models.CharField(_("source"), max_length=16, choices=PointSource, default=PointSource.PENALTY)
    decision_no = models.CharField(_("number of the decision"), max_length=64)
    state = models.CharField(_("state"), max_length=16, choices=PointState, default=PointState.PROPOSED)
    proposed_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, verbose_name=_("points proposed by"), related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now)
    notified_on = models.DateField(_("notified on"), null=True, blank=True)
    objection = models.TextField(_("statement of the party"), blank=True)
    objection_result = models.TextField(_("answer to the statement"), blank=True)
    confirmed_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("points confirmed by"),
        related_name="+",
        null=True,
        blank=True,
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    effective_on = models.DateField(_("effective on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    public_until = models.DateField(_("public until"), null=True, blank=True)
    repaired_on = models.DateField(_("repaired on"), null=True, blank=True)
    ended_on = models.DateField(_("dismissed or revoked on"), null=True, blank=True)
    end_reason = models.CharField(_("reason of the end"), max_length=300, blank=True)
    reported_on = models.DateField(_("reported to the province on"), null=True, blank=True)
    report_receipt = models.CharField(_("receipt of the province"), max_length=80, blank=True)

    objects = PointEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("point event")
        verbose_name_plural = _("point events")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "violation_code", "fact_key"],
                condition=Q(state__in=sorted(LIVE)),
                name="credit_one_event_a_fact",
            ),
            # Nobody confirms points of one's own.
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("proposed_by")),
                name="credit_second_person",
            ),
            models.CheckConstraint(condition=Q(points__gt=0), name="credit_points_above_zero"),
        ]
        indexes = [
            models.Index(fields=["party", "state", "effective_on"], name="credit_party_account"),
            models.Index(fields=["state", "-id"], name="credit_event_state"),
            models.Index(fields=["violation_code", "-id"], name="credit_event_violation"),
            models.Index(fields=["-effective_on", "-id"], name="credit_event_effective"),
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.rule_code} {self.points}"

    def get_absolute_url(self) -> str:
        return reverse("credit:event", args=[self.pk])

    @property
    def note(self) -> str:
        """The warning that goes with a trial event."""
        return TRIAL_NOTE if self.is_trial else ""


class OutboxQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """Those who see the case."""
        if not sees_business(user):
            return self.none()
        if user.has_role(*CITY_READERS):
            return self.all()
        return self.filter(case_scope(user, "case__"))


class OutboxRecord(models.Model):
    """One decision on its way to the provincial credit platform; found again by authority and number of the decision.

    `version` rises with each correction and withdrawal; each version has its own file.
    """

    case = models.OneToOneField(
        "cases.Case", on_delete=models.PROTECT, verbose_name=_("case"), related_name="credit_record"
    )
    authority_code = models.CharField(_("code of the authority"), max_length=18)
    decision_no = models.CharField(_("number of the decision"), max_length=64)
    state = models.CharField(_("state"), max_length=16, choices=OutboxState, default=OutboxState.DRAFT)
    gravity = models.CharField(_("class of the information"), max_length=16, choices=Gravity, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=0)
    payload = models.JSONField(_("record"), default=dict, blank=True)
    prepared_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, verbose_name=_("prepared by"), related_name="+"
    )
    prepared_at = models.DateTimeField(_("prepared at"), default=timezone.now)
    approved_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("publication approved by"),
        related_name="+",
        null=True,
        blank=True,
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    return_reason = models.CharField(_("why it was returned"), max_length=300, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("credit record")
        verbose_name_plural = _("credit records")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority_code", "decision_no"], name="credit_one_record_a_decision"
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("prepared_by")),
                name="credit_record_second_person",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="credit_record_state"),
            models.Index(fields=["-prepared_at"], name="credit_record_prepared"),
        ]

    def __str__(self) -> str:
        return self.decision_no

    def get_absolute_url(self) -> str:
        return reverse("credit:record", args=[self.pk])


class OutboxFilePartQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        return self.filter(record__in=OutboxRecord.objects.visible_to(user))


class OutboxFile(models.Model):
    """One written version of a record: its two files, and what the receiver answered."""

    record = models.ForeignKey(
        OutboxRecord, on_delete=models.PROTECT, verbose_name=_("credit record"), related_name="files"
    )
    version = models.PositiveSmallIntegerField(_("version"))
    action = models.CharField(_("action"), max_length=16)
    payload = models.JSONField(_("record"), default=dict)
    name = models.CharField(_("file name"), max_length=60, blank=True)
    csv_hash = models.CharField(_("digest of the CSV file"), max_length=64, blank=True)
    json_hash = models.CharField(_("digest of the JSON file"), max_length=64, blank=True)
    written_at = models.DateTimeField(_("written at"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    accepted = models.BooleanField(_("accepted"), null=True, blank=True)
    receipt_no = models.CharField(_("receipt of the platform"), max_length=80, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("entered by"),
        related_name="+",
        null=True,
        blank=True,
    )

    objects = OutboxFilePartQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a credit record")
        verbose_name_plural = _("files of credit records")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["record", "version"], name="credit_one_file_a_version"),
            models.UniqueConstraint(fields=["name"], condition=~Q(name=""), name="credit_file_name_once"),
        ]

    def __str__(self) -> str:
        return self.name or f"{self.record} v{self.version}"
