"""The table of alerts."""

from __future__ import annotations

from typing import Any

import django_tables2
from django.contrib.contenttypes.models import ContentType
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.models import Clock
from wulian.core.clocks.selectors import clock_status
from wulian.core.ui.tables import DateTimeColumn, SeverityColumn, Table
from wulian.information.alerts.models import Alert

NO_WRAP = {"td": {"class": "text-nowrap"}}


class ClockColumn(django_tables2.Column):
    """The running clock that falls due first; the clocks of a page are asked for once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_values=(), orderable=False, **kwargs)

    def render(self, record: Alert, table: Any) -> str:
        clock = _clocks(table, record).get(record.pk)
        if clock is None:
            return ""
        status = clock_status(clock, in_force=table.calendar)
        return render_to_string("ui/_clock.html", {"badge": status})

    def value(self, record: Alert, table: Any) -> str:
        clock = _clocks(table, record).get(record.pk)
        return f"{clock.due}" if clock and clock.due else ""


def _clocks(table: Any, record: Alert) -> dict[int, Clock]:
    if not hasattr(table, "clocks"):
        page = getattr(table, "page", None)
        ids = [row.record.pk for row in page.object_list] if page else [record.pk]
        running = Clock.objects.running().filter(
            content_type=ContentType.objects.get_for_model(Alert), object_id__in=ids
        )
        table.calendar = calendar()
        found: dict[int, Clock] = {}
        for clock in running.prefetch_related("suspensions"):
            found.setdefault(clock.object_id, clock)
        if page is None:
            return found
        table.clocks = found
    return table.clocks


class AlertTable(Table):
    """Severity, finding, subject, state, clock, department."""

    severity = SeverityColumn(verbose_name=_("Severity"), order_by=("rank", "-raised_at"))
    rule_title = django_tables2.Column(verbose_name=_("Finding"), linkify=True, order_by=("rule_id",))
    subject_label = django_tables2.Column(verbose_name=_("Subject"), orderable=False)
    state = django_tables2.Column(verbose_name=_("State"))
    clock = ClockColumn(verbose_name=_("Clock"))
    department = django_tables2.Column(verbose_name=_("Department"), orderable=False, attrs=NO_WRAP)
    assignee = django_tables2.Column(verbose_name=_("Assignee"), orderable=False, attrs=NO_WRAP)
    raised_at = DateTimeColumn(verbose_name=_("Raised at"))

    class Meta(Table.Meta):
        model = Alert
        fields = (
            "severity", "rule_title", "subject_label", "state", "clock", "department", "assignee", "raised_at",
        )  # fmt: skip

    def render_rule_title(self, record: Alert) -> str:
        return format_html('<span lang="zh-Hans">{} {}</span>', record.rule_id, record.rule_title)

    def render_state(self, record: Alert) -> str:
        return render_to_string("alerts/_state.html", {"alert": record})

    def render_subject_label(self, record: Alert) -> str:
        project = record.project
        if project is None or project.name == record.subject_label or project.name in record.subject_label:
            return record.subject_label
        return format_html('{}<div class="text-secondary small">{}</div>', record.subject_label, project.name)

    def render_department(self, record: Alert) -> str:
        return record.department.short_name or record.department.name if record.department else "—"
