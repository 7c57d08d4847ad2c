"""The columns of the lists."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.models import Complaint, Matter, TipOff
from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.models import Clock
from wulian.core.clocks.selectors import clock_status
from wulian.core.ui.tables import DateTimeColumn, LongTable, Table
from wulian.law.calendar import LegalCalendar


class MatterTable(LongTable):
    """One row a matter; there is no column that could name the reporter."""

    number = tables.Column(linkify=lambda record: record.get_absolute_url(), verbose_name=_("Number"))
    topic = tables.Column(verbose_name=_("What it concerns"))
    project = tables.Column(
        accessor="project_name", verbose_name=_("Project"), orderable=False, empty_values=("",)
    )
    respondent_name = tables.Column(verbose_name=_("Complained of"), orderable=False, default="—")
    state = tables.Column(verbose_name=_("State"), accessor="state_title", order_by=("state", "-received_at"))
    due = tables.Column(verbose_name=_("Period"), accessor="pk", orderable=False, empty_values=())
    authority = tables.Column(
        accessor="authority__short_name",
        verbose_name=_("Handling authority"),
        default="—",
        order_by=("authority_id", "state"),
    )
    received_at = DateTimeColumn(verbose_name=_("Received time"))

    class Meta(Table.Meta):
        fields: tuple[str, ...] = ()
        sequence: tuple[str, ...] = (
            "number", "topic", "project", "respondent_name", "state", "due", "authority", "received_at",
        )  # fmt: skip

    def order_number(self, rows: Any, descending: bool) -> tuple[Any, bool]:
        sign = "-" if descending else ""
        return rows.order_by(f"{sign}year", f"{sign}sequence"), True

    def before_render(self, request: Any) -> None:
        super().before_render(request)
        self._in_force: LegalCalendar | None = None

    def render_state(self, value: str, record: Matter) -> SafeString:
        tone = "bg-secondary-lt" if record.is_finished else "bg-blue-lt"
        return format_html('<span class="badge {}" lang="zh-Hans">{}</span>', tone, value)

    def value_state(self, record: Matter) -> str:
        return record.state_title

    def render_due(self, record: Matter) -> str:
        clock = first_clock(record)
        if clock is None:
            return "—"
        if getattr(self, "_in_force", None) is None:
            self._in_force = calendar()
        return render_to_string("ui/_clock.html", {"badge": clock_status(clock, in_force=self._in_force)})

    def value_due(self, record: Matter) -> str:
        clock = first_clock(record)
        return clock.due.isoformat() if clock and clock.due else ""


def first_clock(matter: Matter) -> Clock | None:
    """The running clock that falls due first, of those the list has fetched for the row."""
    running = [clock for clock in matter.clocks.all() if clock.is_running]
    return min(running, key=lambda clock: (clock.due is None, clock.due, clock.pk), default=None)


class ComplaintTable(MatterTable):
    class Meta(MatterTable.Meta):
        model = Complaint


class TipOffTable(MatterTable):
    class Meta(MatterTable.Meta):
        model = TipOff
