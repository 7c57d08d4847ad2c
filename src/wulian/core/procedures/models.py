"""A subject that goes through a procedure, and the steps it has taken."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.audit.models import AppendOnlyModel
from wulian.core.audit.querysets import AppendOnlyQuerySet
from wulian.law.procedures import Procedure, procedure


class Staged(models.Model):
    """A record that stands in one state of the procedure `procedure_code`; only `apply_event` moves it."""

    procedure_code: ClassVar[str] = ""

    state = models.CharField(_("state"), max_length=16, db_index=True)
    state_since = models.DateTimeField(_("in this state since"), default=timezone.now)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the record; a new one without a state stands at the start of its procedure."""
        if not self.state:
            self.state = self.get_procedure().start
        super().save(*args, **kwargs)

    @classmethod
    def get_procedure(cls) -> Procedure:
        """Return the table this kind of record follows."""
        return procedure(cls.procedure_code)

    @property
    def state_title(self) -> str:
        """Chinese title of the state."""
        return self.get_procedure().title_of(self.state)

    @property
    def is_finished(self) -> bool:
        """Whether nothing more is expected."""
        return self.state in self.get_procedure().final_states


class StepQuerySet(AppendOnlyQuerySet):
    """Steps, oldest first."""

    def for_object(self, subject: models.Model) -> StepQuerySet:
        """Steps that `subject` has taken."""
        content_type = ContentType.objects.get_for_model(subject)
        return self.filter(content_type=content_type, object_id=subject.pk)


class ProcedureStep(AppendOnlyModel):
    """One event of a procedure: who moved what from which state to which, when and why; never changed."""

    content_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.PositiveBigIntegerField(_("number of the record"))
    subject = GenericForeignKey()
    procedure = models.CharField(_("procedure"), max_length=16)
    event = models.CharField(_("event"), max_length=40)
    from_state = models.CharField(_("from state"), max_length=16)
    to_state = models.CharField(_("to state"), max_length=16)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("actor"),
    )
    actor_role = models.CharField(_("acting as"), max_length=20)
    at = models.DateTimeField(_("time"), default=timezone.now)
    note = models.TextField(_("note"), blank=True)
    data = models.JSONField(_("details"), default=dict)

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("procedure step")
        verbose_name_plural = _("procedure steps")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["content_type", "object_id", "id"], name="procedure_step_subject"),
            models.Index(fields=["actor", "-at"], name="procedure_step_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.event_title} {self.to_title}"

    @property
    def event_title(self) -> str:
        """Chinese title of the event."""
        return procedure(self.procedure).event_title(self.event)

    @property
    def from_title(self) -> str:
        """Chinese title of the state it left."""
        return procedure(self.procedure).title_of(self.from_state)

    @property
    def to_title(self) -> str:
        """Chinese title of the state it entered."""
        return procedure(self.procedure).title_of(self.to_state)

    @property
    def role_label(self) -> str:
        """Name of the role the actor used, in the active language."""
        from wulian.core.accounts.choices import Role

        return str(Role(self.actor_role).label) if self.actor_role in Role else str(_("system"))
