"""The worklist: one row is one duty with its clock and one primary action."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

logger = logging.getLogger(__name__)

SEVERITY_ORDER: Final = {"red": 0, "orange": 1, "yellow": 2, "blue": 3, "": 4}


@dataclass(frozen=True)
class ClockBadge:
    """A clock for the eye: text such as 剩3个工作日, tone red, orange, yellow, blue, green or grey, and how it was computed."""

    text: str
    tone: str = "blue"
    explanation: str = ""


@dataclass(frozen=True)
class Duty:
    """One thing that a user has to do.

    `due` is the last day or moment (None: no deadline); `clock` is a ClockBadge, or anything with `text` and `tone`,
    or a plain sentence; without it the calendar days until `due` are shown. `kind` groups duties in the filter.
    """

    title: str | Promise
    subject_label: str
    url: str
    due: dt.date | dt.datetime | None = None
    clock: Any = None
    action: str | Promise = _("Handle")
    severity: str = ""
    kind: str | Promise = ""

    @property
    def badge(self) -> ClockBadge | None:
        """The clock to show, or None when nothing falls due."""
        if isinstance(self.clock, str) and self.clock:
            return ClockBadge(self.clock, _tone(self.due_day))
        if self.clock:
            return ClockBadge(
                str(self.clock.text), str(self.clock.tone), str(getattr(self.clock, "explanation", ""))
            )
        return days_badge(self.due_day) if self.due_day else None

    @property
    def due_day(self) -> dt.date | None:
        """The local day on which it falls due."""
        if isinstance(self.due, dt.datetime):
            return timezone.localtime(self.due).date() if timezone.is_aware(self.due) else self.due.date()
        return self.due


Provider = Callable[[Any], Iterable[Duty]]
_PROVIDERS: list[Provider] = []


def register(provider: Provider) -> None:
    """Add a provider `provider(user) -> Iterable[Duty]`; the same function is kept once."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)


def duties_for(user: Any, failed: list[str] | None = None) -> list[Duty]:
    """All duties of `user`: what falls due first comes first, then by severity; duties without a deadline last.

    With `failed`, a provider that breaks is logged and named there, so that one room does not close the worklist.
    """
    duties: list[Duty] = []
    for provider in _PROVIDERS:
        try:
            duties.extend(provider(user))
        except Exception:
            if failed is None:
                raise
            logger.exception("worklist provider %s failed", provider)
            failed.append(getattr(provider, "__module__", repr(provider)))
    return sorted(duties, key=_rank)


def kinds_of(duties: Iterable[Duty]) -> list[tuple[str, int]]:
    """The kinds that occur with their counts, the most frequent first."""
    counts: dict[str, int] = {}
    for duty in duties:
        if duty.kind:
            counts[str(duty.kind)] = counts.get(str(duty.kind), 0) + 1
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def days_badge(day: dt.date) -> ClockBadge:
    """A badge in calendar days for a duty without a statutory clock."""
    left = (day - timezone.localdate()).days
    if left < 0:
        text = ngettext("%(days)d day overdue", "%(days)d days overdue", -left) % {"days": -left}
    elif left == 0:
        text = str(_("Due today"))
    else:
        text = ngettext("%(days)d day left", "%(days)d days left", left) % {"days": left}
    return ClockBadge(text, _tone(day), day.isoformat())


def _tone(day: dt.date | None) -> str:
    if day is None:
        return "grey"
    left = (day - timezone.localdate()).days
    return "red" if left < 0 else "orange" if left <= 1 else "yellow" if left <= 3 else "blue"


def _rank(duty: Duty) -> tuple[dt.date, int, str]:
    return (duty.due_day or dt.date.max, SEVERITY_ORDER.get(duty.severity, 4), str(duty.title))
