"""预警: what a rule found about one subject, and how people judged it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.models import Department
from wulian.core.accounts.scopes import EVERYTHING, dossier_scope, sees_business
from wulian.core.audit.models import AppendOnlyModel
from wulian.core.audit.querysets import AppendOnlyQuerySet
from wulian.core.procedures.models import Staged
from wulian.information.alerts.choices import (
    FINAL,
    RANKS,
    AlertState,
    ChangeKind,
    Destination,
    Severity,
    SubjectKind,
)
from wulian.information.alerts.signals import facts_changed
from wulian.information.registry.models import Lot, Party, Project

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def projects_of(condition: Q) -> models.QuerySet[Project]:
    """Return the projects that meet a condition, to be asked for as a set: a join would be sorted whole for one page."""
    return Project.objects.filter(condition).order_by()


class AlertQuerySet(models.QuerySet["Alert"]):
    """Alerts; reading starts from `visible_to`."""

    def visible_to(self, user: User) -> AlertQuerySet:
        """Alerts of the projects the user's department supervises, and those given to it; nothing for administrators."""
        if not sees_business(user):
            return self.none()
        scope = dossier_scope(user, "")
        if scope == EVERYTHING:
            return self.all()
        return self.filter(Q(project__in=projects_of(scope)) | Q(department=user.department_id))

    def open(self) -> AlertQuerySet:
        """Alerts somebody still has to do something about."""
        return self.exclude(state__in=FINAL)


class Alert(Staged):
    """One rule holding (or having held) for one subject: the natural key is rule and subject, so a fact alerts once.

    `value` and `threshold` are in the unit of the rule; `evidence` is what the rule saw when it last held. `cleared_at` is set
    while the rule no longer holds. `rule_version` and `rule_title` stay as they were when it was last raised. `party` is whom the
    finding is about and `points` what it adds to the index of its dossier; both are derived (services.points).
    """

    procedure_code: ClassVar[str] = "alert"

    rule_id = models.CharField(_("rule"), max_length=16)
    rule_version = models.PositiveSmallIntegerField(_("rule version"))
    rule_title = models.CharField(_("finding"), max_length=100)
    node = models.CharField(_("node"), max_length=3)
    severity = models.CharField(_("severity"), max_length=1, choices=Severity)
    rank = models.PositiveSmallIntegerField(_("rank"), editable=False)
    subject_kind = models.CharField(_("kind of subject"), max_length=16, choices=SubjectKind)
    subject_id = models.CharField(_("subject"), max_length=64)
    subject_label = models.CharField(_("subject"), max_length=300)
    project = models.ForeignKey(
        Project,
        on_delete=models.CASCADE,
        verbose_name=_("project"),
        related_name="alerts",
        null=True,
        blank=True,
    )
    lot = models.ForeignKey(
        Lot, on_delete=models.SET_NULL, verbose_name=_("lot"), related_name="alerts", null=True, blank=True
    )
    party = models.ForeignKey(
        Party,
        on_delete=models.SET_NULL,
        verbose_name=_("party concerned"),
        related_name="alerts",
        null=True,
        blank=True,
    )
    points = models.PositiveSmallIntegerField(_("points in the index"), default=0, editable=False)
    value = models.DecimalField(_("value"), max_digits=24, decimal_places=6, null=True, blank=True)
    threshold = models.DecimalField(_("limit"), max_digits=24, decimal_places=6, null=True, blank=True)
    evidence = models.JSONField(_("evidence"), default=dict)
    conduct_date = models.DateField(_("date of the conduct"), null=True, blank=True)
    raised_at = models.DateTimeField(_("raised at"), default=timezone.now)
    last_seen_at = models.DateTimeField(_("last seen at"), default=timezone.now)
    cleared_at = models.DateTimeField(_("no longer holds since"), null=True, blank=True)

    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        verbose_name=_("department"),
        related_name="alerts",
        null=True,
        blank=True,
    )
    department_reason = models.CharField(_("why this department"), max_length=300, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("assignee"),
        related_name="assigned_alerts",
        null=True,
        blank=True,
    )
    opinion = models.TextField(_("opinion"), blank=True)
    basis = models.CharField(_("basis"), max_length=300, blank=True)
    facts_checked = models.TextField(_("facts checked"), blank=True)
    outcome = models.TextField(_("disposition"), blank=True)
    violation_code = models.CharField(_("violation"), max_length=16, blank=True)
    destination = models.CharField(_("goes to"), max_length=16, choices=Destination, blank=True)
    first_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("judged by"),
        related_name="+",
        null=True,
        blank=True,
    )
    second_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        verbose_name=_("reviewed by"),
        related_name="+",
        null=True,
        blank=True,
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    escalation = models.PositiveSmallIntegerField(_("escalated at percent"), default=0)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["rank", "-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule_id", "subject_kind", "subject_id"], name="one_alert_per_rule_and_subject"
            ),
            # Nobody confirms an exclusion of one's own (REFERENCE O: second person).
            models.CheckConstraint(
                condition=Q(second_officer=None) | ~Q(second_officer=models.F("first_officer")),
                name="alert_second_person",
            ),
        ]
        indexes = [
            models.Index(fields=["rank", "-raised_at", "-id"], name="alert_default_order"),
            models.Index(fields=["state", "rank", "-raised_at", "-id"], name="alert_state"),
            # The last columns are those a reader's scope asks for, so that counting reads the index alone.
            models.Index(fields=["severity", "state", "project", "department"], name="alert_severity"),
            models.Index(
                fields=["department", "state", "rank", "-raised_at", "-id"], name="alert_department"
            ),
            models.Index(fields=["assignee", "state"], name="alert_assignee"),
            models.Index(
                fields=["rule_id", "state", "destination", "project", "department"], name="alert_rule"
            ),
            models.Index(fields=["project", "state", "points", "department"], name="alert_project"),
            # The last columns are those the statistics of a year group by.
            models.Index(
                fields=["-raised_at", "-id", "state", "destination", "severity"], name="alert_raised"
            ),
            models.Index(fields=["rule_id", "id"], name="alert_rule_order"),
            models.Index(fields=["lot", "state", "points", "project", "department"], name="alert_lot"),
            # One party may have thousands: all that its group shows is read off the index.
            models.Index(
                fields=["party", "state", "points", "project", "department", "rule_id", "rank", "raised_at"],
                name="alert_party",
            ),
            models.Index(fields=["escalation", "state", "rank"], name="alert_escalation"),
            models.Index(fields=["cleared_at", "state"], name="alert_gone"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_title}：{self.subject_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the alert with the rank of its severity."""
        self.rank = RANKS[self.severity]
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("alerts:detail", args=[self.pk])

    @property
    def key(self) -> tuple[str, str, str]:
        """The natural key."""
        return (self.rule_id, self.subject_kind, self.subject_id)

    @property
    def is_red(self) -> bool:
        """Whether it may never be closed without a person (REFERENCE O)."""
        return self.severity == Severity.RED

    @property
    def no_longer_holds(self) -> bool:
        """Whether the rule stopped holding while somebody still has the alert."""
        return self.cleared_at is not None and self.state != AlertState.CLEARED


class ChangeQuerySet(AppendOnlyQuerySet):
    """Changes, oldest first; writing some announces `facts_changed`, so that what is derived from alerts follows."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        changes = super().bulk_create(objs, *args, **kwargs)
        facts_changed.send(sender=self.model, alerts=[change.alert_id for change in changes])
        return changes


class AlertChange(AppendOnlyModel):
    """What a refresh of the data did to an alert: the facts before and after."""

    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, verbose_name=_("alert"), related_name="changes"
    )
    kind = models.CharField(_("kind of change"), max_length=16, choices=ChangeKind)
    at = models.DateTimeField(_("time"), default=timezone.now)
    before = models.JSONField(_("before"), default=dict)
    after = models.JSONField(_("after"), default=dict)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of an alert")
        verbose_name_plural = _("changes of alerts")
        ordering = ["id"]
        indexes = [models.Index(fields=["alert", "id"], name="alert_change")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the change and announce `facts_changed`."""
        super().save(*args, **kwargs)
        facts_changed.send(sender=type(self), alerts=[self.alert_id])
