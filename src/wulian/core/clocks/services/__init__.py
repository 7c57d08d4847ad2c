"""Writing clocks and calendars."""

from wulian.core.clocks.services.calendars import (
    DayEntry,
    edit_calendar_year,
    ensure_packaged_years,
    publish_calendar_year,
)
from wulian.core.clocks.services.clocks import (
    Start,
    resume_clock,
    start_clock,
    start_clocks,
    stop_clock,
    suspend_clock,
    void_clock,
)
from wulian.core.clocks.services.reprojection import Reprojection, reproject_clocks

__all__ = [
    "DayEntry",
    "Reprojection",
    "Start",
    "edit_calendar_year",
    "ensure_packaged_years",
    "publish_calendar_year",
    "reproject_clocks",
    "resume_clock",
    "start_clock",
    "start_clocks",
    "stop_clock",
    "suspend_clock",
    "void_clock",
]
