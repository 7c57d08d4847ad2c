"""Tables of points and credit records."""

from __future__ import annotations

import django_tables2 as tables
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.casework.credit.models import OutboxRecord, PointEvent
from wulian.core.ui.tables import DateColumn, DateTimeColumn, LongTable, Table


class PointTable(LongTable):
    party = tables.Column(linkify=lambda record: reverse("credit:party", args=[record.party_id]))
    rule_code = tables.Column(linkify=True)
    points = tables.Column(attrs={"td": {"class": "text-end"}, "th": {"class": "text-end"}})
    decision_no = tables.Column()
    state = tables.Column()
    effective_on = DateColumn()
    expires_on = DateColumn()
    proposed_by = tables.Column()

    class Meta(Table.Meta):
        model = PointEvent
        fields = (
            "party", "rule_code", "points", "decision_no", "state", "effective_on", "expires_on", "proposed_by",
        )  # fmt: skip


class OutboxTable(LongTable):
    decision_no = tables.Column(linkify=True)
    party = tables.Column(accessor="case__party", verbose_name=_("Party"))
    authority = tables.Column(accessor="case__authority", verbose_name=_("Penalising authority"))
    state = tables.Column()
    version = tables.Column()
    prepared_at = DateTimeColumn()
    approved_by = tables.Column(default="—")

    class Meta(Table.Meta):
        model = OutboxRecord
        fields = ("decision_no", "party", "authority", "state", "version", "prepared_at", "approved_by")
