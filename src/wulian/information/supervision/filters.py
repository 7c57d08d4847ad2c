"""Filters of the lists."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.filters import FilterSet
from wulian.information.supervision.choices import QuarantineState, RefusalCode
from wulian.information.supervision.models import QuarantinedEvent


class QuarantineFilter(FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=QuarantineState.choices)
    code = django_filters.ChoiceFilter(label=_("Reason"), choices=RefusalCode.choices)
    lot_code = django_filters.CharFilter(label=_("Lot code"))

    class Meta:
        model = QuarantinedEvent
        fields = ("state", "code", "lot_code")
