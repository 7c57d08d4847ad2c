"""Annual plans, draws that can be re-computed, and the inspections that come of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.scopes import sees_business, sees_whole_city
from wulian.core.procedures.models import Staged

from .choices import DrawState, How, ObjectKind, TaskState, WithdrawalReason

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """A published plan for all who do business; a draft for the coordinating office, oversight and its departments."""
        if not sees_business(user):
            return self.none()
        if sees_whole_city(user):
            return self.all()
        published = ~Q(published_at=None)
        own = Q(
            pk__in=AnnualPlan.departments.through.objects.filter(department=user.department_id).values(
                "annualplan"
            )
        )
        return self.filter(published | own if user.department_id else published)


class DrawQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """A finished draw for all who do business; one under way for the coordinating office, oversight and the authority."""
        if not sees_business(user):
            return self.none()
        if sees_whole_city(user):
            return self.all()
        return self.filter(Q(state=DrawState.DRAWN) | Q(authority=user.department_id))


class TaskQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> Self:
        """All for the coordinating office and oversight; else those of the own authority or those one inspects."""
        if not sees_business(user):
            return self.none()
        if sees_whole_city(user):
            return self.all()
        mine = TaskInspector.objects.filter(officer__user=user.pk).values("task")
        return self.filter(Q(authority=user.department_id) | Q(pk__in=mine))


class AnnualPlan(Staged):
    """年度检查计划: how many objects, how often at most, which items, by whom (REFERENCE J01)."""

    procedure_code: ClassVar[str] = "inspection"

    year = models.PositiveSmallIntegerField(_("year"))
    title = models.CharField(_("title"), max_length=200)
    ratio = models.DecimalField(_("ratio in per cent"), max_digits=5, decimal_places=2)
    frequency_cap = models.PositiveSmallIntegerField(_("inspections of one object a year, at most"))
    items = models.TextField(_("inspection items"))
    basis = models.TextField(_("legal basis"), blank=True)
    departments = models.ManyToManyField(
        "accounts.Department", verbose_name=_("departments"), related_name="inspection_plans"
    )
    created_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, verbose_name=_("created by"), related_name="+"
    )
    created_at = models.DateTimeField(_("created time"), auto_now_add=True)
    published_at = models.DateTimeField(_("published time"), null=True, blank=True)
    published_url = models.CharField(_("public address"), max_length=300, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("annual inspection plan")
        verbose_name_plural = _("annual inspection plans")
        ordering = ["-year", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["year", "title"], name="inspection_one_plan_of_a_title"),
            models.CheckConstraint(
                condition=Q(ratio__gt=0) & Q(ratio__lte=100), name="inspection_ratio_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("inspection:plan", args=[self.pk])


class Draw(models.Model):
    """双随机抽取: a frozen pool, a commitment, a public seed, and a result that anyone can re-compute."""

    plan = models.ForeignKey(
        AnnualPlan, on_delete=models.PROTECT, verbose_name=_("plan"), related_name="draws"
    )
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)
    authority = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        verbose_name=_("competent authority"),
        related_name="+",
    )
    sector = models.CharField(_("sector"), max_length=16)
    region_code = models.CharField(_("region code"), max_length=12)
    object_kind = models.CharField(_("inspected parties"), max_length=16, choices=ObjectKind)
    as_of = models.DateField(_("as of"))
    state = models.CharField(
        _("state"), max_length=12, choices=DrawState, default=DrawState.FROZEN, db_index=True
    )
    pool = models.JSONField(_("frozen pool"))
    pool_hash = models.CharField(_("SM3 digest of the pool"), max_length=64)
    commitment = models.CharField(_("draw commitment"), max_length=64)
    sealed_secret = models.BinaryField(_("sealed secret"))
    signature = models.JSONField(_("digital signature"), default=dict)
    frozen_at = models.DateTimeField(_("frozen time"))
    frozen_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, verbose_name=_("frozen by"), related_name="+"
    )
    public_seed = models.CharField(_("public seed"), max_length=300, blank=True)
    seed_source = models.CharField(_("source of the public seed"), max_length=300, blank=True)
    seed_published_at = models.DateTimeField(_("public since"), null=True, blank=True)
    witnesses = models.JSONField(_("witnesses"), default=list)
    seeded_at = models.DateTimeField(_("seed entered time"), null=True, blank=True)
    seeded_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("seed entered by"),
        related_name="+",
        null=True,
        blank=True,
    )
    drawn_at = models.DateTimeField(_("drawn time"), null=True, blank=True)
    drawn_by = models.ForeignKey(
        "accounts.User",
        on_delete=models.PROTECT,
        verbose_name=_("drawn by"),
        related_name="+",
        null=True,
        blank=True,
    )
    record = models.JSONField(_("published record"), null=True, blank=True)
    record_digest = models.CharField(_("SM3 digest of the record"), max_length=64, blank=True)
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        verbose_name=_("replaces"),
        related_name="replaced_by",
        null=True,
        blank=True,
    )
    withdrawal_reason = models.CharField(
        _("reason of the withdrawal"), max_length=16, choices=WithdrawalReason, blank=True
    )
    withdrawal_note = models.CharField(_("note on the withdrawal"), max_length=300, blank=True)

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = _("draw")
        verbose_name_plural = _("draws")
        ordering = ["-frozen_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="inspection_draw_number"),
            # What is drawn has its seed and its record; what is not drawn has no record.
            models.CheckConstraint(
                condition=Q(state__in=["drawn", "withdrawn"], drawn_at__isnull=False, record__isnull=False)
                | (~Q(state="drawn") & Q(drawn_at=None)),
                name="inspection_drawn_has_record",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan.year}-{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("inspection:draw", args=[self.pk])

    @property
    def objects_in_pool(self) -> list[dict[str, Any]]:
        """The frozen objects."""
        found: list[dict[str, Any]] = self.pool["objects"]
        return found


class InspectionTask(Staged):
    """One inspection of one object, from the draw to its publication (REFERENCE H.3)."""

    procedure_code: ClassVar[str] = "inspection"

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, verbose_name=_("draw"), related_name="tasks")
    position = models.PositiveIntegerField(_("place in the draw"))
    how = models.CharField(_("how drawn"), max_length=12, choices=How)
    party = models.ForeignKey(
        "registry.Party",
        on_delete=models.PROTECT,
        verbose_name=_("inspected party"),
        related_name="inspections",
    )
    authority = models.ForeignKey(
        "accounts.Department",
        on_delete=models.PROTECT,
        verbose_name=_("competent authority"),
        related_name="+",
    )
    year = models.PositiveSmallIntegerField(_("year"))

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["-year", "-draw_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "position"], name="inspection_one_task_a_place"),
            models.UniqueConstraint(fields=["draw", "party"], name="inspection_one_task_an_object"),
        ]
        indexes = [
            models.Index(fields=["party", "year"], name="inspection_party_year"),
            models.Index(fields=["authority", "state"], name="inspection_authority_state"),
            models.Index(fields=["-year", "-draw", "position"], name="inspection_order"),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.draw.number}-{self.position} {self.party}"

    def get_absolute_url(self) -> str:
        return reverse("inspection:task", args=[self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store it; a new one begins where the draw has put it."""
        if not self.state:
            self.state = TaskState.DRAWN
        super().save(*args, **kwargs)


class TaskInspector(models.Model):
    """An inspector of a task, with the certificate on the day of the draw."""

    task = models.ForeignKey(InspectionTask, on_delete=models.CASCADE, related_name="inspectors")
    officer = models.ForeignKey(
        "officers.Officer", on_delete=models.PROTECT, verbose_name=_("inspector"), related_name="inspections"
    )
    certificate_no = models.CharField(_("certificate number"), max_length=60)
    is_lead = models.BooleanField(_("leads"), default=False)

    class Meta:
        verbose_name = _("inspector")
        verbose_name_plural = _("inspectors")
        ordering = ["-is_lead", "id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "officer"], name="inspection_officer_once"),
            models.UniqueConstraint(fields=["task"], condition=Q(is_lead=True), name="inspection_one_lead"),
        ]

    def __str__(self) -> str:
        return self.officer.name
