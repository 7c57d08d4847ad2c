"""The columns of the jurisdiction list."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.tables import DateColumn, Table

from .models import JurisdictionRule
from .selectors import region_name


class RuleTable(Table):
    """One row an item."""

    item_no = tables.Column(
        linkify=True, verbose_name=_("Item number"), attrs={"td": {"class": "text-nowrap"}}
    )
    item_name = tables.Column(verbose_name=_("Item name"), orderable=False)
    type = tables.Column(verbose_name=_("Type"), orderable=False)
    sector = tables.Column(verbose_name=_("Sector"))
    region_code = tables.Column(verbose_name=_("Administrative region"))
    violation_code = tables.Column(verbose_name=_("Violation type"), empty_values=(None,))
    competent_authority = tables.Column(verbose_name=_("Authority in charge"), orderable=False)
    valid_from = DateColumn(verbose_name=_("Valid from"))
    valid_to = DateColumn(verbose_name=_("Valid to"), orderable=False, default="—")

    class Meta(Table.Meta):
        model = JurisdictionRule
        fields: tuple[str, ...] = ()
        sequence = (
            "item_no", "item_name", "type", "violation_code", "sector", "region_code", "competent_authority",
            "valid_from", "valid_to",
        )  # fmt: skip

    def render_item_name(self, value: str, record: JurisdictionRule) -> SafeString | str:
        if record.is_demonstration:
            return format_html('{} <span class="badge bg-yellow-lt">{}</span>', value, _("Demonstration"))
        return value

    def value_item_name(self, value: str) -> str:
        return value

    def render_region_code(self, value: str) -> str:
        return region_name(value)

    def render_violation_code(self, value: Any) -> Any:
        return value or _("Every violation")
