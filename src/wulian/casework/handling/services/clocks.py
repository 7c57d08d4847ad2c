"""The clocks of the handling: lengths and bases stand in law/procedures/complaint.yaml (REFERENCE D.6)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from django.db import models
from django.utils import timezone

from wulian.casework.intake.models import Complaint
from wulian.casework.intake.services.clocks import DECISION, running_clock, stop, void
from wulian.core.clocks.models import Clock
from wulian.core.clocks.services import resume_clock, start_clock, stop_clock, suspend_clock
from wulian.law.procedures import procedure

if TYPE_CHECKING:
    from wulian.core.accounts.models import User
    from wulian.core.clocks.choices import SuspensionReason

INVESTIGATION: Final = "complaint.investigation"
WITHDRAWAL: Final = "complaint.withdrawal"
SERVICE: Final = "complaint.service"
PUBLICATION: Final = "complaint.publication"
ARCHIVE: Final = "complaint.archive"
REVIEW: Final = "complaint.suspension_review"
STOPPED_BY_EXPERTS: Final = (DECISION, INVESTIGATION)
"""What stands still while experts work."""

__all__ = ["DECISION", "running_clock", "stop", "void"]


def start(
    complaint: Complaint,
    kind: str,
    event: str,
    actor: User | None,
    *,
    on: date | None = None,
    subject: models.Model | None = None,
) -> None:
    """Start the clock of what the table asks for by `event`, unless it runs; the day it starts on is not counted."""
    holder = subject or complaint
    term = next(
        item.deadline
        for item in procedure(complaint.procedure_code).transitions
        if item.event == event and item.deadline
    )
    if term.n < 1 or Clock.objects.of(holder).running().filter(kind=kind).exists():
        return
    start_clock(
        actor=actor,
        subject=holder,
        kind=kind,
        label=procedure(complaint.procedure_code).event_title(event),
        basis=term.basis,
        started_on=on or timezone.localdate(),
        n=term.n,
        unit=term.unit,
    )


def restart_review(suspension: models.Model, complaint: Complaint, actor: User) -> None:
    """Five working days more to look again at a suspension."""
    stop_review(suspension, actor)
    start(complaint, REVIEW, "review_suspension", actor, subject=suspension)


def stop_review(suspension: models.Model, actor: User) -> None:
    """The suspension has been looked at, or is over."""
    clock = Clock.objects.of(suspension).running().filter(kind=REVIEW).first()
    if clock is not None:
        stop_clock(actor=actor, clock=clock, stopped_on=timezone.localdate())


def suspend_for_experts(
    complaint: Complaint, actor: User, *, on: date, reason: SuspensionReason, document_no: str, institute: str
) -> None:
    """Exclude the time of the experts from what remains to be done (实施条例 第六十一条第二款)."""
    for kind in STOPPED_BY_EXPERTS:
        clock = running_clock(complaint, kind)
        # The inner target may have passed already; only the statutory period must be open.
        if clock is not None and (kind == DECISION or clock.due is None or on < clock.due):
            suspend_clock(
                actor=actor,
                clock=clock,
                from_day=on,
                reason_code=reason,
                document_no=document_no,
                institute=institute,
            )


def resume_after_experts(complaint: Complaint, actor: User, *, on: date) -> None:
    """The report has come: counting goes on with the next day."""
    for kind in STOPPED_BY_EXPERTS:
        clock = running_clock(complaint, kind)
        if clock is not None and clock.open_suspension is not None:
            resume_clock(actor=actor, clock=clock, to_day=on)
