"""Who may tell: e-trading systems and their tokens. No business content is here, so the system administrator keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import Department
from wulian.information.registry.choices import Sector
from wulian.information.supervision.choices import CallProblem

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


class KeeperQuerySet(models.QuerySet["TradingSystem"]):
    def visible_to(self, user: User) -> KeeperQuerySet:
        """Systems are kept by the system administrator; nobody else manages them."""
        return self.all() if user.is_authenticated and user.has_role(Role.SYSTEM_ADMIN) else self.none()


class TradingSystem(models.Model):
    """An e-trading system that reports openings and evaluations; ``departments`` look after what it sends."""

    code = models.SlugField(_("system code"), max_length=32, unique=True)
    name = models.CharField(_("system name"), max_length=100, unique=True)
    operator = models.CharField(_("operator of the system"), max_length=100, blank=True)
    departments = models.ManyToManyField(
        Department, verbose_name=_("departments in charge"), related_name="trading_systems", blank=True
    )
    skew_limit = models.PositiveIntegerField(_("tolerated clock difference (seconds)"), default=60)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created time"), default=timezone.now)

    objects = KeeperQuerySet.as_manager()

    class Meta:
        verbose_name = _("trading system")
        verbose_name_plural = _("trading systems")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class AccessToken(models.Model):
    """A token of a system: only its digest is kept. ``sector`` and ``region_code`` limit the lots it may speak of."""

    system = models.ForeignKey(
        TradingSystem, on_delete=models.PROTECT, verbose_name=_("trading system"), related_name="tokens"
    )
    label = models.CharField(_("use of the token"), max_length=100)
    prefix = models.CharField(_("first characters"), max_length=12)
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    sector = models.CharField(_("only this sector"), max_length=16, choices=Sector, blank=True)
    region_code = models.CharField(_("only this area"), max_length=12, blank=True)
    created_at = models.DateTimeField(_("created time"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("issued by"),
        related_name="+",
        null=True,
    )
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    window_started_at = models.DateTimeField(null=True, blank=True, editable=False)
    window_count = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.prefix}…"

    @property
    def problem(self) -> CallProblem | None:
        """Why the token is not accepted now; None when it is."""
        if self.revoked_at is not None:
            return CallProblem.REVOKED
        if self.expires_at <= timezone.now():
            return CallProblem.EXPIRED
        return None if self.system.is_active else CallProblem.INACTIVE


class RejectedCalls(models.Model):
    """How many calls of a day were turned away at the door, by reason; nothing of what they carried is kept."""

    day = models.DateField(_("day"))
    problem = models.CharField(_("reason"), max_length=16, choices=CallProblem)
    count = models.PositiveIntegerField(_("calls"), default=0)
    last_at = models.DateTimeField(_("last call"), default=timezone.now)
    last_address = models.CharField(_("last network address"), max_length=45, blank=True)

    class Meta:
        verbose_name = _("rejected calls")
        verbose_name_plural = _("rejected calls")
        ordering = ["-day", "problem"]
        constraints = [
            models.UniqueConstraint(fields=["day", "problem"], name="rejected_calls_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.get_problem_display()} {self.count}"
