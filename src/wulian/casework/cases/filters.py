"""Filters of the lists of leads and cases; each one is served by an index."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.choices import Source
from wulian.casework.cases.models import Case, Lead
from wulian.core.accounts.choices import DepartmentKind
from wulian.core.accounts.models import Department
from wulian.core.ui.filters import DateRangeWidget, FilterSet, holding
from wulian.law.procedures import procedure
from wulian.office.jurisdiction.selectors import REGION_NAMES, violation_choices

REGIONS = [(code, name) for code, name in REGION_NAMES.items() if code.startswith("4213")]


def _authorities(request: Any) -> QuerySet[Department]:
    return Department.objects.filter(kind=DepartmentKind.AUTHORITY, is_active=True)


class CaseworkFilter(FilterSet):
    """What leads and cases share; `words` are the columns that the search looks into."""

    words: tuple[str, ...] = ()

    q = django_filters.CharFilter(label=_("Search"), method="by_words")
    violation_code = django_filters.ChoiceFilter(label=_("Kind of violation"), choices=violation_choices)
    authority = django_filters.ModelChoiceFilter(label=_("Enforcement authority"), queryset=_authorities)
    region_code = django_filters.ChoiceFilter(label=_("Region"), choices=REGIONS)

    def by_words(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Any of the columns of `words` holds the text."""
        return rows.filter(reduce(or_, (holding(word, value) for word in self.words)))


class LeadFilter(CaseworkFilter):
    words = ("lead_no", "title")

    state = django_filters.ChoiceFilter(label=_("State"), choices=lambda: procedure("lead").choices())
    source = django_filters.ChoiceFilter(label=_("Source"), choices=Source.choices)
    received_at = django_filters.DateFromToRangeFilter(label=_("Received between"), widget=DateRangeWidget())

    class Meta:
        model = Lead
        fields: list[str] = []


class CaseFilter(CaseworkFilter):
    words = ("case_no", "cause", "party__name")

    state = django_filters.ChoiceFilter(label=_("State"), choices=lambda: procedure("penalty").choices())
    filed_on = django_filters.DateFromToRangeFilter(label=_("Filed"), widget=DateRangeWidget())

    class Meta:
        model = Case
        fields: list[str] = []
