"""Tables of alerts, their groups, supervision orders and controlled projects."""

from __future__ import annotations

from typing import Any

import django_tables2
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.models import Clock
from wulian.core.clocks.selectors import clock_status
from wulian.core.ui.tables import DateColumn, DateTimeColumn, LongTable, SeverityColumn, Table
from wulian.information.alerts.choices import RANKS
from wulian.information.alerts.groups import GroupDetails, GroupKind, Numbers
from wulian.information.alerts.models import Alert, ControlledProject, SupervisionOrder
from wulian.information.alerts.smoke import colour_of

SHOWN_PARTS = 6
NO_WRAP = {"td": {"class": "text-nowrap"}}
_RANKED = {rank: severity for severity, rank in RANKS.items()}


class SelectColumn(django_tables2.Column):
    """A box to tick for bulk actions."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(accessor="pk", orderable=False, verbose_name=_("Select"), **kwargs)

    def render(self, value: int, record: Any) -> str:
        return format_html(
            '<input class="form-check-input" type="checkbox" name="selected" value="{}" aria-label="{}">',
            str(value),
            str(record),
        )


class ClockColumn(django_tables2.Column):
    """The running clock that falls due first; the clocks of a page are asked for once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(empty_values=(), orderable=kwargs.pop("orderable", False), **kwargs)

    def render(self, record: Any, table: Any) -> str:
        clock = _clocks(table, record).get(record.pk)
        if clock is None:
            return ""
        status = clock_status(clock, in_force=table.calendar)
        return render_to_string("ui/_clock.html", {"badge": status})

    def value(self, record: Any, table: Any) -> str:
        clock = _clocks(table, record).get(record.pk)
        return f"{clock.due}" if clock and clock.due else ""


def _clocks(table: Any, record: Any) -> dict[int, Clock]:
    if not hasattr(table, "clocks"):
        page = getattr(table, "page", None)
        ids = [row.record.pk for row in page.object_list] if page else [record.pk]
        running = Clock.objects.running().filter(
            content_type=ContentType.objects.get_for_model(record), object_id__in=ids
        )
        table.calendar = calendar()
        found: dict[int, Clock] = {}
        for clock in running.with_ledger():
            found.setdefault(clock.object_id, clock)
        if page is None:
            return found
        table.clocks = found
    return table.clocks


class AlertTable(LongTable):
    """Severity, finding, subject, state, clock, department."""

    selected = SelectColumn()
    severity = SeverityColumn(verbose_name=_("Severity"), order_by=("rank", "-raised_at", "-id"))
    rule_title = django_tables2.Column(verbose_name=_("Finding"), linkify=True, order_by=("rule_id", "id"))
    subject_label = django_tables2.Column(verbose_name=_("Subject"), orderable=False)
    state = django_tables2.Column(verbose_name=_("State"), order_by=("state", "rank", "-id"))
    clock = ClockColumn(verbose_name=_("Clock"))
    department = django_tables2.Column(verbose_name=_("Department"), orderable=False, attrs=NO_WRAP)
    assignee = django_tables2.Column(verbose_name=_("Assignee"), orderable=False, attrs=NO_WRAP)
    raised_at = DateTimeColumn(verbose_name=_("Raised at"), order_by=("raised_at", "id"))

    class Meta(Table.Meta):
        model = Alert
        fields = (
            "selected", "severity", "rule_title", "subject_label", "state", "clock", "department", "assignee", "raised_at",
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


class GroupTable(Table):
    """Index, group, how many alerts are unfinished, how many of them red, and the newest."""

    index = django_tables2.Column(verbose_name=_("Index"), attrs=NO_WRAP)
    parts = django_tables2.Column(verbose_name=_("What makes the index"), empty_values=(), orderable=False)
    record = django_tables2.Column(verbose_name=_("Group"), empty_values=(), orderable=False)
    worst = SeverityColumn(verbose_name=_("Gravest"), empty_values=(), orderable=False)
    unfinished = django_tables2.Column(verbose_name=_("Unfinished"), empty_values=(), orderable=False)
    red = django_tables2.Column(verbose_name=_("of them red"), empty_values=(), orderable=False)
    latest = DateTimeColumn(verbose_name=_("Newest alert"), empty_values=(), orderable=False)

    class Meta(Table.Meta):
        fields = ("index", "parts", "record", "worst", "unfinished", "red", "latest")

    def __init__(self, *args: Any, kind: GroupKind, user: Any, **kwargs: Any) -> None:
        self.kind, self.user = kind, user
        super().__init__(*args, **kwargs)

    def order_index(self, queryset: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        """Order by the index, then by the key of the record, so that pages never overlap."""
        sign = "-" if is_descending else ""
        return queryset.order_by(f"{sign}index", f"{sign}{self.kind.field}"), True

    @cached_property
    def details(self) -> GroupDetails:
        """What the rows show beside the index, asked for once: of the page, or of all rows of an export."""
        page = getattr(self, "page", None)
        rows = [row.record for row in page.object_list] if page else list(self.data)
        return GroupDetails.of(self.kind, self.user, [row[self.kind.field] for row in rows])

    def numbers(self, record: dict[str, Any]) -> Numbers:
        """The numbers of a row."""
        return self.details.numbers.get(record[self.kind.field], Numbers())

    def render_parts(self, record: dict[str, Any]) -> str:
        parts = [f"{rule} {points}" for rule, points in self.details.parts.get(record[self.kind.field], [])]
        return " + ".join(parts[:SHOWN_PARTS]) + (" + …" if len(parts) > SHOWN_PARTS else "")

    def value_parts(self, record: dict[str, Any]) -> str:
        return self.render_parts(record)

    def render_index(self, value: int, record: dict[str, Any]) -> str:
        target = reverse(self.kind.url_name, args=[record[self.kind.field]])
        return format_html(
            '<a class="wl-mark wl-mark-{}" href="{}#index">{}</a>',
            colour_of(value) or "blue",
            target,
            str(value),
        )

    def value_index(self, value: int) -> int:
        return value

    def render_record(self, record: dict[str, Any]) -> str:
        shown = self.details.records[record[self.kind.field]]
        target = reverse(self.kind.url_name, args=[shown.pk])
        below = (
            shown.project.name if self.kind.field == "lot" and shown.project.name not in shown.name else ""
        )
        return format_html(
            '<a href="{}">{}</a><div class="text-secondary small">{}</div>', target, shown.name, below
        )

    def value_record(self, record: dict[str, Any]) -> str:
        return str(self.details.records[record[self.kind.field]].name)

    def render_worst(self, record: dict[str, Any], column: Any) -> str:
        return column.render(_RANKED.get(self.numbers(record).worst or 4, ""))

    def value_worst(self, record: dict[str, Any]) -> str:
        return _RANKED.get(self.numbers(record).worst or 4, "")

    def render_unfinished(self, record: dict[str, Any]) -> int:
        return self.numbers(record).unfinished

    def render_red(self, record: dict[str, Any]) -> int:
        return self.numbers(record).red

    def render_latest(self, record: dict[str, Any], column: Any) -> str:
        latest = self.numbers(record).latest
        return column.render(latest) if latest else "—"

    def value_latest(self, record: dict[str, Any], column: Any) -> str:
        return self.render_latest(record, column)


class OrderTable(LongTable):
    """Number, alert, department, state, clock, day."""

    number = django_tables2.Column(
        verbose_name=_("Order number"), linkify=True, attrs=NO_WRAP, order_by=("pk",)
    )
    alert = django_tables2.Column(verbose_name=_("Alert"), orderable=False)
    department = django_tables2.Column(verbose_name=_("Department ordered"), orderable=False)
    state = django_tables2.Column(verbose_name=_("State"), orderable=False, attrs=NO_WRAP)
    clock = ClockColumn(verbose_name=_("Clock"))
    due_on = DateColumn(verbose_name=_("To be answered by"))
    issued_at = DateTimeColumn(verbose_name=_("Issued at"), order_by=("pk",))

    class Meta(Table.Meta):
        model = SupervisionOrder
        fields = ("number", "alert", "department", "state", "clock", "due_on", "issued_at")

    def render_alert(self, record: SupervisionOrder) -> str:
        return format_html('<span lang="zh-Hans">{} {}</span>', record.alert.rule_id, record.alert)


class ControlTable(LongTable):
    """Level, project, department, state, measures, since when."""

    level = django_tables2.Column(verbose_name=_("Level"), order_by=("level", "-placed_at"), attrs=NO_WRAP)
    project = django_tables2.Column(
        verbose_name=_("Project"), linkify=lambda record: record.get_absolute_url(), orderable=False
    )
    reason = django_tables2.Column(verbose_name=_("Why it is controlled"), orderable=False)
    department = django_tables2.Column(verbose_name=_("Department in charge"), orderable=False)
    state = django_tables2.Column(verbose_name=_("State"), orderable=False, attrs=NO_WRAP)
    measures = django_tables2.Column(
        verbose_name=_("Measures open / all"), empty_values=(), orderable=False, attrs=NO_WRAP
    )
    placed_at = DateColumn(verbose_name=_("Placed on the list"))
    released_at = DateColumn(verbose_name=_("Released"), orderable=False)

    class Meta(Table.Meta):
        model = ControlledProject
        fields = (
            "level", "project", "reason", "department", "state", "measures", "placed_at", "released_at",
        )  # fmt: skip

    def render_reason(self, value: str) -> str:
        return Truncator(value).chars(60)

    def value_reason(self, value: str) -> str:
        return value

    def render_measures(self, record: Any) -> str:
        return f"{record.measures_open} / {record.measures_total}"

    def value_measures(self, record: Any) -> str:
        return self.render_measures(record)
