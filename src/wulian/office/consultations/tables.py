"""The columns of the list of consultations."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.tables import DateTimeColumn, LongTable, Table

from .models import Consultation


class ConsultationTable(LongTable):
    """One row a consultation."""

    document_number = tables.Column(
        linkify=lambda record: record.get_absolute_url(),
        order_by=("year", "number"),
        verbose_name=_("Number"),
        attrs={"td": {"class": "text-nowrap"}},
    )
    title = tables.Column(verbose_name=_("Agenda"), orderable=False)
    type = tables.Column(verbose_name=_("Type"), orderable=False)
    state = tables.Column(verbose_name=_("State"))
    held_at = DateTimeColumn(verbose_name=_("Held at"), default="—")
    proposed_by = tables.Column(verbose_name=_("Proposed by"), orderable=False)

    class Meta(Table.Meta):
        model = Consultation
        fields: tuple[str, ...] = ()
        sequence = ("document_number", "title", "type", "state", "held_at", "proposed_by")

    def render_state(self, record: Consultation) -> str:
        return render_to_string(
            "procedures/_state.html",
            {"title": record.state_title, "final": record.is_finished, "code": record.state},
        )

    def value_state(self, record: Consultation) -> str:
        return record.state_title

    def render_proposed_by(self, record: Consultation) -> Any:
        return f"{record.proposed_by} · {record.proposed_by.department or ''}".strip(" ·")
