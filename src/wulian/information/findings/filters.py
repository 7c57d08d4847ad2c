"""Filters of the lists."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.filters import FilterSet
from wulian.information.findings.choices import PaperKind, ScanState
from wulian.information.findings.models import Paper


class PaperFilter(FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind of paper"), choices=PaperKind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=ScanState.choices)

    class Meta:
        model = Paper
        fields = ("kind", "state")
