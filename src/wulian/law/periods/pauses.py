"""The suspension ledger: time that the law excludes from a period (中止、不计入期限的时间).

Definition. A pause runs from the day `start`, on which its cause begins (the samples go to the institute), to the day
`end`, on which its cause ends (the report is received). Like cd and wd it is the half-open interval (start, end]:
the day it begins still counts as elapsed, the days after it up to and including `end` do not, and counting goes on with
the day after `end` (DT-1 applied to the pause). So a pause of start == end excludes nothing, a pause in calendar days
excludes exactly cd(start, end) days, and a complaint period is "shifted by the reply period" (REFERENCE D.3).

Pauses are taken as a set of days: overlapping, nested, repeated and touching pauses are merged, so no day is excluded
twice; days on or before the start day of the period have nothing to exclude. A paused day off is simply paused.

A period never ends on a paused day: its raw end is by definition a counted day, and when that day is a day off, the
roll-forward of DT-2 goes to the next working day that is not paused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Pause:
    """One entry of the ledger; `end` is None while it lasts. Raises ValueError when it ends before it begins."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ValueError(f"a pause cannot end ({self.end}) before it begins ({self.start})")


@dataclass(frozen=True)
class PausedSpan:
    """A run of excluded days, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Return the number of excluded calendar days."""
        return (self.last - self.first).days + 1


def merge_pauses(pauses: Iterable[Pause], after: date, as_of: date | None = None) -> tuple[PausedSpan, ...]:
    """Return the excluded days later than `after` as disjoint spans in order of time.

    A pause that still lasts counts until `as_of`; ValueError when there is one and `as_of` is missing.
    """
    merged: list[PausedSpan] = []
    for span in sorted(_spans(pauses, after, as_of), key=lambda span: span.first):
        if merged and span.first <= merged[-1].last + ONE_DAY:
            merged[-1] = PausedSpan(merged[-1].first, max(merged[-1].last, span.last))
        else:
            merged.append(span)
    return tuple(merged)


def _spans(pauses: Iterable[Pause], after: date, as_of: date | None) -> Iterable[PausedSpan]:
    for pause in pauses:
        last = pause.end if pause.end is not None else as_of
        if last is None:
            raise ValueError("a pause still lasts: say as_of, the day up to which it is to be counted")
        first = max(pause.start, after) + ONE_DAY
        if first <= last:
            yield PausedSpan(first, last)
