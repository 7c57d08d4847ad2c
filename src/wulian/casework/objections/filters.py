"""Conditions of the list."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.objections.choices import Missed
from wulian.casework.objections.models import WatchedObjection
from wulian.core.clocks.models import Clock
from wulian.core.ui.filters import DateRangeWidget, FilterSet, holding
from wulian.information.registry.choices import ObjectionTarget, Sector
from wulian.law.procedures import procedure


class ObjectionFilter(FilterSet):
    """By project, subject, state, what was missed, and whether the answer is overdue."""

    q = django_filters.CharFilter(label=_("Search"), method="search")
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=procedure("objection").choices(), empty_label=_("Any")
    )
    target = django_filters.ChoiceFilter(
        label=_("Objected to"), choices=ObjectionTarget.choices, empty_label=_("Any")
    )
    missed = django_filters.ChoiceFilter(label=_("Failed to"), choices=Missed.choices, empty_label=_("Any"))
    sector = django_filters.ChoiceFilter(
        label=_("Sector"), field_name="project__sector", choices=Sector.choices, empty_label=_("Any")
    )
    received = django_filters.DateFromToRangeFilter(
        label=_("Received time"), field_name="received_at", widget=DateRangeWidget
    )
    overdue = django_filters.BooleanFilter(
        label=_("Overdue only"), method="only_overdue", widget=forms.CheckboxInput
    )

    class Meta:
        model = WatchedObjection
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(holding("project__name", value) | holding("lot__name", value))

    def only_overdue(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        if not value:
            return rows
        kind = ContentType.objects.get_for_model(WatchedObjection)
        late = Clock.objects.running().filter(content_type=kind, due__lt=timezone.localdate())
        return rows.filter(pk__in=late.order_by().values("object_id"))
