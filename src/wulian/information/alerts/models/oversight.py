"""督办, 反馈 and escalation: who was asked to judge, what was answered with which papers, and what an alert became."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.models import Department
from wulian.core.accounts.scopes import sees_business, sees_whole_city
from wulian.core.audit.models import AppendOnlyModel
from wulian.core.audit.querysets import AppendOnlyQuerySet
from wulian.core.clocks.models import Clock
from wulian.information.alerts.choices import Destination, OrderState
from wulian.information.alerts.models.alerts import Alert

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def user_key(words: Any, **kwargs: Any) -> models.ForeignKey[Any, Any]:
    """A reference to a user who is not deleted while the record stands."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=words, related_name="+", **kwargs
    )


class Escalation(AppendOnlyModel):
    """One clock of an alert passed 100 % or 150 % and the head of the office was told: once a clock and step."""

    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, verbose_name=_("alert"), related_name="escalations"
    )
    clock = models.ForeignKey(Clock, on_delete=models.PROTECT, verbose_name=_("clock"), related_name="+")
    percent = models.PositiveSmallIntegerField(_("percent"))
    passed_at = models.DateTimeField(_("passed at"))
    at = models.DateTimeField(_("time"), default=timezone.now)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["clock", "percent"], name="alert_escalated_once")]

    def __str__(self) -> str:
        return f"{self.clock.label} {self.percent}%"


class Outcome(models.Model):
    """What an alert became in another room, and how that ended.

    Without a record the alert waits for one, as an alert that is to be looked at by the next inspection does.
    """

    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, verbose_name=_("alert"), related_name="outcomes"
    )
    destination = models.CharField(_("goes to"), max_length=16, choices=Destination)
    content_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    object_id = models.PositiveBigIntegerField(_("number of the record"), null=True, blank=True)
    record = GenericForeignKey()
    label = models.CharField(_("record"), max_length=300, blank=True)
    started_at = models.DateTimeField(_("since"), default=timezone.now)
    started_by = user_key(_("referred by"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = user_key(_("ended by"), null=True, blank=True)
    result = models.TextField(_("result"), blank=True)

    class Meta:
        verbose_name = _("outcome of an alert")
        verbose_name_plural = _("outcomes of alerts")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["alert"], condition=Q(ended_at=None), name="alert_one_open_outcome"
            )
        ]
        indexes = [models.Index(fields=["content_type", "object_id"], name="alert_outcome_record")]

    def __str__(self) -> str:
        return self.label or str(self.get_destination_display())

    @property
    def url(self) -> str:
        """Address of the record, or an empty text while there is none."""
        return self.record.get_absolute_url() if self.record is not None else ""


class FeedbackQuerySet(AppendOnlyQuerySet):
    """Answers, oldest first."""

    def visible_to(self, user: User) -> Self:
        """Answers about the alerts the user may see."""
        return self.filter(alert__in=Alert.objects.visible_to(user))


class OrderQuerySet(models.QuerySet["SupervisionOrder"]):
    """Supervision orders; reading starts from `visible_to`."""

    def visible_to(self, user: User) -> Self:
        """All for the coordinating office and oversight, else those that one's department has to answer."""
        if not sees_business(user):
            return self.none()
        if sees_whole_city(user):
            return self.all()
        return self.filter(department=user.department_id) if user.department_id else self.none()

    def open(self) -> Self:
        """Orders that still have to be answered or judged."""
        return self.filter(state__in=(OrderState.ISSUED, OrderState.ANSWERED))


class SupervisionOrder(models.Model):
    """督办: the coordinating office asks a department to do something about an alert by a day, and judges the answer."""

    number = models.CharField(_("order number"), max_length=80, blank=True)
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, verbose_name=_("alert"), related_name="orders")
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        verbose_name=_("Department ordered"),
        related_name="supervision_orders",
    )
    person = user_key(_("Person ordered"), null=True, blank=True)
    demand = models.TextField(_("What is to be done"))
    reason = models.TextField(_("Why it is ordered"))
    due_on = models.DateField(_("To be answered by"))
    state = models.CharField(_("state"), max_length=12, choices=OrderState, default=OrderState.ISSUED)
    issued_by = user_key(_("issued by"))
    issued_at = models.DateTimeField(_("issued at"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = user_key(_("answered by"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = user_key(_("ended by"), null=True, blank=True)
    overdue_told_at = models.DateTimeField(_("overdue notice"), null=True, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervision order")
        verbose_name_plural = _("supervision orders")
        ordering = ["-id"]
        constraints = [
            # Empty only inside the transaction that issues its notice, whose number it takes.
            models.UniqueConstraint(
                fields=["number"], condition=~Q(number=""), name="alert_order_number_once"
            ),
            # What was answered is judged by somebody else (REFERENCE O: second person).
            models.CheckConstraint(
                condition=~Q(state=OrderState.DONE) | ~Q(ended_by=models.F("answered_by")),
                name="alert_order_second_person",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_on"], name="alert_order_state"),
            models.Index(fields=["department", "state", "due_on"], name="alert_order_department"),
            models.Index(fields=["due_on", "-id"], name="alert_order_due"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("alerts:order", args=[self.pk])


class Feedback(AppendOnlyModel):
    """What an officer answers about an alert, to an order or of one's own accord; papers are attached to it."""

    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, verbose_name=_("alert"), related_name="feedback"
    )
    order = models.ForeignKey(
        SupervisionOrder,
        on_delete=models.PROTECT,
        verbose_name=_("supervision order"),
        related_name="answers",
        null=True,
        blank=True,
    )
    text = models.TextField(_("answer"))
    author = user_key(_("author"))
    at = models.DateTimeField(_("time"), default=timezone.now)
    attachments = GenericRelation("alerts.Attachment")

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["id"]
        indexes = [models.Index(fields=["alert", "id"], name="alert_feedback")]

    def __str__(self) -> str:
        return self.text[:80]


class Attachment(AppendOnlyModel):
    """A file (kept under WULIAN_VAR with its SM3 digest) or a paper of the dossier behind an answer or a measure.

    It belongs to `subject`; who sees that, sees the attachment.
    """

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField(_("number of the record"))
    subject = GenericForeignKey()
    title = models.CharField(_("title"), max_length=300)
    file_path = models.CharField(_("file"), max_length=200, blank=True)
    media_type = models.CharField(_("kind of file"), max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    sm3 = models.CharField(_("SM3 digest"), max_length=64, blank=True)
    paper_type = models.ForeignKey(
        ContentType, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    paper_id = models.PositiveBigIntegerField(_("number of the paper"), null=True, blank=True)
    url = models.CharField(_("place in the dossier"), max_length=300, blank=True)
    added_by = user_key(_("added by"))
    added_at = models.DateTimeField(_("added at"), default=timezone.now)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["id"]
        indexes = [models.Index(fields=["content_type", "object_id"], name="alert_attachment_subject")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("alerts:attachment", args=[self.pk]) if self.file_path else self.url
