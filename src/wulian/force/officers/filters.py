"""Conditions of the officer library."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.filters import FilterSet

from .forms import authorities
from .models import Certificate, Officer
from .selectors import EXPIRY_NOTICE_DAYS

CERTIFICATES = [
    ("valid", _("Valid today")),
    ("expiring", _("Expires within 60 days")),
    ("none", _("No valid certificate")),
]


class OfficerFilter(FilterSet):
    """Search, authority, certificate, auxiliary."""

    q = django_filters.CharFilter(label=_("Search"), method="search")
    authority = django_filters.ModelChoiceFilter(
        label=_("Authority"), queryset=lambda request: authorities(), empty_label=_("Any")
    )
    certificate = django_filters.ChoiceFilter(
        label=_("Certificate"), choices=CERTIFICATES, method="by_certificate", empty_label=_("Any")
    )
    is_hearing_host = django_filters.BooleanFilter(
        label=_("Hearing hosts only"), method="only_true", widget=forms.CheckboxInput
    )
    is_auxiliary = django_filters.BooleanFilter(
        label=_("Auxiliary staff only"), method="only_true", widget=forms.CheckboxInput
    )

    class Meta:
        model = Officer
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Name or certificate number."""
        numbers = Certificate.objects.filter(officer=OuterRef("pk"), number__icontains=value)
        return rows.filter(Q(user__full_name__icontains=value) | Exists(numbers))

    def only_true(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        return rows.filter(**{name: True}) if value else rows

    def by_certificate(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        today = timezone.localdate()
        soon = today + dt.timedelta(days=EXPIRY_NOTICE_DAYS)
        own = Certificate.objects.filter(officer=OuterRef("pk"))
        valid = Exists(own.valid_on(today))
        if value == "valid":
            return rows.filter(valid)
        if value == "none":
            return rows.exclude(valid)
        return rows.filter(valid).exclude(Exists(own.valid_on(today).filter(valid_to__gt=soon)))
