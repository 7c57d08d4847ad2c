"""What trading systems told, as they told it; the content is sealed on the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.choices import Role
from wulian.core.accounts.scopes import sees_business
from wulian.information.supervision.choices import EventState, QuarantineState, RefusalCode
from wulian.information.supervision.models.rooms import Room
from wulian.information.supervision.models.systems import AccessToken, TradingSystem

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


class FeedEvent(models.Model):
    """One event that was taken in; ``digest`` is of its content, ``sealed`` the content under the platform's key."""

    system = models.ForeignKey(TradingSystem, on_delete=models.PROTECT, related_name="+")
    token = models.ForeignKey(AccessToken, on_delete=models.PROTECT, related_name="+", null=True)
    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="events")
    event_id = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    sealed = models.BinaryField()
    state = models.CharField(max_length=8, choices=EventState)
    first_state = models.CharField(max_length=8, choices=EventState)
    occurred_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["room", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["system", "event_id"], name="event_once_per_system"),
            models.UniqueConstraint(fields=["room", "sequence"], name="event_sequence_in_room"),
        ]

    def __str__(self) -> str:
        return self.event_id

    @property
    def skew_seconds(self) -> float:
        """How much later (positive) than sent it arrived by the platform's clock."""
        return (self.received_at - self.sent_at).total_seconds()


class QuarantineQuerySet(models.QuerySet["QuarantinedEvent"]):
    def visible_to(self, user: User) -> QuarantineQuerySet:
        """The coordinating office sees all; a liaison those of the systems that his department looks after."""
        if not sees_business(user):
            return self.none()
        if user.has_role(Role.DISPATCHER, Role.OFFICE_HEAD, Role.DISCIPLINE):
            return self.all()
        if user.has_role(Role.LIAISON) and user.department_id:
            return self.filter(system__departments=user.department_id)
        return self.none()

    def open(self) -> QuarantineQuerySet:
        return self.filter(state=QuarantineState.OPEN)


class QuarantinedEvent(models.Model):
    """An event that came with a good token and was refused: nothing of it has entered anything."""

    system = models.ForeignKey(
        TradingSystem, on_delete=models.PROTECT, related_name="+", verbose_name=_("trading system")
    )
    token = models.ForeignKey(AccessToken, on_delete=models.PROTECT, related_name="+", null=True)
    event_id = models.CharField(_("event id"), max_length=64, blank=True)
    lot_code = models.CharField(_("lot code"), max_length=64, blank=True)
    kind = models.CharField(_("kind of event"), max_length=32, blank=True)
    code = models.CharField(_("reason"), max_length=16, choices=RefusalCode)
    field = models.CharField(_("field"), max_length=200, blank=True)
    message = models.CharField(_("what was expected"), max_length=500)
    digest = models.CharField(max_length=64)
    sealed = models.BinaryField()
    times = models.PositiveIntegerField(_("times sent"), default=1)
    first_at = models.DateTimeField(_("first received"), default=timezone.now)
    last_at = models.DateTimeField(_("last received"), default=timezone.now)
    state = models.CharField(_("state"), max_length=8, choices=QuarantineState, default=QuarantineState.OPEN)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("handled by"),
        null=True,
        blank=True,
    )
    handled_at = models.DateTimeField(_("handled at"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = QuarantineQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused event")
        verbose_name_plural = _("refused events")
        ordering = ["-last_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["system", "digest"],
                condition=Q(state=QuarantineState.OPEN),
                name="refused_event_once_while_open",
            )
        ]
        indexes = [
            models.Index(fields=["state", "-last_at"], name="quarantine_state"),
            models.Index(fields=["system", "state"], name="quarantine_system"),
        ]

    def __str__(self) -> str:
        return self.event_id or f"#{self.pk}"
