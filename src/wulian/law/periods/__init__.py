"""Statutory periods: units, due dates with pauses, the two-threshold practice, and explanations.

`count_calendar_days(a, b)` is cd(a, b); `count_working_days(a, b, calendar)` is wd(a, b); `due_date(...)` computes a last day
that can explain itself; `check_minimum` and `check_deadline` give 红/橙/黄; `unit_for(instrument, n)` reads 日 per statute.
"""

from wulian.law.periods.counting import (
    DueDate,
    DueMoment,
    complaint_due,
    count_calendar_days,
    count_working_days,
    due_date,
    due_moment,
    latest_day_before,
)
from wulian.law.periods.explain import DATE_RULES, DateRule, Step
from wulian.law.periods.pauses import Pause, PausedSpan, merge_pauses
from wulian.law.periods.thresholds import Finding, Level, check_deadline, check_minimum, holds
from wulian.law.periods.units import Counting, Unit, counting_for, unit_for
from wulian.law.periods.wording import render_explanation, unit_name

__all__ = [
    "DATE_RULES",
    "Counting",
    "DateRule",
    "DueDate",
    "DueMoment",
    "Finding",
    "Level",
    "Pause",
    "PausedSpan",
    "Step",
    "Unit",
    "check_deadline",
    "check_minimum",
    "complaint_due",
    "count_calendar_days",
    "count_working_days",
    "counting_for",
    "due_date",
    "due_moment",
    "holds",
    "latest_day_before",
    "merge_pauses",
    "render_explanation",
    "unit_for",
    "unit_name",
]
