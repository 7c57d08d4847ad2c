"""Conditions of the list of consultations."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.filters import DateRangeWidget, FilterSet

from .choices import ConsultationType
from .models import Consultation


class ConsultationFilter(FilterSet):
    """Search, type, state, time."""

    q = django_filters.CharFilter(label=_("Search"), field_name="title", lookup_expr="icontains")
    type = django_filters.ChoiceFilter(
        label=_("Type"), choices=ConsultationType.choices, empty_label=_("Any")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=lambda: Consultation.get_procedure().choices(), empty_label=_("Any")
    )
    held_at = django_filters.DateFromToRangeFilter(label=_("Held at"), widget=DateRangeWidget)

    class Meta:
        model = Consultation
        fields: list[str] = []
