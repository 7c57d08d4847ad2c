"""Filters of the audit pages; each condition is served by an index."""

import django_filters
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.filters import DateRangeWidget, FilterSet

from . import selectors, verbs
from .models import AuditEvent


class AuditEventFilter(FilterSet):
    """Who, what, which record, when."""

    verb = django_filters.ChoiceFilter(label=_("Action"), choices=verbs.choices)
    actor_name = django_filters.CharFilter(label=_("Actor (full name)"))
    subject_type = django_filters.ChoiceFilter(
        label=_("Kind of record"), choices=selectors.subject_type_choices
    )
    subject_id = django_filters.CharFilter(label=_("Number of the record"))
    occurred_at = django_filters.DateFromToRangeFilter(label=_("Time"), widget=DateRangeWidget)

    class Meta:
        model = AuditEvent
        fields = ["verb", "actor_name", "subject_type", "subject_id", "occurred_at"]
