"""The worklist: one row is one duty with its clock and one primary action."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar

from django.core.cache import cache
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

logger = logging.getLogger(__name__)

WHEN: Final = {
    "overdue": _("Overdue"),
    "today": _("Due today"),
    "soon": _("Due soon"),
    "later": _("Later"),
    "open": _("No deadline"),
    "waiting": _("Waiting for others"),
}
"""The groups of the worklist in their order."""
LIMIT: Final = 25
"""Duties of one kind that are read for a worklist; of more, the page says how many there are and where."""
SEARCHED: Final = 8 * LIMIT
"""Rows among which the duties of one kind are looked for."""
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
    or a plain sentence; without it the calendar days until `due` are shown. `kind` groups duties in the filter. `waits_for`
    names who has to act first: the duty is shown apart, so that one sees what is out of one's hands.
    """

    title: str | Promise
    subject_label: str
    url: str
    due: dt.date | dt.datetime | None = None
    clock: Any = None
    action: str | Promise = _("Handle")
    severity: str = ""
    kind: str | Promise = ""
    waits_for: str | Promise = ""

    @cached_property
    def when(self) -> str:
        """One of WHEN: how pressing it is today."""
        if self.waits_for:
            return "waiting"
        if self.due_day is None:
            return "open"
        left = (self.due_day - timezone.localdate()).days
        if left <= 0:
            return "overdue" if left else "today"
        return "soon" if self.badge and self.badge.tone in ("red", "orange", "yellow") else "later"

    @property
    def when_label(self) -> str | Promise:
        """The group in words."""
        return WHEN[self.when]

    @cached_property
    def badge(self) -> ClockBadge | None:
        """The clock to show, or None when nothing falls due."""
        if isinstance(self.clock, str) and self.clock:
            return ClockBadge(self.clock, _tone(self.due_day))
        if self.clock:
            return ClockBadge(
                str(self.clock.text), str(self.clock.tone), str(getattr(self.clock, "explanation", ""))
            )
        return days_badge(self.due_day) if self.due_day else None

    @cached_property
    def due_day(self) -> dt.date | None:
        """The local day on which it falls due."""
        if isinstance(self.due, dt.datetime):
            return timezone.localtime(self.due).date() if timezone.is_aware(self.due) else self.due.date()
        return self.due


@dataclass(frozen=True)
class Rest:
    """Of one kind not all are on the worklist: `total` records wait in all, and `url` lists them."""

    kind: str | Promise
    total: int
    url: str


@dataclass(frozen=True)
class Worklist:
    """The duties of a user in their order, and the kinds of which only the most pressing are among them."""

    duties: list[Duty]
    rests: list[Rest]


Words = TypeVar("Words")


def pressing(
    rows: QuerySet[Any], words: Callable[[Any], Words | None], *, kind: str | Promise, url: str
) -> tuple[list[tuple[Any, Words]], list[Rest]]:
    """Return the first rows that are a duty, each with what `words` says of it, and the rest when not all were read.

    `rows` are in the order of what presses most; `words` gives None for a row that is nobody's duty here.
    """
    found: list[tuple[Any, Words]] = []
    for start, end in ((0, LIMIT), (LIMIT, SEARCHED)):
        read = list(rows[start:end])
        found += [(row, said) for row in read if (said := words(row)) is not None]
        if len(read) < end - start:
            return found, []
        if len(found) >= LIMIT:
            break
    total = counted(rows)
    return found, [Rest(kind, total, url)] if total > end else []


def counted(rows: QuerySet[Any]) -> int:
    """How many rows there are, as it was counted at some moment of the last minute: this is said beside the duties only."""
    sql, values = rows.order_by().query.sql_with_params()
    key = f"worklist:{hashlib.sha256(f'{sql}{values}'.encode()).hexdigest()[:32]}"
    if (total := cache.get(key)) is None:
        total = rows.count()
        cache.set(key, total, 60)
    return int(total)


_PLACES: Final = {when: place for place, when in enumerate(WHEN)}
Provider = Callable[[Any], Iterable[Duty | Rest]]
_PROVIDERS: list[Provider] = []


def register(provider: Provider) -> None:
    """Add a provider `provider(user) -> Iterable[Duty | Rest]`; the same function is kept once."""
    if provider not in _PROVIDERS:
        _PROVIDERS.append(provider)


def worklist_of(user: Any, failed: list[str] | None = None) -> Worklist:
    """The duties of `user`: what falls due first comes first, then by severity; without a deadline, and what waits for others, last.

    With `failed`, a provider that breaks is logged and named there, so that one room does not close the worklist.
    """
    found: list[Duty | Rest] = []
    for provider in _PROVIDERS:
        try:
            found.extend(provider(user))
        except Exception:
            if failed is None:
                raise
            logger.exception("worklist provider %s failed", provider)
            failed.append(getattr(provider, "__module__", repr(provider)))
    duties = [item for item in found if isinstance(item, Duty)]
    return Worklist(sorted(duties, key=_rank), [item for item in found if isinstance(item, Rest)])


def duties_for(user: Any) -> list[Duty]:
    """The duties of `user` in their order."""
    return worklist_of(user).duties


def groups_of(duties: Iterable[Duty]) -> list[tuple[str, str | Promise, int]]:
    """The groups that occur, in their order: key, words, count."""
    counts = Counter(duty.when for duty in duties)
    return [(when, label, counts[when]) for when, label in WHEN.items() if counts[when]]


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


def _rank(duty: Duty) -> tuple[int, dt.date, int, str]:
    return (
        _PLACES[duty.when],
        duty.due_day or dt.date.max,
        SEVERITY_ORDER.get(duty.severity, 4),
        str(duty.title),
    )
