"""Filters of points and credit records."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from wulian.casework.credit.choices import OutboxState, PointState
from wulian.casework.credit.models import OutboxRecord, PointEvent
from wulian.core.ui.filters import DateRangeWidget, FilterSet
from wulian.office.jurisdiction.selectors import violation_choices


class PointFilter(FilterSet):
    q = django_filters.CharFilter(label=_("Search"), method="by_words")
    state = django_filters.ChoiceFilter(label=_("State"), choices=PointState.choices)
    violation_code = django_filters.ChoiceFilter(label=_("Kind of violation"), choices=violation_choices)
    effective_on = django_filters.DateFromToRangeFilter(label=_("Effective"), widget=DateRangeWidget())

    class Meta:
        model = PointEvent
        fields: list[str] = []

    def by_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(
            Q(party__name__icontains=value) | Q(party__uscc=value.upper()) | Q(decision_no__icontains=value)
        )


class OutboxFilter(FilterSet):
    q = django_filters.CharFilter(label=_("Search"), method="by_words")
    state = django_filters.ChoiceFilter(label=_("State"), choices=OutboxState.choices)
    prepared_at = django_filters.DateFromToRangeFilter(label=_("Prepared"), widget=DateRangeWidget())

    class Meta:
        model = OutboxRecord
        fields: list[str] = []

    def by_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(decision_no__icontains=value) | Q(case__party__name__icontains=value))
