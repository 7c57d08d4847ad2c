"""Clocks in templates: one badge, and the clocks of a record."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model

from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.models import Clock
from wulian.core.clocks.selectors import clock_status, clocks_for
from wulian.law.calendar import LegalCalendar

register = template.Library()


@register.inclusion_tag("clocks/_clock.html", takes_context=True)
def clock_badge(context: template.Context, clock: Clock | None) -> dict[str, Any]:
    """Colour, shape and words of a clock, linked to how its date was computed; nothing for no clock."""
    status = clock_status(clock, in_force=_calendar(context)) if clock is not None else None
    return {"clock": clock, "status": status}


@register.inclusion_tag("clocks/_clock_list.html", takes_context=True)
def clock_list(context: template.Context, subject: Model) -> dict[str, Any]:
    """The clocks of a record, oldest first, each with its badge, dates and basis."""
    in_force = _calendar(context)
    return {
        "rows": [
            {"clock": clock, "status": clock_status(clock, in_force=in_force)}
            for clock in clocks_for(subject)
        ]
    }


def _calendar(context: template.Context) -> LegalCalendar:
    """The calendar, asked for once per request however many badges the page has."""
    request = context.get("request")
    if request is None:
        return calendar()
    if not hasattr(request, "clock_calendar"):
        request.clock_calendar = calendar()
    return request.clock_calendar
