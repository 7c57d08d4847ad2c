"""What a clock says at a glance: colour, shape and a few words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.choices import Outcome
from wulian.core.clocks.models import Clock
from wulian.core.clocks.projection import remaining_budget
from wulian.law.calendar import LegalCalendar
from wulian.law.periods import Level, Unit, check_deadline

SHAPES = {
    Level.RED: "alert-octagon",
    Level.ORANGE: "alert-triangle",
    Level.YELLOW: "clock",
    Level.GREEN: "circle-check",
    Level.GREY: "player-pause",
}
"""One shape (icon name) per colour, so nobody needs to see colours."""


@dataclass(frozen=True)
class ClockStatus:
    """Level (红橙黄绿灰), its shape, the words, and what is left in the clock's unit (None when it has stopped)."""

    level: Level
    text: str
    shape: str
    remaining: int | None = None
    explanation: str = ""

    @property
    def tone(self) -> str:
        """Return the name of the level as style sheets and worklists know it: red, orange, yellow, green, grey."""
        return self.level.name.lower()


def clock_status(
    clock: Clock,
    today: date | None = None,
    *,
    now: datetime | None = None,
    in_force: LegalCalendar | None = None,
) -> ClockStatus:
    """Return the status of a clock on `today` (or at `now`, for hours).

    What is left is counted in the unit of the clock. 橙 past the last day before roll-forward, 红 past the due date
    (REFERENCE 0.5); 黄 near the end (`near_the_end`); 灰 when it is stopped or suspended. Lists pass `in_force`, the
    calendar, to spare a query each.
    """
    status = _plain_status(clock, today, now, in_force)
    return replace(status, explanation=f"{clock.label}（{clock.basis}）")


def _plain_status(
    clock: Clock, today: date | None, now: datetime | None, in_force: LegalCalendar | None
) -> ClockStatus:
    if not clock.is_running:
        return _status(Level.GREY, str(Outcome(clock.outcome).label))
    now = now or timezone.now()
    today = today or timezone.localdate(now)
    if clock.unit == Unit.HOUR:
        return _hour_status(clock, now)
    left = remaining_budget(clock, in_force or calendar(), today)
    if clock.due is None:
        return _status(Level.GREY, _("Suspended, %(left)s") % {"left": left_words(left, clock.unit)}, left)
    level = check_deadline(clock.due_raw or clock.due, clock.due, today).level
    if level is None:
        level = Level.YELLOW if left <= near_the_end(clock) else Level.GREEN
    text = left_words(left, clock.unit)
    if level is Level.RED:
        text = overdue_words(clock, today, left)
    return _status(level, text + (_(" (provisional)") if clock.provisional else ""), left)


def near_the_end(clock: Clock) -> int:
    """Return how much may be left for a clock to turn yellow (our own default): 1 of up to 3, 3 of up to 30, else 7."""
    if clock.unit in (Unit.MONTH, Unit.YEAR) or clock.n > 30:
        return 7
    return 1 if clock.n <= 3 else 3


def left_words(left: int, unit: str) -> str:
    """Return "剩3个工作日", "剩3日" or "今日到期"."""
    if left == 0:
        return _("due today")
    if unit == Unit.WORKING_DAY:
        return ngettext("%(n)s working day left", "%(n)s working days left", left) % {"n": left}
    return ngettext("%(n)s day left", "%(n)s days left", left) % {"n": left}


def overdue_words(clock: Clock, today: date, left: int) -> str:
    """Return "已超期2个工作日" or "已超期2日"; on a weekend after the due date no working day has passed yet."""
    if clock.unit == Unit.WORKING_DAY and left < 0:
        return ngettext("%(n)s working day overdue", "%(n)s working days overdue", -left) % {"n": -left}
    assert clock.due is not None
    days = (today - clock.due).days
    return ngettext("%(n)s day overdue", "%(n)s days overdue", days) % {"n": days}


def _hour_status(clock: Clock, now: datetime) -> ClockStatus:
    assert clock.due_at is not None
    seconds = (clock.due_at - now).total_seconds()
    hours = int(abs(seconds) // 3600)
    if seconds < 0 and hours >= 2 * 24:
        days = hours // 24
        return _status(
            Level.RED, ngettext("%(n)s day overdue", "%(n)s days overdue", days) % {"n": days}, -hours
        )
    if seconds < 0:
        text = (
            ngettext("%(n)s hour overdue", "%(n)s hours overdue", hours) % {"n": hours}
            if hours
            else _("just overdue")
        )
        return _status(Level.RED, text, -hours)
    text = (
        ngettext("%(n)s hour left", "%(n)s hours left", hours) % {"n": hours}
        if hours
        else _("less than an hour left")
    )
    return _status(Level.YELLOW if hours * 4 < clock.n else Level.GREEN, text, hours)


def _status(level: Level, text: str, remaining: int | None = None) -> ClockStatus:
    return ClockStatus(level, text, SHAPES[level], remaining)
