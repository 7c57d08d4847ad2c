"""Conditions of the lists of inspections."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.choices import DepartmentKind
from wulian.core.accounts.models import Department
from wulian.core.ui.filters import FilterSet

from .choices import How
from .models import AnnualPlan, InspectionTask


class PlanFilter(FilterSet):
    """Search and year."""

    q = django_filters.CharFilter(label=_("Search"), field_name="title", lookup_expr="icontains")
    year = django_filters.NumberFilter(label=_("Year"))

    class Meta:
        model = AnnualPlan
        fields: list[str] = []


class TaskFilter(FilterSet):
    """Search, year, authority, state, how drawn."""

    q = django_filters.CharFilter(label=_("Search"), field_name="party__name", lookup_expr="icontains")
    year = django_filters.NumberFilter(label=_("Year"))
    authority = django_filters.ModelChoiceFilter(
        label=_("Authority in charge"),
        queryset=lambda request: Department.objects.filter(kind=DepartmentKind.AUTHORITY),
        empty_label=_("Any"),
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=lambda: InspectionTask.get_procedure().choices(), empty_label=_("Any")
    )
    how = django_filters.ChoiceFilter(label=_("How drawn"), choices=How.choices, empty_label=_("Any"))

    class Meta:
        model = InspectionTask
        fields: list[str] = []
