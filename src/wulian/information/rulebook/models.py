"""规则修订: what the office changed in the packaged catalogue, the rules it added, and what officers answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.choices import Role
from wulian.core.accounts.scopes import dossier_scope, sees_business, sees_whole_city
from wulian.core.audit.models import AppendOnlyModel
from wulian.core.audit.querysets import AppendOnlyQuerySet
from wulian.information.registry.models import Lot, Project

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

FIRST_REVISION = 101
"""Versions of revisions start here: the packaged catalogue and local files stay below."""


class RuleRevision(AppendOnlyModel):
    """From `valid_from` on (date of the conduct) a rule applies with these parameters, or does not apply.

    `parameters` are all values that differ from the version `base_version` of the catalogue. A revision is never changed: a
    later one with the same or an earlier date takes its place.
    """

    rule_id = models.CharField(_("rule"), max_length=16)
    version = models.PositiveSmallIntegerField(_("version"))
    base_version = models.PositiveSmallIntegerField(_("version of the catalogue"))
    valid_from = models.DateField(_("applies from"))
    enabled = models.BooleanField(_("switched on"), default=True)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    reason = models.TextField(_("reason"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("revised by")
    )
    at = models.DateTimeField(_("time"), default=timezone.now)
    undoes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("undoes")
    )

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision of a rule")
        verbose_name_plural = _("revisions of rules")
        ordering = ["rule_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["rule_id", "version"], name="one_revision_per_rule_version"),
            models.CheckConstraint(
                condition=models.Q(version__gte=FIRST_REVISION), name="revision_above_catalogue"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}@{self.version}"

    def get_absolute_url(self) -> str:
        return reverse("alerts:rule", args=[self.rule_id])

    @property
    def number(self) -> int:
        """The first, second … revision of this rule."""
        return self.version - FIRST_REVISION + 1


class LocalRule(AppendOnlyModel):
    """One version of a rule of the office's own, as it stood in the file that was imported."""

    rule_id = models.CharField(_("rule"), max_length=16)
    version = models.PositiveSmallIntegerField(_("version"))
    record = models.JSONField(_("rule record"))
    file_name = models.CharField(_("file"), max_length=200)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("imported by")
    )
    at = models.DateTimeField(_("time"), default=timezone.now)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("local rule")
        verbose_name_plural = _("local rules")
        ordering = ["rule_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["rule_id", "version"], name="one_local_rule_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}@{self.version}"


class RefusedFileQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> models.QuerySet:
        """All for those who keep the rulebook and for oversight; they are about rules, not about a dossier."""
        return self.all() if sees_whole_city(user) or user.has_role(Role.LEGAL_REVIEWER) else self.none()


class RefusedRuleFile(models.Model):
    """A rule file of which nothing was taken in, with the reason: waits until it is taken in after all or dropped."""

    class State(models.TextChoices):
        OPEN = "open", _("To be handled")
        TAKEN = "taken", _("Taken in")
        DROPPED = "dropped", _("Dropped")

    file_name = models.CharField(_("file"), max_length=200)
    text = models.TextField(_("content"))
    reason = models.TextField(_("refusal reason"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("imported by")
    )
    at = models.DateTimeField(_("time"), default=timezone.now)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("handled by"),
    )
    handled_at = models.DateTimeField(_("handled at"), null=True)

    objects = RefusedFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused rule file")
        verbose_name_plural = _("refused rule files")
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "-id"], name="refused_file_state")]

    def __str__(self) -> str:
        return self.file_name


class CheckOutcome(models.TextChoices):
    """What the officer found who went through a checklist."""

    CLEAR = "clear", _("Nothing suspicious")
    SUSPECTED = "suspected", _("Suspected")
    OPEN = "open", _("To be followed up")


class CheckQuerySet(AppendOnlyQuerySet):
    """Checks; reading starts from `visible_to`."""

    def visible_to(self, user: User) -> CheckQuerySet:
        """Checks of the projects the user's department supervises; nothing for administrators."""
        if not sees_business(user):
            return self.none()
        return self.all() if sees_whole_city(user) else self.filter(dossier_scope(user))


class RuleCheck(AppendOnlyModel):
    """人工核查: an officer went through the questions of a rule for a dossier; `answers` pairs question and answer."""

    rule_id = models.CharField(_("rule"), max_length=16)
    rule_version = models.PositiveSmallIntegerField(_("rule version"))
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="rule_checks", verbose_name=_("project")
    )
    lot = models.ForeignKey(
        Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lot")
    )
    answers: Any = models.JSONField(_("answers"), default=list)
    outcome = models.CharField(_("outcome"), max_length=16, choices=CheckOutcome)
    opinion = models.TextField(_("opinion"), blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("officer")
    )
    at = models.DateTimeField(_("time"), default=timezone.now)

    objects = CheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("check of a rule")
        verbose_name_plural = _("checks of rules")
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["project", "rule_id", "-at"], name="check_project_rule"),
            models.Index(fields=["rule_id", "-at"], name="check_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.get_outcome_display()}"
