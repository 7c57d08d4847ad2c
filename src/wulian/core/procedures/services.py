"""Moving a record through its procedure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import Role
from wulian.core.audit.services import Entry, record_event, record_events
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.procedures.models import ProcedureStep, Staged
from wulian.law.procedures import SYSTEM, Procedure, Transition

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

STEP_TAKEN = "procedures.step_taken"
"""The audit verb of a step whose service has no verb of its own."""


def apply_event(
    *,
    subject: Staged,
    event: str,
    actor: User | None,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    verb: str = STEP_TAKEN,
    at: datetime | None = None,
) -> ProcedureStep:
    """Cause `event`: set the state, write the step and the audit event, in the caller's transaction.

    `actor` None is the system; `verb` is the audit verb of the calling service, when it has its own; `at` is when it happened,
    where data of before tell it (the audit event has the time of writing). Raises Refusal when the state does not allow the
    event or the note is missing, Forbidden when the actor holds none of the roles of the transition.
    """
    with transaction.atomic():
        _lock(subject)
        transition = check_event(subject=subject, event=event, actor=actor, note=note)
        step = _move(subject, transition, actor, note, data, at)
        subject.save(update_fields=["state", "state_since"])
        step.save()
        entry = _entry(subject, transition, step)
        record_event(
            actor=actor,
            verb=verb,
            subject=subject,
            summary=entry.summary,
            changes=entry.changes,
            data=entry.data,
        )
    return step


def apply_event_to_many(
    *,
    subjects: Iterable[Staged],
    event: str,
    actor: User | None,
    note: str = "",
    data: Mapping[str, Any] | None = None,
    verb: str = STEP_TAKEN,
) -> list[ProcedureStep]:
    """Cause the same `event` for many records of one kind with a handful of statements: all of them or none.

    For imports and sweeps; raises what `apply_event` raises for the first record that may not.
    """
    listed = list(subjects)
    if not listed:
        return []
    model = type(listed[0])
    with transaction.atomic():
        stored = dict(
            model._base_manager.select_for_update()
            .filter(pk__in=[subject.pk for subject in listed])
            .values_list("pk", "state")
        )
        steps, entries = [], []
        for subject in listed:
            _check_unmoved(subject, stored[subject.pk])
            transition = check_event(subject=subject, event=event, actor=actor, note=note)
            steps.append(_move(subject, transition, actor, note, data))
            entries.append((subject, transition))
        model._base_manager.bulk_update(listed, ["state", "state_since"], batch_size=400)
        ProcedureStep.objects.bulk_create(steps, batch_size=500)
        made = zip(entries, steps, strict=True)
        record_events(actor=actor, verb=verb, entries=[_entry(*pair, step) for pair, step in made])
    return steps


def check_event(*, subject: Staged, event: str, actor: User | None, note: str = "") -> Transition:
    """Return the transition that `apply_event` would make; raises what it would raise, changes nothing."""
    table = subject.get_procedure()
    transition = table.transition(event, subject.state)
    if transition is None:
        raise Refusal(
            _("“%(event)s” is not possible in the state “%(state)s”; it is possible in: %(states)s.")
            % {
                "event": table.event_title(event),
                "state": subject.state_title,
                "states": _states_of(table, event) or _("no state"),
            },
            field="state",
        )
    if not acting_role(transition, actor):
        raise Forbidden(
            _("Your role may not do “%(event)s”; it is for: %(roles)s.")
            % {"event": transition.title, "roles": role_names(transition)}
        )
    if transition.note_required and not note.strip():
        raise Refusal(_("“%(event)s” needs a reason.") % {"event": transition.title}, field="note")
    return transition


def acting_role(transition: Transition, actor: User | None) -> str:
    """Return the role by which `actor` may cause the transition, or an empty text when it may not."""
    if actor is None:
        return SYSTEM if SYSTEM in transition.roles else ""
    return next((role for role in transition.roles if role != SYSTEM and actor.has_role(Role(role))), "")


def role_names(transition: Transition) -> str:
    """Return the names of the roles of a transition in the active language."""
    return "、".join(str(Role(role).label) if role != SYSTEM else _("system") for role in transition.roles)


def _states_of(table: Procedure, event: str) -> str:
    codes = [source for item in table.transitions if item.event == event for source in item.sources]
    return "、".join(table.title_of(code) for code in codes)


def _move(
    subject: Staged,
    transition: Transition,
    actor: User | None,
    note: str,
    data: Mapping[str, Any] | None,
    at: datetime | None = None,
) -> ProcedureStep:
    """Set the new state on the record in memory and return the unsaved step."""
    before, now = subject.state, at or timezone.now()
    subject.state = transition.leads_to(before)
    if subject.state != before:
        subject.state_since = now
    return ProcedureStep(
        content_type=ContentType.objects.get_for_model(subject),
        object_id=subject.pk,
        procedure=subject.procedure_code,
        event=transition.event,
        from_state=before,
        to_state=subject.state,
        actor=actor,
        actor_role=acting_role(transition, actor),
        at=now,
        note=note.strip(),
        data=dict(data or {}),
    )


def _entry(subject: Staged, transition: Transition, step: ProcedureStep) -> Entry:
    table = subject.get_procedure()
    return Entry(
        subject=subject,
        summary=f"{transition.title}：{table.title_of(step.from_state)} → {table.title_of(step.to_state)}",
        changes={"state": [step.from_state, step.to_state]} if step.from_state != step.to_state else {},
        data={"procedure": subject.procedure_code, "event": step.event, "step": step.pk},
    )


def _lock(subject: Staged) -> None:
    """Hold the row, and refuse when somebody moved it since it was read."""
    stored = type(subject)._base_manager.select_for_update().values_list("state", flat=True)
    _check_unmoved(subject, stored.get(pk=subject.pk))


def _check_unmoved(subject: Staged, state: str) -> None:
    if state != subject.state:
        raise Refusal(
            _("Somebody else has moved this to “%(state)s” in the meantime; reload the page.")
            % {"state": subject.get_procedure().title_of(state)},
            field="state",
        )
