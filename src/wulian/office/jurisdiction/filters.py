"""Conditions of the jurisdiction list."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.filters import FilterSet

from .choices import RuleType, Sector
from .forms import REGIONS, AuthorityField
from .models import JurisdictionRule
from .selectors import violation_choices


class RuleFilter(FilterSet):
    """Search, type, sector, region, violation, authority, in force today."""

    q = django_filters.CharFilter(label=_("Search"), method="search")
    type = django_filters.ChoiceFilter(label=_("Type"), choices=RuleType.choices, empty_label=_("Any"))
    sector = django_filters.ChoiceFilter(label=_("Sector"), choices=Sector.choices, empty_label=_("Any"))
    region_code = django_filters.ChoiceFilter(
        label=_("Administrative region"), choices=REGIONS, empty_label=_("Any")
    )
    violation_code = django_filters.ChoiceFilter(
        label=_("Violation type"), choices=violation_choices, empty_label=_("Any")
    )
    competent_authority = django_filters.ModelChoiceFilter(
        label=_("Authority in charge"),
        queryset=lambda request: AuthorityField().queryset,
        empty_label=_("Any"),
    )
    in_force = django_filters.BooleanFilter(
        label=_("In force today"), method="only_in_force", widget=forms.CheckboxInput
    )

    class Meta:
        model = JurisdictionRule
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Item number or item name."""
        return rows.filter(Q(item_no__icontains=value) | Q(item_name__icontains=value))

    def only_in_force(self, rows: Any, name: str, value: bool) -> QuerySet[Any]:
        return rows.in_force(timezone.localdate()) if value else rows
