"""What may happen next, and what has happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from wulian.core.procedures.models import ProcedureStep, Staged, StepQuerySet
from wulian.core.procedures.services import acting_role
from wulian.law.procedures import Transition

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def available_events(subject: Staged, user: User) -> list[Transition]:
    """Return what `user` may cause now by role and state, in the order of the procedure."""
    return [t for t in subject.get_procedure().transitions_from(subject.state) if acting_role(t, user)]


def steps_of(subject: models.Model) -> StepQuerySet:
    """Return the steps `subject` has taken, oldest first."""
    return ProcedureStep.objects.for_object(subject).select_related("actor__department")
