"""异议 as the supervisor watches them: one row for each objection of a dossier, moved by the data of the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.models import Complaint
from wulian.casework.objections.choices import Missed
from wulian.core.accounts.scopes import dossier_scope, sees_business
from wulian.core.clocks.models import Clock
from wulian.core.procedures.models import Staged
from wulian.information.registry.choices import ObjectionTarget
from wulian.information.registry.models import Lot, Objection, Project

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


class WatchQuerySet(models.QuerySet):
    """Watched objections; reading starts from `visible_to`."""

    def visible_to(self, user: User) -> Self:
        """Those of the projects the user's department supervises; nothing for administrators."""
        return self.filter(dossier_scope(user)) if sees_business(user) else self.none()

    def open(self) -> Self:
        """Those on which something is still expected."""
        return self.filter(state__in=WatchedObjection.get_procedure().open_states)


class WatchedObjection(Staged):
    """Where an objection stands (REFERENCE D.8); its facts are those of the registry's row, which it never changes.

    `missed` says what the procuring entity failed to do; `complaint` is the one the objector made about the same.
    """

    procedure_code: ClassVar[str] = "objection"

    objection = models.OneToOneField(
        Objection, on_delete=models.CASCADE, verbose_name=_("objection"), related_name="watch"
    )
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, verbose_name=_("project"), related_name="watched_objections"
    )
    lot = models.ForeignKey(
        Lot, on_delete=models.CASCADE, verbose_name=_("lot"), related_name="watched_objections"
    )
    target = models.CharField(_("objected to"), max_length=32, choices=ObjectionTarget)
    received_at = models.DateTimeField(_("received time"))
    missed = models.CharField(_("failed to"), max_length=16, choices=Missed, blank=True)
    complaint = models.ForeignKey(
        Complaint,
        on_delete=models.PROTECT,
        verbose_name=_("complaint"),
        related_name="objections",
        null=True,
        blank=True,
    )
    ordered_at = models.DateTimeField(_("ordered at"), null=True, blank=True)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("ordered by"),
        related_name="+",
        null=True,
        blank=True,
    )
    order_term = models.DateField(_("to be answered by"), null=True, blank=True)

    clocks = GenericRelation(Clock)

    objects = WatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="watch_received"),
            models.Index(fields=["state", "-received_at"], name="watch_state"),
            models.Index(fields=["target", "-received_at"], name="watch_target"),
            models.Index(fields=["project", "-received_at"], name="watch_project"),
        ]

    def __str__(self) -> str:
        return f"{self.lot}：{self.get_target_display()}"

    def get_absolute_url(self) -> str:
        return reverse("objections:detail", args=[self.pk])

    @property
    def is_suspended(self) -> bool:
        """Whether the platform says that the tender stands still now."""
        return self.objection.suspended_from is not None and self.objection.suspended_to is None
