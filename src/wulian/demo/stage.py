"""The clock of the demonstration: its acts lie some weeks apart, though all are played in one minute.

The platform asks `django.utils.timezone` for the time, always; on the stage that answers with the moment of the act. Nothing but the
demonstration uses it, and no act lies in the future.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from wulian.exchange.records import BEIJING
from wulian.law.calendar import packaged_calendar


class _AnyDatetime(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, dt.datetime)


class _StageTime(dt.datetime, metaclass=_AnyDatetime):
    """`datetime` whose `now` runs on from the moment of the act."""

    begins: dt.datetime
    entered: float

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> _StageTime:  # type: ignore[override]
        moment = cls.begins + dt.timedelta(seconds=time.monotonic() - cls.entered)
        return moment.astimezone(tz)  # type: ignore[return-value]


@contextmanager
def at(moment: dt.datetime) -> Iterator[None]:
    """Let the platform's clock stand at ``moment`` and run on from there; ValueError for a moment to come."""
    original = timezone.datetime  # type: ignore[attr-defined]
    if moment > dt.datetime.now(dt.UTC):
        raise ValueError(f"an act of the demonstration lies in the future: {moment}")
    _StageTime.begins, _StageTime.entered = moment, time.monotonic()
    timezone.datetime = _StageTime  # type: ignore[attr-defined]
    try:
        yield
    finally:
        timezone.datetime = original  # type: ignore[attr-defined]


class Timeline:
    """Moments of the weeks before today: working days counted back, so that no act falls on a holiday."""

    def __init__(self, today: dt.date) -> None:
        self.today = today
        self.calendar = packaged_calendar()

    def day(self, back: int) -> dt.date:
        """The working day ``back`` working days before today."""
        return self.calendar.nth_working_day_before(self.today - dt.timedelta(days=1), back)

    def moment(self, back: int, hour: int, minute: int = 0) -> dt.datetime:
        """A moment of that day in Beijing time."""
        return dt.datetime.combine(self.day(back), dt.time(hour, minute), BEIJING)
