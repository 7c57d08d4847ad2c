"""A clock is a budget (start, n, unit) and a ledger of suspensions; its dates are only a projection of the two."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wulian.core.accounts.scopes import sees_business
from wulian.core.clocks.choices import UNIT_CHOICES, ClockState, Outcome, SuspensionReason

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


class ClockQuerySet(models.QuerySet["Clock"]):
    """Clocks of whatever record."""

    def visible_to(self, user: User) -> ClockQuerySet:
        """Return the clocks for people with a business role; whether a record is theirs is asked of the record."""
        return self if sees_business(user) else self.none()

    def of(self, subject: models.Model) -> ClockQuerySet:
        """Return the clocks of one record."""
        return self.filter(content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk)

    def running(self) -> ClockQuerySet:
        """Return the clocks that run (suspended ones included), what falls due first at the top."""
        return self.filter(state=ClockState.RUNNING).order_by(F("due").asc(nulls_last=True), "pk")

    def with_ledger(self) -> ClockQuerySet:
        """Return the clocks with their suspensions, for lists: kept as plain lists, without a manager for each clock."""
        return self.prefetch_related(Prefetch("suspensions", to_attr="kept_suspensions"))


class Clock(models.Model):
    """One statutory period of one record.

    `started_on` is the day of the event that sets it off (not counted, DT-1); an hour clock also has `started_at`.
    `due_raw`, `due`, `due_at` and `provisional` are the cached projection; they are empty while the clock is suspended.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, verbose_name=_("record type"))
    object_id = models.PositiveBigIntegerField(pgettext_lazy("clocks", "record"))
    subject = GenericForeignKey("content_type", "object_id")
    kind = models.CharField(_("kind"), max_length=64)
    label = models.CharField(_("period"), max_length=100)
    basis = models.CharField(_("legal basis"), max_length=200)
    started_on = models.DateField(_("started on"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    n = models.PositiveIntegerField(_("length"))
    unit = models.CharField(_("unit"), max_length=16, choices=UNIT_CHOICES)
    rule = models.CharField(_("counting rule"), max_length=8, blank=True)
    roll_forward = models.BooleanField(_("rolls forward from a day off"), default=True)

    state = models.CharField(_("state"), max_length=16, choices=ClockState, default=ClockState.RUNNING)
    stopped_on = models.DateField(_("stopped on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=16, choices=Outcome, blank=True)

    due_raw = models.DateField(_("last day before roll-forward"), null=True, blank=True)
    due = models.DateField(_("due on"), null=True, blank=True)
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    provisional = models.BooleanField(_("provisional"), default=False)
    calendar_revisions = models.JSONField(_("calendar revisions used"), default=dict)

    created_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = ClockQuerySet.as_manager()

    class Meta:
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        ordering = ["started_on", "pk"]
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="clock_subject"),
            models.Index(fields=["state", "due"], name="clock_state_due"),
            # Which records of a list are late is read off this index alone.
            models.Index(fields=["content_type", "state", "due", "object_id"], name="clock_late"),
            models.Index(fields=["content_type", "outcome", "object_id"], name="clock_outcome"),
            models.Index(fields=["kind", "state"], name="clock_kind_state"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "kind"],
                condition=Q(state="running"),
                name="one_running_clock_per_kind",
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_running(self) -> bool:
        """Whether it has not been stopped; a suspended clock runs in this sense."""
        return self.state == ClockState.RUNNING

    @property
    def ledger(self) -> Iterable[Suspension]:
        """Its suspensions, the first first (reads what `with_ledger` or a prefetch has brought)."""
        kept: list[Suspension] | None = self.__dict__.get("kept_suspensions")
        return self.suspensions.all() if kept is None else kept

    @property
    def open_suspension(self) -> Suspension | None:
        """The suspension that still lasts, or None."""
        return next((item for item in self.ledger if item.ended_on is None), None)


class Suspension(models.Model):
    """Excluded time: the day it starts still counts, the days after it up to and including its end do not."""

    clock = models.ForeignKey(
        Clock, on_delete=models.PROTECT, verbose_name=_("clock"), related_name="suspensions"
    )
    started_on = models.DateField(_("suspended from"))
    ended_on = models.DateField(_("suspended until"), null=True, blank=True)
    reason_code = models.CharField(_("reason"), max_length=24, choices=SuspensionReason)
    document_no = models.CharField(_("commissioning letter"), max_length=80, blank=True)
    institute = models.CharField(_("institute"), max_length=120, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("recorded by"),
        related_name="+",
        null=True,
        blank=True,
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        ordering = ["started_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["clock"], condition=Q(ended_on=None), name="one_open_suspension"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")), name="ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.started_on} – {self.ended_on or '…'}"


class ClockProjection(models.Model):
    """One change of a clock's computed dates: old, new, why, when and by whom."""

    clock = models.ForeignKey(
        Clock, on_delete=models.PROTECT, verbose_name=_("clock"), related_name="projections"
    )
    old_raw = models.DateField(_("old last day"), null=True, blank=True)
    old_due = models.DateField(_("old due date"), null=True, blank=True)
    old_provisional = models.BooleanField(_("was provisional"), default=False)
    new_raw = models.DateField(_("new last day"), null=True, blank=True)
    new_due = models.DateField(_("new due date"), null=True, blank=True)
    new_provisional = models.BooleanField(_("is provisional"), default=False)
    reason = models.CharField(_("reason"), max_length=200)
    batch = models.UUIDField(_("batch"), null=True, blank=True, db_index=True)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("by"),
        related_name="+",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("projection")
        verbose_name_plural = _("projections")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.old_due} → {self.new_due}"
