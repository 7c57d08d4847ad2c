"""Tables of leads and cases."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.models import Case, Lead
from wulian.casework.cases.selectors import assigned_names
from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.selectors import clock_status, first_clocks
from wulian.core.ui.tables import DateColumn, DateTimeColumn, LongTable, MoneyColumn, SeverityColumn, Table


class PageTable(LongTable):
    """Asks once for what the rows of the page on show need beside their own columns."""

    def _page_ids(self, name: str) -> list[int]:
        page = getattr(self, "page", None)
        rows = [row.record for row in page.object_list] if page else list(self.data)
        return [getattr(row, name) for row in rows]

    def _cached(self, name: str, build: Any) -> Any:
        if not hasattr(self, name):
            setattr(self, name, build())
        return getattr(self, name)


class StateColumn(tables.Column):
    """The Chinese title of the state."""

    def render(self, record: Any) -> str:
        return render_to_string(
            "procedures/_state.html",
            {"title": record.state_title, "final": record.is_finished, "code": record.state},
        )

    def value(self, record: Any) -> str:
        return record.state_title


class ClockColumn(tables.Column):
    """The clock that falls due first."""

    def __init__(self, model: Any, **kwargs: Any) -> None:
        self.model = model
        super().__init__(empty_values=(), orderable=False, **kwargs)

    def render(self, record: Any, table: PageTable) -> str:
        clock = self._clock(record, table)
        if clock is None:
            return "—"
        status = clock_status(clock, in_force=table._cached("_calendar", calendar))
        return render_to_string("clocks/_clock.html", {"clock": clock, "status": status})

    def value(self, record: Any, table: PageTable) -> str:
        clock = self._clock(record, table)
        return clock.due.isoformat() if clock and clock.due else ""

    def _clock(self, record: Any, table: PageTable) -> Any:
        clocks = table._cached("_clocks", lambda: first_clocks(self.model, table._page_ids("pk")))
        return clocks.get(record.pk)


class OfficersColumn(tables.Column):
    """The names of the officers; `lead` is the attribute that holds the lead's key."""

    def __init__(self, lead: str, **kwargs: Any) -> None:
        self.lead = lead
        super().__init__(empty_values=(), orderable=False, **kwargs)

    def render(self, record: Any, table: PageTable) -> str:
        names = table._cached("_names", lambda: assigned_names(table._page_ids(self.lead)))
        return names.get(getattr(record, self.lead), "—")

    def value(self, record: Any, table: PageTable) -> str:
        return self.render(record, table)


class LeadTable(PageTable):
    lead_no = tables.Column(linkify=True, attrs={"td": {"class": "text-nowrap"}})
    severity = SeverityColumn(default="—")
    title = tables.Column(linkify=True)
    source = tables.Column()
    state = StateColumn(verbose_name=_("State"))
    clock = ClockColumn(Lead, accessor="pk", verbose_name=_("Falls due"))
    authority = tables.Column(default="—")
    officers = OfficersColumn("pk", accessor="pk", verbose_name=_("Officers"))
    received_at = DateTimeColumn()

    class Meta(Table.Meta):
        model = Lead
        fields = (
            "lead_no",
            "severity",
            "title",
            "source",
            "state",
            "clock",
            "authority",
            "officers",
            "received_at",
        )
        order_by = ("-received_at",)


class CaseTable(PageTable):
    case_no = tables.Column(linkify=True, empty_values=(), attrs={"td": {"class": "text-nowrap"}})
    cause = tables.Column(linkify=True)
    party = tables.Column()
    state = StateColumn(verbose_name=_("State"))
    clock = ClockColumn(Case, accessor="pk", verbose_name=_("Falls due"))
    authority = tables.Column()
    officers = OfficersColumn("lead_id", accessor="pk", verbose_name=_("Officers"))
    filed_on = DateColumn()
    fine = MoneyColumn(accessor="decision__fine", verbose_name=_("Fine"), default="—")

    class Meta(Table.Meta):
        model = Case
        fields = ("case_no", "cause", "party", "state", "clock", "authority", "officers", "filed_on", "fine")

    def render_case_no(self, record: Case) -> str:
        return record.case_no or str(_("Not filed yet"))
