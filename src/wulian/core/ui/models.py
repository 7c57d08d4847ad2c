"""What the interface remembers for a user."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: Any) -> NotificationQuerySet:
        """Only one's own notifications."""
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None)


class Notification(models.Model):
    """A message of the platform to one user."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        verbose_name=_("user"),
        related_name="notifications",
    )
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    url = models.CharField(_("address"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("time"), auto_now_add=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="ui_notification_user_time"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="ui_notification_unread"),
        ]

    def __str__(self) -> str:
        return self.title


class SavedFilterQuerySet(models.QuerySet["SavedFilter"]):
    def visible_to(self, user: Any) -> SavedFilterQuerySet:
        """One's own filters and those that colleagues of the same department share."""
        if not user.is_authenticated:
            return self.none()
        seen = Q(user_id=user.pk)
        if user.department_id:
            seen |= Q(is_shared=True, department_id=user.department_id)
        return self.filter(seen)


class SavedFilter(models.Model):
    """A list page with filters and order, kept under a name."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        verbose_name=_("user"),
        related_name="saved_filters",
    )
    department = models.ForeignKey(
        "accounts.Department",
        on_delete=models.CASCADE,
        verbose_name=_("department"),
        null=True,
        blank=True,
        related_name="+",
    )
    list_key = models.CharField(_("list"), max_length=80)
    name = models.CharField(_("filter name"), max_length=40)
    querystring = models.CharField(_("conditions"), max_length=2000, blank=True)
    is_shared = models.BooleanField(_("shared with the department"), default=False)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering = ["list_key", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "list_key", "name"], name="one_filter_name_per_list_and_user"
            )
        ]
        indexes = [models.Index(fields=["list_key", "department"], name="ui_filter_list_department")]

    def __str__(self) -> str:
        return self.name
