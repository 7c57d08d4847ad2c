"""The two clocks of an alert: to accept it, and to give an opinion (REFERENCE O; the lengths are parameters of the house)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from wulian.core.accounts.models import User
from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.models import Clock
from wulian.core.clocks.services import Start, start_clock, start_clocks, stop_clock, void_clock
from wulian.information.alerts.models import Alert
from wulian.information.alerts.parameters import OFFICE_CLOSES, OFFICE_OPENS
from wulian.law.periods import Unit
from wulian.law.procedures import procedure

if TYPE_CHECKING:
    from wulian.law.calendar import LegalCalendar

ACCEPT, OPINION = "alert.accept", "alert.opinion"
_EVENTS = {ACCEPT: ("accept", "已分办", "签收研判"), OPINION: ("propose_exclusion", "研判中", "提出研判意见")}


def start(alerts: Sequence[Alert], at: datetime) -> None:
    """Start both clocks of each alert at the moment it was raised; hours begin when the office is open, 蓝 has no clock."""
    starts = [
        found
        for alert in alerts
        for kind, told in _EVENTS.items()
        if (found := _start_of(alert, kind, told, at)) is not None
    ]
    start_clocks(actor=None, starts=starts)


def _start_of(alert: Alert, kind: str, told: tuple[str, str, str], at: datetime) -> Start | None:
    event, state, label = told
    transition = procedure("alert").transition(event, state)
    deadline = transition.deadline_for(str(alert.severity)) if transition else None
    if deadline is None:
        return None
    begins = office_moment(at, calendar()) if deadline.unit is Unit.HOUR else at
    waits = "；非工作时间产生，自上班时起算" if begins != at else ""
    return Start(
        subject=alert,
        kind=kind,
        label=label,
        basis=f"{deadline.basis}{waits}",
        n=deadline.n,
        unit=deadline.unit,
        started_on=timezone.localdate(begins),
        started_at=begins,
    )


def stop(alert: Alert, kind: str, actor: User) -> None:
    """Stop one clock today, if it runs: met or overdue is decided by its due date."""
    stop_of(alert, kind, actor)


def office_moment(at: datetime, in_force: LegalCalendar) -> datetime:
    """Return `at` when the office is open then, else the moment it opens next (parameters of the house)."""
    local = timezone.localtime(at)
    if in_force.is_working_day(local.date()):
        if OFFICE_OPENS <= local.time() < OFFICE_CLOSES:
            return at
        if local.time() < OFFICE_OPENS:
            return _at(local.date(), OFFICE_OPENS)
    return _at(in_force.nth_working_day_after(local.date(), 1), OFFICE_OPENS)


def _at(day: date, moment: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, moment))


def start_until(
    subject: models.Model, kind: str, label: str, basis: str, due_on: date, actor: User | None
) -> Clock:
    """Start a clock that ends on a day somebody has set, in calendar days and not moved by days off."""
    today = timezone.localdate()
    return start_clock(
        actor=actor,
        subject=subject,
        kind=kind,
        label=label,
        basis=basis,
        started_on=today,
        n=(due_on - today).days,
        unit=Unit.CALENDAR_DAY,
        roll_forward=False,
    )


def stop_of(subject: models.Model, kind: str, actor: User) -> None:
    """Stop one clock of a record now, if it runs; a clock in hours is judged by the moment."""
    for clock in Clock.objects.of(subject).running().filter(kind=kind):
        now = timezone.now()
        if clock.started_on > timezone.localdate(now):  # its hours begin on the next working day only
            void_clock(actor=actor, clock=clock, reason="起算前已办理")
        else:
            stop_clock(actor=actor, clock=clock, stopped_on=timezone.localdate(now), stopped_at=now)


def void_of(subject: models.Model, reason: str) -> None:
    """End the clocks of a record that run because the matter fell away."""
    for clock in Clock.objects.of(subject).running():
        void_clock(actor=None, clock=clock, reason=reason)


def void(alert: Alert, reason: str) -> None:
    """End the clocks of an alert because the matter fell away."""
    void_of(alert, reason)
