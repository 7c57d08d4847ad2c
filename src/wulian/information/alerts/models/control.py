"""问题项目管控: projects under control, what has to be done about them, by whom and until when, and their release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.models import Department
from wulian.core.accounts.scopes import dossier_scope, sees_business, sees_whole_city
from wulian.core.audit.models import AppendOnlyModel
from wulian.core.audit.querysets import AppendOnlyQuerySet
from wulian.information.alerts.choices import ControlLevel, ControlState, ControlStep, MeasureState
from wulian.information.alerts.models.oversight import user_key
from wulian.information.registry.models import Project

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


class ControlQuerySet(models.QuerySet["ControlledProject"]):
    """Projects under control; reading starts from `visible_to`."""

    def visible_to(self, user: User) -> Self:
        """Those of the projects one's department supervises, leads, or owes a measure for; all for the whole city."""
        if not sees_business(user):
            return self.none()
        if sees_whole_city(user):
            return self.all()
        scope = dossier_scope(user)
        if user.department_id:
            owed = ControlMeasure.objects.filter(control=OuterRef("pk"), department=user.department_id)
            scope |= Q(department=user.department_id) | Q(Exists(owed))
        return self.filter(scope)

    def open(self) -> Self:
        """Those not yet released."""
        return self.exclude(state=ControlState.RELEASED)


class ControlledProject(models.Model):
    """A project on the control list: why, how strictly, which department answers for it, and how it was released."""

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, verbose_name=_("project"), related_name="controls"
    )
    level = models.PositiveSmallIntegerField(_("Level"), choices=ControlLevel)
    reason = models.TextField(_("Why it is controlled"))
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        verbose_name=_("Department in charge"),
        related_name="controlled_projects",
    )
    state = models.CharField(_("state"), max_length=12, choices=ControlState, default=ControlState.OPEN)
    placed_by = user_key(_("placed by"))
    placed_at = models.DateTimeField(_("Placed on the list"), default=timezone.now)
    release_reason = models.TextField(_("Why it is released"), blank=True)
    proposed_by = user_key(_("release proposed by"), null=True, blank=True)
    proposed_at = models.DateTimeField(_("release proposed at"), null=True, blank=True)
    released_by = user_key(_("released by"), null=True, blank=True)
    released_at = models.DateTimeField(_("Released"), null=True, blank=True)

    objects = ControlQuerySet.as_manager()

    class Meta:
        verbose_name = _("controlled project")
        verbose_name_plural = _("controlled projects")
        ordering = ["level", "-placed_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=~Q(state=ControlState.RELEASED), name="control_once_a_project"
            ),
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(released_by=models.F("proposed_by")),
                name="control_second_person",
            ),
        ]
        indexes = [
            models.Index(fields=["level", "-placed_at", "-id"], name="control_order"),
            models.Index(fields=["state", "level"], name="control_state"),
            models.Index(fields=["department", "state"], name="control_department"),
            models.Index(fields=["-placed_at", "-id"], name="control_placed"),
        ]

    def __str__(self) -> str:
        return str(self.project)

    def get_absolute_url(self) -> str:
        return reverse("alerts:control", args=[self.pk])


class ControlGround(AppendOnlyModel):
    """An alert, or what an alert became (a lead, an inspection, a complaint), that justifies the control."""

    control = models.ForeignKey(
        ControlledProject, on_delete=models.CASCADE, verbose_name=_("control"), related_name="grounds"
    )
    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField(_("number of the record"))
    record = GenericForeignKey()
    label = models.CharField(_("record"), max_length=300)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("ground of a control")
        verbose_name_plural = _("grounds of controls")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["control", "content_type", "object_id"], name="control_ground_once"
            )
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="control_ground_record")]

    def __str__(self) -> str:
        return self.label


class MeasureQuerySet(models.QuerySet["ControlMeasure"]):
    """Measures; reading starts from `visible_to`."""

    def visible_to(self, user: User) -> Self:
        """Measures of the controls the user may see."""
        return self.filter(control__in=ControlledProject.objects.visible_to(user))

    def open(self) -> Self:
        """Measures that still have to be carried out or judged."""
        return self.filter(state__in=(MeasureState.OPEN, MeasureState.REPORTED))


class ControlMeasure(models.Model):
    """One thing to be done about a controlled project, by a department (perhaps one of its people) and a day."""

    control = models.ForeignKey(
        ControlledProject, on_delete=models.CASCADE, verbose_name=_("control"), related_name="measures"
    )
    demand = models.TextField(_("Measure"))
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        verbose_name=_("Department in charge"),
        related_name="control_measures",
    )
    person = user_key(_("Person in charge"), null=True, blank=True)
    due_on = models.DateField(_("Due on"))
    state = models.CharField(_("state"), max_length=12, choices=MeasureState, default=MeasureState.OPEN)
    report = models.TextField(_("How it was carried out"), blank=True)
    reported_by = user_key(_("reported by"), null=True, blank=True)
    reported_at = models.DateTimeField(_("reported at"), null=True, blank=True)
    ended_by = user_key(_("judged by"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    added_by = user_key(_("added by"))
    added_at = models.DateTimeField(_("added at"), default=timezone.now)
    overdue_told_at = models.DateTimeField(_("overdue notice"), null=True, blank=True)
    attachments = GenericRelation("alerts.Attachment")

    objects = MeasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("control measure")
        verbose_name_plural = _("control measures")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=MeasureState.DONE) | ~Q(ended_by=models.F("reported_by")),
                name="control_measure_second_person",
            )
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="control_measure_state"),
            models.Index(fields=["department", "state", "due_on"], name="control_measure_department"),
        ]

    def __str__(self) -> str:
        return self.demand[:80]

    def get_absolute_url(self) -> str:
        return f"{self.control.get_absolute_url()}#measure-{self.pk}"


class ControlEvent(AppendOnlyModel):
    """One step in the history of a control: what was done, by whom, with which words."""

    control = models.ForeignKey(
        ControlledProject, on_delete=models.CASCADE, verbose_name=_("control"), related_name="history"
    )
    step = models.CharField(_("step"), max_length=20, choices=ControlStep)
    actor = user_key(_("actor"))
    at = models.DateTimeField(_("time"), default=timezone.now)
    note = models.TextField(_("note"), blank=True)
    measure = models.ForeignKey(
        ControlMeasure, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a control")
        verbose_name_plural = _("steps of controls")
        ordering = ["id"]
        indexes = [models.Index(fields=["control", "id"], name="control_event")]

    def __str__(self) -> str:
        return str(self.get_step_display())
