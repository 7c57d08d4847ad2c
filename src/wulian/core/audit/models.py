"""Audit events, their chain, its head and its checkpoints.

Events, links and checkpoints are append-only: the classes here refuse changes in Python, and the triggers of
migration 0002 refuse them in the database.
"""

import uuid
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from . import verbs
from .querysets import AppendOnlyError, AppendOnlyQuerySet, AuditEventQuerySet


class AppendOnlyModel(models.Model):
    """A row that is written once."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row; raises AppendOnlyError when it is already stored."""
        if not self._state.adding:
            raise AppendOnlyError(self._meta.label)
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(self._meta.label)


class AuditEvent(AppendOnlyModel):
    """Who did what to which record, and when; written in the transaction of the business itself."""

    uid = models.UUIDField(_("event number"), default=uuid.uuid4, unique=True)
    schema = models.PositiveSmallIntegerField(_("format version"), default=1)
    occurred_at = models.DateTimeField(_("time"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("actor"),
    )
    actor_name = models.CharField(_("name of the actor"), max_length=150, blank=True)
    actor_department = models.CharField(_("department of the actor"), max_length=200, blank=True)
    verb = models.CharField(_("action"), max_length=80)
    # Names, not a foreign key to the content type: its number differs between databases, and a hashed row must
    # mean the same everywhere.
    subject_type = models.CharField(_("kind of record"), max_length=100, blank=True)
    subject_id = models.CharField(_("number of the record"), max_length=64, blank=True)
    subject_label = models.CharField(pgettext_lazy("audit", "record"), max_length=300, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    changes = models.JSONField(_("changes"), default=dict)
    data = models.JSONField(_("details"), default=dict)
    request_id = models.CharField(_("request number"), max_length=64, blank=True)
    remote_address = models.CharField(_("network address"), max_length=45, blank=True)
    seal = models.CharField(_("seal"), max_length=73)

    is_masked = False  # set in memory by `querysets.masked`

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit event")
        verbose_name_plural = _("audit events")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_event_subject"),
            models.Index(fields=["verb", "id"], name="audit_event_verb"),
            models.Index(fields=["actor", "id"], name="audit_event_actor"),
            models.Index(fields=["occurred_at", "id"], name="audit_event_time"),
            models.Index(fields=["actor_name", "id"], name="audit_event_actor_name"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.verb} {self.subject_label}".strip()

    def get_absolute_url(self) -> str:
        return reverse("audit:event", args=[self.pk])

    @property
    def verb_label(self) -> str:
        """Label of the verb in the active language."""
        return verbs.label(self.verb)


class AuditLink(AppendOnlyModel):
    """The place of one event in the chain; positions run from 1 without a gap."""

    position = models.PositiveBigIntegerField(_("position in the chain"), primary_key=True)
    event = models.OneToOneField(
        AuditEvent, on_delete=models.PROTECT, related_name="link", verbose_name=_("audit event")
    )
    prev_hash = models.CharField(_("hash of the previous link"), max_length=64)
    event_hash = models.CharField(_("hash of the event"), max_length=64)
    field_marks = models.CharField(_("marks of the fields"), max_length=600)
    link_hash = models.CharField(_("hash of the link"), max_length=64, unique=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("chain link")
        verbose_name_plural = _("chain links")
        ordering = ["position"]
        indexes = [models.Index(fields=["prev_hash"], name="audit_link_prev")]

    def __str__(self) -> str:
        return f"{self.position} {self.link_hash[:16]}"


class AuditHead(models.Model):
    """The end of the chain: one row, whose lock lets one sequencer work at a time."""

    position = models.PositiveBigIntegerField(_("position in the chain"), default=0)
    link_hash = models.CharField(_("hash of the link"), max_length=64)

    class Meta:
        verbose_name = _("end of the chain")
        verbose_name_plural = _("end of the chain")

    def __str__(self) -> str:
        return f"{self.position} {self.link_hash[:16]}"


class AuditCheckpoint(AppendOnlyModel):
    """A signed statement of the end of the chain, also written to a file outside the database."""

    number = models.PositiveBigIntegerField(_("number"), primary_key=True)
    created_at = models.DateTimeField(_("time"))
    position = models.PositiveBigIntegerField(_("position in the chain"))
    link_hash = models.CharField(_("hash of the link"), max_length=64)
    count = models.PositiveBigIntegerField(_("chained events"))
    previous = models.CharField(_("hash of the previous checkpoint"), max_length=64)
    key_id = models.CharField(_("signing key"), max_length=64)
    signatures = models.JSONField(_("signatures"))

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number} @ {self.position}"

    def get_absolute_url(self) -> str:
        return reverse("audit:checkpoint_print", args=[self.pk])
