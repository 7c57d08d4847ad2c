"""The columns of the list."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from wulian.casework.objections.choices import WatchState
from wulian.casework.objections.models import WatchedObjection
from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.models import Clock
from wulian.core.clocks.selectors import clock_status
from wulian.core.ui.tables import DateTimeColumn, LongTable, Table
from wulian.law.calendar import LegalCalendar


class ObjectionTable(LongTable):
    """One row an objection."""

    lot = tables.Column(
        accessor="lot__name",
        linkify=lambda record: record.get_absolute_url(),
        verbose_name=_("Lot"),
        orderable=False,
    )
    project = tables.Column(accessor="project__name", verbose_name=_("Project"), orderable=False)
    target = tables.Column(verbose_name=_("Objected to"))
    received_at = DateTimeColumn(verbose_name=_("Received time"))
    replied_at = DateTimeColumn(accessor="objection__replied_at", verbose_name=_("Answered"), orderable=False)
    due = tables.Column(verbose_name=_("Period"), accessor="pk", orderable=False, empty_values=())
    state = tables.Column(accessor="state_title", verbose_name=_("State"), order_by=("state", "-received_at"))

    class Meta(Table.Meta):
        model = WatchedObjection
        fields: tuple[str, ...] = ()
        sequence = ("lot", "project", "target", "received_at", "replied_at", "due", "state")

    def before_render(self, request: Any) -> None:
        super().before_render(request)
        self._in_force: LegalCalendar | None = None

    def render_state(self, value: str, record: WatchedObjection) -> SafeString:
        tone = "bg-secondary-lt" if record.is_finished else "bg-blue-lt"
        if record.state == WatchState.MISSED:
            tone = "bg-red-lt"
        return format_html('<span class="badge {}" lang="zh-Hans">{}</span>', tone, value)

    def value_state(self, record: WatchedObjection) -> str:
        return record.state_title

    def render_due(self, record: WatchedObjection) -> str:
        clock = _clock(record)
        if clock is None:
            return "—"
        if getattr(self, "_in_force", None) is None:
            self._in_force = calendar()
        return render_to_string("ui/_clock.html", {"badge": clock_status(clock, in_force=self._in_force)})

    def value_due(self, record: WatchedObjection) -> str:
        clock = _clock(record)
        return clock.due.isoformat() if clock and clock.due else ""


def _clock(watch: WatchedObjection) -> Clock | None:
    """The clock of the answer, of those the list has fetched for the row."""
    return next(iter(watch.clocks.all()), None)
