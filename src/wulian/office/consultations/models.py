"""会商: what was asked, who was invited, what each said, what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.scopes import NOTHING, sees_business, sees_whole_city
from wulian.core.audit.permissions import kept_from
from wulian.core.procedures.models import Staged

from .choices import Conclusion, ConsultationType, Outcome, Position

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


class ConsultationQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """All for the coordinating office and oversight; else those one proposed or the own department is invited to.

        Without those about a record that is kept from the user.
        """
        rows = self.filter(consultation_scope(user))
        for label, numbers in kept_from(user):
            if label == self.model._meta.label_lower:
                rows = rows.exclude(pk__in=numbers)
        return rows


class PartQuerySet(models.QuerySet):
    """Rows that hang from a consultation."""

    def visible_to(self, user: User) -> Self:
        return self.filter(consultation__in=Consultation.objects.visible_to(user))


def consultation_scope(user: User) -> Q:
    """Which consultations `user` sees."""
    if not sees_business(user):
        return NOTHING
    if sees_whole_city(user):
        return Q()
    own = Q(proposed_by=user.pk)
    if user.department_id:
        invited = Member.objects.filter(department=user.department_id, recused_at=None)
        own |= Q(pk__in=invited.values("consultation"))
    return own


class Consultation(Staged):
    """One 会商. It advises; the head of the competent authority decides (行政处罚法 第五十七条)."""

    procedure_code: ClassVar[str] = "consultation"

    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number"))
    type = models.CharField(_("type"), max_length=16, choices=ConsultationType)
    title = models.CharField(_("agenda"), max_length=200)
    facts = models.TextField(_("basic facts"))
    disputes = models.TextField(_("points in dispute"), blank=True)
    law = models.TextField(_("legal basis"), blank=True)
    materials = models.TextField(_("materials"), blank=True)
    parties = models.JSONField(_("parties concerned"), default=list, blank=True)
    confidentiality = models.CharField(_("who may know"), max_length=100, default="内部")
    content_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    object_id = models.PositiveBigIntegerField(_("number of the record"), null=True, blank=True)
    subject = GenericForeignKey()
    proposed_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("proposed by"),
        related_name="proposed_consultations",
    )
    proposed_at = models.DateTimeField(_("proposed time"), auto_now_add=True)
    convener = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("convener"),
        related_name="+",
        null=True,
        blank=True,
    )
    host = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("host"),
        related_name="+",
        null=True,
        blank=True,
    )
    recorder = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("recorder"),
        related_name="+",
        null=True,
        blank=True,
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    held_at = models.DateTimeField(_("held at"), null=True, blank=True)
    conclusion_kind = models.CharField(
        _("form of the conclusion"), max_length=4, choices=Conclusion, blank=True
    )
    conclusion = models.TextField(_("conclusion"), blank=True)
    dissent = models.TextField(_("dissent"), blank=True)
    minutes = models.TextField(_("meeting minutes"), blank=True)
    minutes_digest = models.CharField(_("SM3 digest of the minutes"), max_length=64, blank=True)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="consultations_one_number_a_year")
        ]
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="consultations_subject"),
            models.Index(fields=["type", "-year", "-number"], name="consultations_type"),
            models.Index(fields=["-held_at"], name="consultations_held"),
        ]

    def __str__(self) -> str:
        return f"{self.document_number} {self.title}"

    @property
    def document_number(self) -> str:
        """The number as it is cited: 会商〔2026〕3号."""
        return f"会商〔{self.year}〕{self.number}号"

    def get_absolute_url(self) -> str:
        return reverse("consultations:detail", args=[self.pk])


class Member(models.Model):
    """An invited department, with the person it sends if that is known; an observer gives no opinion."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="members")
    department = models.ForeignKey(
        "accounts.Department", on_delete=models.PROTECT, verbose_name=_("department"), related_name="+"
    )
    person = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("person sent"),
        related_name="+",
        null=True,
        blank=True,
    )
    is_observer = models.BooleanField(_("observer"), default=False)
    is_absent = models.BooleanField(_("absent"), default=False)
    recused_at = models.DateTimeField(_("recused time"), null=True, blank=True)
    recusal_reason = models.CharField(_("reason of the recusal"), max_length=300, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("invited department")
        verbose_name_plural = _("invited departments")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "department"], name="consultations_department_once"
            )
        ]

    def __str__(self) -> str:
        return self.department.name

    @property
    def has_a_voice(self) -> bool:
        """Whether an opinion of this department is expected."""
        return not (self.is_observer or self.is_absent or self.recused_at)


class Opinion(models.Model):
    """What a department said; a later one replaces an earlier one, which stays readable."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="opinions")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="opinions")
    person = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, verbose_name=_("person sent"), related_name="+"
    )
    position = models.CharField(_("stance"), max_length=16, choices=Position)
    opinion = models.TextField(_("opinion given"))
    given_at = models.DateTimeField(_("given time"), auto_now_add=True)
    is_current = models.BooleanField(_("in effect"), default=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("opinion given")
        verbose_name_plural = _("opinions given")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=Q(is_current=True), name="consultations_one_current_opinion"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.get_position_display()}"


class ConsultationTask(models.Model):
    """任务: who does what until when, and what came back."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="tasks")
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        verbose_name=_("responsible department"),
        related_name="+",
    )
    content = models.CharField(_("task"), max_length=300)
    due = models.DateField(_("task due"))
    outcome = models.CharField(_("adoption"), max_length=16, choices=Outcome, blank=True)
    receipt = models.TextField(_("feedback"), blank=True)
    receipt_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("feedback by"),
        related_name="+",
        null=True,
        blank=True,
    )
    receipt_at = models.DateTimeField(_("feedback time"), null=True, blank=True)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("task of a consultation")
        verbose_name_plural = _("tasks of consultations")
        ordering = ["due", "id"]
        indexes = [models.Index(fields=["department", "receipt_at", "due"], name="consultations_task_open")]

    def __str__(self) -> str:
        return self.content
