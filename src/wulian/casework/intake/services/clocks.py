"""The clocks of a matter (招标投标法实施条例 第六十一条; REFERENCE T-02: both from receipt)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from wulian.core.clocks.models import Clock
from wulian.core.clocks.services import start_clock, stop_clock, void_clock
from wulian.law.periods import Unit
from wulian.law.procedures import procedure

if TYPE_CHECKING:
    from wulian.casework.intake.models import Complaint, Matter, TipOff
    from wulian.core.accounts.models import User

BASIS: Final = "《中华人民共和国招标投标法实施条例》第六十一条第二款"
ADMISSION: Final = "complaint.admission"
DECISION: Final = "complaint.decision"
DISPATCH: Final = "intake.dispatch"
STEP: Final = "intake.step"
STEPS: Final = {
    "L03": "archive_unchecked",
    "L04": "confirm_transfer",
    "L05": "conclude_unfounded",
    "L08": "review_leniency",
    "L10": "give_feedback",
    "P01": "tell_of_filing",
}
"""State of a tip-off → the event whose time limit runs there."""
FOR_NAMED: Final = ("L03", "L10", "P01")
"""States in which the time limit is that of telling a reporter who gave a name; an anonymous one has no such right."""
ADMISSION_DAYS: Final = 3
DECISION_DAYS: Final = 30


def start_complaint_clocks(*, complaint: Complaint, actor: User | None) -> None:
    """Start the 3 working days to decide on admission and the 30 to decide, both from the day of receipt."""
    received_on = timezone.localdate(complaint.received_at)
    for kind, label, days in (
        (ADMISSION, "决定是否受理", ADMISSION_DAYS),
        (DECISION, "作出处理决定", DECISION_DAYS),
    ):
        start_clock(
            actor=actor,
            subject=complaint,
            kind=kind,
            label=label,
            basis=BASIS,
            started_on=received_on,
            n=days,
            unit=Unit.WORKING_DAY,
        )


def start_dispatch_clock(*, matter: Matter, actor: User) -> None:
    """Start our own time limit to hand a registered matter on (REFERENCE D.6, D.7: E)."""
    event = "assign" if matter.is_complaint else "assign_check"
    transition = procedure(matter.procedure_code).transition(event, matter.state)
    if transition is None or transition.deadline is None:
        return
    start_clock(
        actor=actor,
        subject=matter,
        kind=DISPATCH,
        label=transition.title,
        basis=transition.deadline.basis,
        started_on=timezone.localdate(),
        n=transition.deadline.n,
        unit=transition.deadline.unit,
    )


def follow_step(*, tip_off: TipOff, actor: User | None) -> None:
    """End the clock of the step a tip-off has left and start that of the state it stands in (REFERENCE D.7: E)."""
    stop(tip_off, STEP, actor)
    event = STEPS.get(tip_off.state, "")
    if not event or (tip_off.state in FOR_NAMED and tip_off.receipt.is_anonymous):
        return
    transition = procedure(tip_off.procedure_code).transition(event, tip_off.state)
    assert transition is not None and transition.deadline is not None  # STEPS names events of the table
    start_clock(
        actor=actor,
        subject=tip_off,
        kind=STEP,
        label=transition.title,
        basis=transition.deadline.basis,
        started_on=timezone.localdate(),
        n=transition.deadline.n,
        unit=transition.deadline.unit,
    )


def running_clock(matter: Matter, kind: str) -> Clock | None:
    """Return the running clock of that kind, or None."""
    return Clock.objects.of(matter).running().filter(kind=kind).first()


def stop(matter: Matter, kind: str, actor: User | None) -> None:
    """Stop the clock of that kind today, when it runs."""
    clock = running_clock(matter, kind)
    if clock is not None:
        stop_clock(actor=actor, clock=clock, stopped_on=timezone.localdate())


def void(matter: Matter, kind: str, actor: User | None, reason: str) -> None:
    """End the clock of that kind without an outcome, when it runs."""
    clock = running_clock(matter, kind)
    if clock is not None:
        void_clock(actor=actor, clock=clock, reason=reason)


def decide_by(complaint: Complaint) -> tuple[date | None, bool]:
    """Return the day by which the decision is due (None while suspended) and whether it is provisional."""
    clock = running_clock(complaint, DECISION)
    return (clock.due, clock.provisional) if clock else (None, False)
