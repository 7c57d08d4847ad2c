"""The periods of leads and cases follow the procedure table: started by a state, stopped by the event they are for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.models import User
from wulian.core.clocks.choices import SuspensionReason
from wulian.core.clocks.models import Clock
from wulian.core.clocks.services import resume_clock, start_clock, stop_clock, suspend_clock, void_clock
from wulian.core.procedures.models import ProcedureStep, Staged
from wulian.law.periods import Unit
from wulian.law.procedures import Deadline, Procedure, Transition

SET_OFF_ELSEWHERE = frozenset({"PC-05", "PC-06", "PC-17", "PC-22"})
"""Periods that no state sets off: the party's own periods run from service, enforcement from the end of the remedies, transfer from the suspicion."""

DECISION_PERIOD = "PC-03"


def follow_step(*, subject: Staged, step: ProcedureStep, actor: User | None, on: date | None = None) -> None:
    """Stop what the step fulfils and start what its new state sets off; `on` is the day of the act (today without it).

    Periods pause in the states that the table says pause them, and end with the matter.
    """
    table, day = subject.get_procedure(), on or timezone.localdate()
    _stop_fulfilled(subject, table, step, actor, day)
    if step.to_state == step.from_state:
        return
    _resume(subject, table, step, actor, day)
    if table.states[step.to_state].final:
        _end_all(subject, actor, table.title_of(step.to_state))
        return
    _start_due(subject, table, step.to_state, actor, day)
    _pause(subject, table, step, actor, day)


def start_first_periods(*, subject: Staged, actor: User | None) -> None:
    """Start the periods of the state a new record stands in."""
    _start_due(subject, subject.get_procedure(), subject.state, actor, timezone.localdate())


def start_party_period(
    *, subject: Staged, code: str, label: str, n: int, basis: str, on: date, actor: User
) -> Clock:
    """Start a period of working days that belongs to the party, from the day of service."""
    return start_clock(
        actor=actor,
        subject=subject,
        kind=code,
        label=label,
        basis=basis,
        started_on=on,
        n=n,
        unit=Unit.WORKING_DAY,
        rule="DT-5",
    )


def close_party_period(*, subject: Staged, code: str, actor: User, on: date) -> None:
    """End a period of the party: used on the day `on`, or unused when its last day has passed."""
    clock = running_clock(subject, code)
    if clock is not None:
        stopped = min(on, clock.due) if clock.due else on
        stop_clock(actor=actor, clock=clock, stopped_on=max(stopped, clock.started_on))


def running_clock(subject: Staged, code: str) -> Clock | None:
    """Return the running clock of one kind, or None."""
    return Clock.objects.of(subject).running().filter(kind=code).first()


def has_ended(subject: Staged, code: str) -> bool:
    """Say whether the last day of a period has passed; a provisional last day is waited for all the same."""
    clock = Clock.objects.of(subject).filter(kind=code).order_by("-pk").first()
    if clock is None:
        return True
    if not clock.is_running:
        return True
    return clock.due is not None and timezone.localdate() > clock.due


def _kind(transition: Transition, deadline: Deadline, table: Procedure) -> str:
    return deadline.code or f"{table.code}:{deadline.since or transition.sources[0]}"


def _deadlines(transition: Transition) -> Iterator[Deadline]:
    if transition.deadline is not None:
        yield transition.deadline


def _start_due(subject: Staged, table: Procedure, state: str, actor: User | None, day: date) -> None:
    started = set(Clock.objects.of(subject).running().values_list("kind", flat=True))
    for transition in table.transitions:
        for deadline in _deadlines(transition):
            kind = _kind(transition, deadline, table)
            since = deadline.since or (state if state in transition.sources else "")
            if since != state or kind in started or deadline.code in SET_OFF_ELSEWHERE:
                continue
            started.add(kind)
            start_clock(
                actor=actor,
                subject=subject,
                kind=kind,
                label=transition.title if deadline.code else table.title_of(state),
                basis=_basis(deadline),
                started_on=day,
                n=max(deadline.n, 1),
                unit=deadline.unit,
            )


def _basis(deadline: Deadline) -> str:
    marks = {"S": "（来源待核）", "M": "（来源待核）", "U": "（来源待核）"}
    return f"{deadline.basis}{marks.get(deadline.confidence, '')}"


def _stop_fulfilled(
    subject: Staged, table: Procedure, step: ProcedureStep, actor: User | None, day: date
) -> None:
    """Stop the period of the event itself, and those that only bound the time in the state that is left."""
    left = set()
    for transition in table.transitions:
        for deadline in _deadlines(transition):
            fulfilled = transition.event == step.event
            over = (
                step.to_state != step.from_state
                and not deadline.since
                and step.from_state in transition.sources
            )
            if fulfilled or over:
                left.add(_kind(transition, deadline, table))
    for clock in Clock.objects.of(subject).running().filter(kind__in=left):
        end = min(day, clock.due) if clock.kind in SET_OFF_ELSEWHERE and clock.due else day
        stop_clock(actor=actor, clock=clock, stopped_on=max(end, clock.started_on))


def _pause(subject: Staged, table: Procedure, step: ProcedureStep, actor: User | None, day: date) -> None:
    pause = table.states[step.to_state].pauses
    clock = running_clock(subject, DECISION_PERIOD)
    if pause is None or clock is None or clock.open_suspension or (clock.due and day >= clock.due):
        return
    suspend_clock(
        actor=actor,
        clock=clock,
        from_day=max(day, clock.started_on),
        reason_code=SuspensionReason.HEARING if step.to_state == "P11" else SuspensionReason.OTHER,
        note=pause.basis,
    )


def _resume(subject: Staged, table: Procedure, step: ProcedureStep, actor: User | None, day: date) -> None:
    clock = running_clock(subject, DECISION_PERIOD)
    if table.states[step.from_state].pauses and clock is not None and clock.open_suspension:
        resume_clock(actor=actor, clock=clock, to_day=max(day, clock.open_suspension.started_on))


def _end_all(subject: Staged, actor: User | None, title: str) -> None:
    for clock in Clock.objects.of(subject).running():
        void_clock(actor=actor, clock=clock, reason=_("The matter ended: %(state)s") % {"state": title})
