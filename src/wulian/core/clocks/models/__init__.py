"""Calendar years with their publications, and clocks with their ledger of suspensions."""

from wulian.core.clocks.models.calendars import CalendarDay, CalendarRevision, CalendarYear
from wulian.core.clocks.models.clocks import Clock, ClockProjection, Suspension

__all__ = ["CalendarDay", "CalendarRevision", "CalendarYear", "Clock", "ClockProjection", "Suspension"]
