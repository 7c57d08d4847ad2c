"""One room a lot: where the day stands, what was said in it, and in which order it reached the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.scopes import dossier_scope
from wulian.information.registry.models import Lot, Project
from wulian.information.supervision.choices import OPENED_STATES, EntryKind, RemarkKind, RoomState
from wulian.information.supervision.models.systems import TradingSystem

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


class RoomQuerySet(models.QuerySet["Room"]):
    """Rooms; reading starts from ``visible_to``."""

    def visible_to(self, user: User) -> RoomQuerySet:
        """Rooms of the projects that the user's department supervises; nothing for the three administrators."""
        return self.filter(dossier_scope(user))


class Room(models.Model):
    """The live room of a lot.

    ``position`` numbers what the screens show and only grows under the lock of this row, so a reader who asks for what came
    after a position never misses anything. Until the opening the row tells nothing about who bids or how many do.
    """

    lot = models.OneToOneField(
        Lot, on_delete=models.CASCADE, verbose_name=_("lot"), related_name="supervision_room"
    )
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, verbose_name=_("project"), related_name="+"
    )
    system = models.ForeignKey(
        TradingSystem,
        on_delete=models.PROTECT,
        verbose_name=_("trading system"),
        related_name="rooms",
        null=True,
    )
    lot_code = models.CharField(_("lot code"), max_length=200, blank=True, db_index=True)
    state = models.CharField(_("state"), max_length=16, choices=RoomState, default=RoomState.AWAITING)
    next_sequence = models.PositiveIntegerField(default=1)
    position = models.PositiveIntegerField(default=0)
    deadline_at = models.DateTimeField(_("deadline"), null=True, blank=True, db_index=True)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True, db_index=True)
    bidder_count = models.PositiveIntegerField(_("number of bids"), null=True, blank=True)
    evaluated_on = models.DateField(_("day of the evaluation"), null=True, blank=True, db_index=True)
    waiting_objections = models.PositiveIntegerField(_("objections without an answer"), default=0)
    names_disclosed = models.BooleanField(_("names of the committee disclosed"), default=False)
    skew_seconds = models.FloatField(_("clock difference (seconds)"), default=0)
    updated_at = models.DateTimeField(_("updated time"), auto_now=True)

    objects = RoomQuerySet.as_manager()

    class Meta:
        verbose_name = _("live room")
        verbose_name_plural = _("live rooms")
        ordering = ["deadline_at", "id"]
        indexes = [
            models.Index(
                fields=["waiting_objections"],
                condition=models.Q(waiting_objections__gt=0),
                name="room_objections",
            ),
        ]

    def __str__(self) -> str:
        return str(self.lot)

    def get_absolute_url(self) -> str:
        return reverse("supervision:room", args=[self.lot_id])

    @property
    def is_open(self) -> bool:
        """Whether it is public who bids (招标投标法 第三十五条、第三十六条)."""
        return self.state in OPENED_STATES


class RoomEntry(models.Model):
    """One line of the room's timeline; the text is in Chinese, as it was when it happened."""

    room = models.ForeignKey(
        Room, on_delete=models.CASCADE, related_name="entries", verbose_name=_("live room")
    )
    position = models.PositiveIntegerField()
    kind = models.CharField(_("kind"), max_length=16, choices=EntryKind)
    event_kind = models.CharField(max_length=32, blank=True)
    at = models.DateTimeField(_("time"))
    recorded_at = models.DateTimeField(_("recorded time"), default=timezone.now)
    text = models.CharField(_("text"), max_length=500)

    class Meta:
        ordering = ["room", "position"]
        constraints = [models.UniqueConstraint(fields=["room", "position"], name="entry_position_in_room")]

    def __str__(self) -> str:
        return self.text


class Remark(models.Model):
    """监督意见: what a supervisor said in the room, and how the trading centre or the procuring entity answered."""

    room = models.ForeignKey(
        Room, on_delete=models.CASCADE, related_name="remarks", verbose_name=_("live room")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=RemarkKind)
    text = models.CharField(_("remark"), max_length=1000)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("supervisor")
    )
    at = models.DateTimeField(_("time"), default=timezone.now)
    answer = models.CharField(_("answer"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.CharField(_("who answered"), max_length=100, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("answer entered by"),
        null=True,
        blank=True,
    )
    seen_at = models.DateTimeField(_("answer read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["author", "seen_at", "answered_at"], name="remark_of_author"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.text}"
