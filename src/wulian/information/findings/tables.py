"""Tables of the lists."""

from __future__ import annotations

import django_tables2
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.tables import DateTimeColumn, LongTable, Table
from wulian.information.findings.models import Paper


class PaperTable(LongTable):
    file_name = django_tables2.Column(
        verbose_name=_("File"), linkify=("findings:paper", {"pk": django_tables2.A("pk")}), orderable=False
    )
    lot = django_tables2.Column(verbose_name=_("Lot"), orderable=False)
    kind = django_tables2.Column(verbose_name=_("Kind of paper"))
    state = django_tables2.Column(verbose_name=_("State"))
    page_count = django_tables2.Column(verbose_name=_("Number of pages"), orderable=False)
    finding_count = django_tables2.Column(verbose_name=_("Candidate clauses"), orderable=False)
    open_count = django_tables2.Column(verbose_name=_("No verdict yet"), orderable=False)
    uploaded_by = django_tables2.Column(verbose_name=_("Uploaded by"), orderable=False)
    uploaded_at = DateTimeColumn(verbose_name=_("Uploaded at"))

    class Meta(Table.Meta):
        model = Paper
        fields = (
            "file_name", "lot", "kind", "state", "page_count", "finding_count", "open_count", "uploaded_by", "uploaded_at",
        )  # fmt: skip
