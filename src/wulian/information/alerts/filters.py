"""Filters of the list of alerts; each one is served by an index."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.models import Department
from wulian.core.ui.filters import DateRangeWidget, FilterSet
from wulian.information.alerts.choices import FINAL, AlertState, Severity
from wulian.information.alerts.models import Alert
from wulian.information.registry.choices import Sector
from wulian.information.registry.filters import REGIONS
from wulian.law.rules import all_rules

SCOPES = [
    ("open", _("Unfinished")),
    ("mine", _("Given to me")),
    ("done", _("Finished")),
    ("gone", _("No longer holds")),
]


def _rule_choices() -> list[tuple[str, str]]:
    return list({rule.id: (rule.id, f"{rule.id} {rule.title}") for rule in all_rules()}.values())


def _departments(request: Any) -> QuerySet[Department]:
    return Department.objects.filter(alerts__isnull=False).distinct()


class AlertFilter(FilterSet):
    """Severity, state, rule, department, sector, region, date, and whose."""

    q = django_filters.CharFilter(label=_("Subject or project"), method="matching")
    scope = django_filters.ChoiceFilter(label=_("Which"), choices=SCOPES, method="scoped")
    severity = django_filters.MultipleChoiceFilter(label=_("Severity"), choices=Severity.choices)
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=AlertState.choices)
    rule = django_filters.ChoiceFilter(label=_("Rule"), field_name="rule_id", choices=_rule_choices)
    department = django_filters.ModelChoiceFilter(label=_("Department"), queryset=_departments)
    sector = django_filters.ChoiceFilter(
        label=_("Sector"), field_name="project__sector", choices=Sector.choices
    )
    region = django_filters.ChoiceFilter(
        label=_("Region"), field_name="project__region_code", choices=REGIONS
    )
    raised = django_filters.DateFromToRangeFilter(
        label=_("Raised at"), field_name="raised_at", widget=DateRangeWidget
    )

    class Meta:
        model = Alert
        fields: list[str] = []

    def matching(self, queryset: QuerySet[Alert], name: str, value: str) -> QuerySet[Alert]:
        return queryset.filter(Q(subject_label__icontains=value) | Q(project__name__icontains=value))

    def scoped(self, queryset: QuerySet[Alert], name: str, value: str) -> QuerySet[Alert]:
        match value:
            case "open":
                return queryset.exclude(state__in=FINAL)
            case "mine":
                return queryset.filter(assignee=self.request.user).exclude(state__in=FINAL)
            case "done":
                return queryset.filter(state__in=FINAL)
            case "gone":
                return queryset.filter(cleared_at__isnull=False)
        return queryset
