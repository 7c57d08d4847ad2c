"""The reporter's vault: identities under a key of their own, and who asked to open them (REFERENCE D.9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.choices import OpeningState
from wulian.casework.intake.models.receipts import Receipt

if TYPE_CHECKING:
    from wulian.casework.intake.models.matters import Matter
    from wulian.core.accounts.models import User


class ReporterIdentity(models.Model):
    """Who stands behind an alias: one SM4-GCM message, bound to the alias; the key is not in the database.

    There is no manager method that reads it and no page that lists it: see `services.vault.open_identity`.
    """

    receipt = models.OneToOneField(
        Receipt, on_delete=models.PROTECT, verbose_name=_("receipt"), related_name="identity"
    )
    sealed = models.BinaryField(_("sealed identity"))
    created_at = models.DateTimeField(_("created time"), auto_now_add=True)

    class Meta:
        verbose_name = _("sealed identity")
        verbose_name_plural = _("sealed identities")

    def __str__(self) -> str:
        return self.receipt.alias


class OpeningQuerySet(models.QuerySet["IdentityOpening"]):
    def in_force(self) -> OpeningQuerySet:
        """Approved openings that have not expired."""
        return self.filter(state=OpeningState.APPROVED, expires_at__gt=timezone.now())

    def of(self, matter: models.Model) -> OpeningQuerySet:
        """Openings asked for in one matter."""
        content_type = ContentType.objects.get_for_model(matter)
        return self.filter(content_type=content_type, object_id=matter.pk)


class IdentityOpening(models.Model):
    """A request to see one identity: who, why, until when, and the second person who allowed it."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField(_("matter"))
    matter = GenericForeignKey()
    identity = models.ForeignKey(
        ReporterIdentity, on_delete=models.PROTECT, verbose_name=_("identity"), related_name="openings"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("requested by"), related_name="+"
    )
    requested_at = models.DateTimeField(_("requested time"), default=timezone.now)
    reason = models.CharField(_("reason"), max_length=500)
    hours = models.PositiveSmallIntegerField(_("hours open"))
    state = models.CharField(_("state"), max_length=12, choices=OpeningState, default=OpeningState.REQUESTED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("decided by"),
        related_name="+",
        null=True,
        blank=True,
    )
    decided_at = models.DateTimeField(_("time of the decision"), null=True, blank=True)
    decision_note = models.CharField(_("note"), max_length=500, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    opened_count = models.PositiveIntegerField(_("times opened"), default=0)
    last_opened_at = models.DateTimeField(_("last opened"), null=True, blank=True)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening of an identity")
        verbose_name_plural = _("openings of identities")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("requested_by")), name="opening_second_person"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(expires_at__isnull=False), name="opening_expires"
            ),
        ]
        indexes = [
            models.Index(fields=["content_type", "object_id"], name="opening_matter"),
            models.Index(fields=["state", "-id"], name="opening_state"),
        ]

    def __str__(self) -> str:
        return f"{self.identity_id}：{self.get_state_display()}"

    @property
    def about(self) -> Matter:
        """The matter it was asked for in; a matter is never deleted."""
        assert self.matter is not None
        return cast("Matter", self.matter)

    def may_be_used_by(self, user: User) -> bool:
        """Whether this user may look now: only who asked, once approved, before it expires."""
        return bool(
            self.state == OpeningState.APPROVED
            and self.requested_by_id == user.pk
            and self.expires_at is not None
            and timezone.now() < self.expires_at
        )
