"""Tables of the lists."""

from __future__ import annotations

from typing import Any

import django_tables2
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.tables import DateTimeColumn, LongTable, Table
from wulian.information.comparison.models import Run, SimilarityFinding


class LevelColumn(django_tables2.Column):
    """The level as a badge with its word; an explained finding says so."""

    def render(self, record: Any) -> SafeString:
        return render_to_string("comparison/_level.html", {"finding": record})

    def value(self, record: Any) -> str:
        return str(record.get_level_display())


class FindingTable(LongTable):
    title = django_tables2.Column(
        verbose_name=_("What was found"),
        linkify=("comparison:finding", {"pk": django_tables2.A("pk")}),
        orderable=False,
    )
    level = LevelColumn(verbose_name=_("Level"))
    bidder_names = django_tables2.Column(verbose_name=_("Bidders"), orderable=False)
    value = django_tables2.Column(verbose_name=_("Facts"), orderable=False)
    check_code = django_tables2.Column(verbose_name=_("Kind of check"))
    state_title = django_tables2.Column(verbose_name=_("State"), order_by=("state",))
    lot = django_tables2.Column(verbose_name=_("Lot"), orderable=False)
    found_at = DateTimeColumn(verbose_name=_("Found at"))

    class Meta(Table.Meta):
        model = SimilarityFinding
        fields = ("title", "level", "bidder_names", "value", "check_code", "state_title", "lot", "found_at")


class RunTable(LongTable):
    lot = django_tables2.Column(
        verbose_name=_("Lot"), linkify=("comparison:run", {"pk": django_tables2.A("pk")}), orderable=False
    )
    state = django_tables2.Column(verbose_name=_("State"))
    bidder_count = django_tables2.Column(verbose_name=_("Number of bidders"), orderable=False)
    file_count = django_tables2.Column(verbose_name=_("Number of files"), orderable=False)
    finding_count = django_tables2.Column(verbose_name=_("Findings"), orderable=False)
    ordered_by = django_tables2.Column(verbose_name=_("Ordered by"), orderable=False)
    ordered_at = DateTimeColumn(verbose_name=_("Ordered at"))

    class Meta(Table.Meta):
        model = Run
        fields = ("lot", "state", "bidder_count", "file_count", "finding_count", "ordered_by", "ordered_at")
