"""The columns of the lists of inspections."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.tables import DateColumn, LongTable, Table

from .models import AnnualPlan, InspectionTask


class StateColumn(tables.Column):
    """The state of a procedure as a badge."""

    def render(self, record: Any) -> str:
        return render_to_string(
            "procedures/_state.html",
            {"title": record.state_title, "final": record.is_finished, "code": record.state},
        )

    def value(self, record: Any) -> str:
        return str(record.state_title)


class PlanTable(Table):
    """One row a plan."""

    title = tables.Column(linkify=True, verbose_name=_("Title"), orderable=False)
    year = tables.Column(verbose_name=_("Year"), localize=False)
    ratio = tables.Column(verbose_name=_("Ratio in per cent"), orderable=False)
    frequency_cap = tables.Column(verbose_name=_("Inspections a year, at most"), orderable=False)
    published_at = DateColumn(verbose_name=_("Published"), default="—", orderable=False)
    draw_count = tables.Column(verbose_name=_("Draws"), orderable=False)

    class Meta(Table.Meta):
        model = AnnualPlan
        fields: tuple[str, ...] = ()
        sequence = ("title", "year", "ratio", "frequency_cap", "published_at", "draw_count")


class TaskTable(LongTable):
    """One row an inspection."""

    number = tables.Column(
        accessor="pk", linkify=True, verbose_name=_("Number"), order_by=("year", "draw_id", "position")
    )
    party = tables.Column(verbose_name=_("Inspected party"), orderable=False)
    authority = tables.Column(verbose_name=_("Authority in charge"), orderable=False)
    inspectors = tables.Column(verbose_name=_("Inspectors"), orderable=False)
    how = tables.Column(verbose_name=_("How drawn"), orderable=False)
    state = StateColumn(verbose_name=_("State"))

    class Meta(Table.Meta):
        model = InspectionTask
        fields: tuple[str, ...] = ()
        sequence = ("number", "party", "authority", "inspectors", "how", "state")

    def render_number(self, record: InspectionTask) -> str:
        return f"{record.year}-{record.draw.number}-{record.position}"

    def render_inspectors(self, record: InspectionTask) -> str:
        return "、".join(item.officer.name for item in record.inspectors.all())

    def value_inspectors(self, record: InspectionTask) -> str:
        return self.render_inspectors(record)
