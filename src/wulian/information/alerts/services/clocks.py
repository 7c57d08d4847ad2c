"""The two clocks of an alert: to accept it, and to give an opinion (REFERENCE O; the lengths are parameters of the house)."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from wulian.core.accounts.models import User
from wulian.core.clocks.models import Clock
from wulian.core.clocks.services import start_clock, stop_clock, void_clock
from wulian.information.alerts.models import Alert
from wulian.law.procedures import procedure

ACCEPT, OPINION = "alert.accept", "alert.opinion"
_EVENTS = {ACCEPT: ("accept", "已分办", "签收研判"), OPINION: ("propose_exclusion", "研判中", "提出研判意见")}


def start(alert: Alert, at: datetime) -> None:
    """Start both clocks at the moment the alert was raised; 蓝 has none."""
    for kind, (event, state, label) in _EVENTS.items():
        transition = procedure("alert").transition(event, state)
        deadline = transition.deadline_for(str(alert.severity)) if transition else None
        if deadline is not None:
            start_clock(
                actor=None,
                subject=alert,
                kind=kind,
                label=label,
                basis=deadline.basis,
                started_on=timezone.localdate(at),
                started_at=at,
                n=deadline.n,
                unit=deadline.unit,
            )


def stop(alert: Alert, kind: str, actor: User) -> None:
    """Stop one clock today, if it runs: met or overdue is decided by its due date."""
    for clock in Clock.objects.of(alert).running().filter(kind=kind):
        stop_clock(actor=actor, clock=clock, stopped_on=timezone.localdate())


def void(alert: Alert, reason: str) -> None:
    """End the clocks that run because the matter fell away."""
    for clock in Clock.objects.of(alert).running():
        void_clock(actor=None, clock=clock, reason=reason)
