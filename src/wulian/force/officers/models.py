"""执法人员库: officers, their certificates, absences, recusals and training."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.choices import Role
from wulian.core.accounts.scopes import NOTHING, sees_business, sees_whole_city
from wulian.law.regions import region_covers

from .choices import CertificateState, Relation, Sector
from .parties import PartyReference

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

TRAINING_HOURS_A_YEAR = 60
"""学时 a year (国办发〔2023〕27号, from memory: shown as 来源待核)."""


class OfficerQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """The whole library for the coordinating office and oversight, else the own department's officers and oneself."""
        return self.filter(officer_scope(user))


class OfficerPartQuerySet(models.QuerySet):
    """Rows that hang from an officer."""

    def visible_to(self, user: User) -> Self:
        return self.filter(officer_scope(user, "officer__"))


class CertificateQuerySet(OfficerPartQuerySet):
    def valid_on(self, day: dt.date) -> Self:
        """Certificates that are valid on `day`, as `Certificate.state_on` says it row by row."""
        pauses = CertificateSuspension.objects.filter(
            Q(ends_on=None) | Q(ends_on__gte=day), certificate=OuterRef("pk"), starts_on__lte=day
        )
        rows = self.filter(valid_from__lte=day, valid_to__gte=day).exclude(confirmed_at=None)
        return rows.filter(Q(revoked_on=None) | Q(revoked_on__gt=day)).exclude(Exists(pauses))


class RecusalQuerySet(models.QuerySet):
    """Declarations speak of relatives and money: fewer people read them."""

    def visible_to(self, user: User) -> Self:
        """Oneself, those who dispatch or oversee, and the heads of the officer's own authority."""
        if not sees_business(user):
            return self.none()
        if user.has_role(Role.DISPATCHER, Role.OFFICE_HEAD, Role.DISCIPLINE):
            return self.all()
        own = Q(officer__user_id=user.pk)
        if user.department_id and user.has_role(Role.AUTHORITY_HEAD, Role.SECTION_HEAD):
            own |= Q(officer__authority_id=user.department_id)
        return self.filter(own)

    def in_force(self, on: dt.date) -> Self:
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on)


def officer_scope(user: User, path: str = "") -> Q:
    """Which officers `user` sees; `path` is the lookup prefix to the officer."""
    if not sees_business(user):
        return NOTHING
    if sees_whole_city(user):
        return Q()
    own = Q(**{f"{path}user_id": user.pk})
    return own | Q(**{f"{path}authority_id": user.department_id}) if user.department_id else own


class Officer(models.Model):
    """A person of the library. An auxiliary only assists and is never counted as an enforcement officer."""

    user = models.OneToOneField(
        "accounts.User", on_delete=models.PROTECT, verbose_name=_("user"), related_name="officer"
    )
    authority = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        verbose_name=_("authority"),
        related_name="officers",
    )
    rank = models.CharField(_("civil service rank"), max_length=60, blank=True)
    seconded_to = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        verbose_name=_("seconded to"),
        related_name="seconded_officers",
        null=True,
        blank=True,
    )
    secondment_from = models.DateField(_("secondment from"), null=True, blank=True)
    secondment_to = models.DateField(_("secondment to"), null=True, blank=True)
    secondment_document = models.CharField(_("secondment document"), max_length=120, blank=True)
    legal_qualification_no = models.CharField(
        _("legal profession qualification number"), max_length=60, blank=True
    )
    legal_qualification_date = models.DateField(
        _("legal profession qualification date"), null=True, blank=True
    )
    is_hearing_host = models.BooleanField(_("hearing host"), default=False)
    is_auxiliary = models.BooleanField(_("auxiliary staff"), default=False)
    is_active = models.BooleanField(_("in service"), default=True)

    objects = OfficerQuerySet.as_manager()

    reasons: tuple[str, ...] = ()
    """Filled by the selectors: why the officer may not act in the matter asked about; empty = may."""

    class Meta:
        verbose_name = _("enforcement officer")
        verbose_name_plural = _("enforcement officers")
        ordering = ["authority_id", "id"]
        indexes = [models.Index(fields=["authority", "is_auxiliary", "id"], name="officers_by_authority")]
        constraints = [
            models.CheckConstraint(
                condition=Q(seconded_to=None)
                | (Q(secondment_from__isnull=False) & ~Q(secondment_document="")),
                name="officers_secondment_is_documented",
            ),
        ]

    def __str__(self) -> str:
        return self.user.full_name

    @property
    def name(self) -> str:
        return self.user.full_name

    @property
    def is_eligible(self) -> bool:
        """Whether no reason stands against the officer in the matter last asked about."""
        return not self.reasons

    def get_absolute_url(self) -> str:
        return reverse("officers:detail", args=[self.pk])

    def seconded_on(self, day: dt.date) -> bool:
        """Whether the secondment runs on `day`; it never changes in whose name the officer acts."""
        return (
            self.seconded_to_id is not None
            and self.secondment_from is not None
            and self.secondment_from <= day
            and (self.secondment_to is None or day <= self.secondment_to)
        )


class Certificate(models.Model):
    """行政执法证; one entered by the officer counts only once the coordinating office has confirmed it."""

    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, verbose_name=_("officer"), related_name="certificates"
    )
    number = models.CharField(_("certificate number"), max_length=60, unique=True)
    issuer = models.CharField(_("issuer"), max_length=120)
    sectors = models.JSONField(_("sectors"), default=list)
    region_code = models.CharField(_("region code"), max_length=12)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), db_index=True)
    confirmed_at = models.DateTimeField(_("confirmed time"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("confirmed by"),
        related_name="+",
        null=True,
        blank=True,
    )
    revoked_on = models.DateField(_("revoked on"), null=True, blank=True)
    revocation_reason = models.CharField(_("reason of the revocation"), max_length=300, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("enforcement certificate")
        verbose_name_plural = _("enforcement certificates")
        ordering = ["-valid_to", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")), name="officers_certificate_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.number

    def state_on(self, day: dt.date) -> CertificateState:
        """What the certificate is worth on `day`."""
        if self.revoked_on is not None and self.revoked_on <= day:
            return CertificateState.REVOKED
        if day < self.valid_from:
            return CertificateState.NOT_YET
        if day > self.valid_to:
            return CertificateState.EXPIRED
        if any(pause.covers(day) for pause in self.suspensions.all()):
            return CertificateState.SUSPENDED
        return CertificateState.VALID if self.confirmed_at else CertificateState.UNCONFIRMED

    @property
    def state(self) -> CertificateState:
        """What it is worth today."""
        return self.state_on(timezone.localdate())

    @property
    def sector_labels(self) -> list[str]:
        """The sectors in words."""
        return [str(Sector(code).label) for code in self.sectors]

    def covers_sector(self, sector: str) -> bool:
        return sector in self.sectors

    def covers_region(self, region_code: str) -> bool:
        """Whether it holds in `region_code`: a city's certificate holds in its counties, not the other way."""
        return region_covers(self.region_code, region_code)


class CertificateSuspension(models.Model):
    """暂扣: from a first to a last day (open while it lasts)."""

    certificate = models.ForeignKey(
        Certificate, on_delete=models.PROTECT, verbose_name=_("certificate"), related_name="suspensions"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("suspension of a certificate")
        verbose_name_plural = _("suspensions of certificates")
        ordering = ["-starts_on", "-id"]

    def __str__(self) -> str:
        return f"{self.certificate} {self.starts_on}"

    def covers(self, day: dt.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Leave(models.Model):
    """An absence, both days inclusive; cancelled, never deleted."""

    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, verbose_name=_("officer"), related_name="leaves"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    reason = models.CharField(_("reason"), max_length=200)
    recorded_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, verbose_name=_("recorded by"), related_name="+"
    )
    cancelled_at = models.DateTimeField(_("cancelled time"), null=True, blank=True)

    objects = OfficerPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leaves")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="officers_leave_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_on} – {self.ends_on}"

    def covers(self, day: dt.date) -> bool:
        return self.cancelled_at is None and self.starts_on <= day <= self.ends_on


class RecusalDeclaration(models.Model):
    """回避申报: a relation to a party, named by name and code; it ends with a date, never by deletion."""

    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, verbose_name=_("officer"), related_name="recusals"
    )
    party_name = models.CharField(_("party"), max_length=300)
    party_uscc = models.CharField(_("unified social credit code"), max_length=18, blank=True, db_index=True)
    relation = models.CharField(_("relation"), max_length=20, choices=Relation)
    explanation = models.CharField(_("explanation"), max_length=500, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    declared_at = models.DateTimeField(_("declared time"), auto_now_add=True)
    declared_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, verbose_name=_("declared by"), related_name="+"
    )

    objects = RecusalQuerySet.as_manager()

    class Meta:
        verbose_name = _("recusal declaration")
        verbose_name_plural = _("recusal declarations")
        ordering = ["-valid_from", "-id"]

    def __str__(self) -> str:
        return self.party_name

    @property
    def party(self) -> PartyReference:
        return PartyReference(self.party_name, self.party_uscc)

    def covers(self, day: dt.date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class TrainingRecord(models.Model):
    """培训: hours on a day, with the score of an examination if there was one."""

    officer = models.ForeignKey(
        Officer, on_delete=models.PROTECT, verbose_name=_("officer"), related_name="trainings"
    )
    title = models.CharField(_("course"), max_length=200)
    organiser = models.CharField(_("organiser"), max_length=120, blank=True)
    held_on = models.DateField(_("date"))
    hours = models.DecimalField(_("training hours"), max_digits=5, decimal_places=1)
    score = models.DecimalField(_("examination score"), max_digits=5, decimal_places=1, null=True, blank=True)
    recorded_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, verbose_name=_("recorded by"), related_name="+"
    )

    objects = OfficerPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")
        ordering = ["-held_on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(hours__gt=0), name="officers_training_has_hours")]

    def __str__(self) -> str:
        return self.title
