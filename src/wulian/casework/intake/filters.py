"""Conditions of the lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.choices import ReceivedVia, Topic
from wulian.casework.intake.codes import read_number
from wulian.casework.intake.models import Complaint, TipOff
from wulian.core.accounts.choices import DepartmentKind
from wulian.core.accounts.models import Department
from wulian.core.clocks.models import Clock
from wulian.core.ui.filters import DateRangeWidget, FilterSet, holding
from wulian.information.registry.choices import Sector
from wulian.law.procedures import procedure


def _states(code: str) -> list[tuple[str, str]]:
    return [(key, f"{key} {state.title}") for key, state in procedure(code).states.items()]


class MatterFilter(FilterSet):
    """Search by number, project and who is complained of; never by the reporter (REFERENCE D.9)."""

    q = django_filters.CharFilter(label=_("Search"), method="search")
    topic = django_filters.ChoiceFilter(
        label=_("What it concerns"), choices=Topic.choices, empty_label=_("Any")
    )
    sector = django_filters.ChoiceFilter(label=_("Sector"), choices=Sector.choices, empty_label=_("Any"))
    authority = django_filters.ModelChoiceFilter(
        label=_("Handling authority"),
        queryset=Department.objects.filter(kind=DepartmentKind.AUTHORITY),
        empty_label=_("Any"),
    )
    received_via = django_filters.ChoiceFilter(
        label=_("Received via"),
        field_name="receipt__received_via",
        choices=ReceivedVia.choices,
        empty_label=_("Any"),
    )
    received = django_filters.DateFromToRangeFilter(
        label=_("Received time"), field_name="received_at", widget=DateRangeWidget
    )
    overdue = django_filters.BooleanFilter(
        label=_("Overdue only"), method="only_overdue", widget=forms.CheckboxInput
    )

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        condition = (
            holding("number", value)
            | holding("project__name", value)
            | holding("project_text", value)
            | holding("respondent_name", value)
        )
        if (number := read_number(value)) is not None:
            condition |= Q(year=number[0], sequence=number[1])
        return rows.filter(condition)

    def only_overdue(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        if not value:
            return rows
        late = Clock.objects.running().filter(
            content_type=ContentType.objects.get_for_model(rows.model), due__lt=timezone.localdate()
        )
        # Asked once for all rows: a correlated question made SQLite read every late clock for every row.
        return rows.filter(pk__in=late.order_by().values("object_id"))


class ComplaintFilter(MatterFilter):
    state = django_filters.ChoiceFilter(label=_("State"), choices=_states("complaint"), empty_label=_("Any"))

    class Meta:
        model = Complaint
        fields: list[str] = []


class TipOffFilter(MatterFilter):
    state = django_filters.ChoiceFilter(label=_("State"), choices=_states("lead"), empty_label=_("Any"))

    class Meta:
        model = TipOff
        fields: list[str] = []
