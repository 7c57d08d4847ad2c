"""Filters of the lists of alerts, groups, orders and controls; each one is served by an index."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.analysis.flags.catalogue import all_hints
from wulian.core.accounts.models import Department
from wulian.core.ui.filters import DateRangeWidget, FilterSet, holding
from wulian.information.alerts.choices import (
    FINAL,
    HINTS,
    RANKS,
    AlertState,
    ControlLevel,
    ControlState,
    OrderState,
    Severity,
)
from wulian.information.alerts.groups import KINDS as GROUP_KINDS
from wulian.information.alerts.models import Alert, ControlledProject, SupervisionOrder
from wulian.information.alerts.models.alerts import projects_of
from wulian.information.alerts.parameters import ESCALATION_STEPS, INDEX_LEVELS
from wulian.information.alerts.selectors import RESULTS
from wulian.information.registry.choices import Sector
from wulian.information.registry.filters import REGIONS
from wulian.information.rulebook.selectors import local_rules
from wulian.law.rules import all_rules

SCOPES = [
    ("open", _("Unfinished")),
    ("mine", _("Given to me")),
    ("done", _("Finished")),
    ("gone", _("No longer holds")),
]


KINDS = [("rule", _("Rule of law")), ("hint", _("Red flag"))]
RESULT_WORDS = [
    ("open", _("Being judged")),
    ("confirmed", _("Confirmed: went on as lead, inspection or complaint")),
    ("excluded", _("Excluded")),
    ("cleared", _("Cleared by itself")),
]


def _rule_choices() -> list[tuple[str, str]]:
    return list(
        {
            rule.id: (rule.id, f"{rule.id} {rule.title}")
            for rule in (*all_rules(), *local_rules(), *all_hints())
        }.values()
    )


def _departments(request: Any) -> QuerySet[Department]:
    return Department.objects.filter(Exists(Alert.objects.filter(department=OuterRef("pk"))))


class AlertFilter(FilterSet):
    """Severity, state, rule, department, sector, region, date, and whose."""

    q = django_filters.CharFilter(label=_("Subject or project"), method="matching")
    scope = django_filters.ChoiceFilter(label=_("Which"), choices=SCOPES, method="scoped")
    result = django_filters.ChoiceFilter(
        label=_("What became of it"), choices=RESULT_WORDS, method="with_result"
    )
    kind = django_filters.ChoiceFilter(label=_("Rule or hint"), choices=KINDS, method="of_kind")
    severity = django_filters.MultipleChoiceFilter(
        label=_("Severity"), choices=Severity.choices, method="of_severity"
    )
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=AlertState.choices, distinct=False)
    rule = django_filters.ChoiceFilter(label=_("Rule"), field_name="rule_id", choices=_rule_choices)
    department = django_filters.ModelChoiceFilter(label=_("Department"), queryset=_departments)
    sector = django_filters.ChoiceFilter(label=_("Sector"), choices=Sector.choices, method="of_sector")
    region = django_filters.ChoiceFilter(label=_("Region"), choices=REGIONS, method="of_region")
    escalated = django_filters.ChoiceFilter(
        label=_("Escalated at percent"),
        field_name="escalation",
        lookup_expr="gte",
        choices=[(step, f"{step}%") for step in ESCALATION_STEPS],
    )
    raised = django_filters.DateFromToRangeFilter(
        label=_("Raised at"), field_name="raised_at", widget=DateRangeWidget
    )

    class Meta:
        model = Alert
        fields: list[str] = []

    def matching(self, queryset: QuerySet[Alert], name: str, value: str) -> QuerySet[Alert]:
        named = projects_of(holding("name", value))
        return queryset.filter(holding("subject_label", value) | Q(project__in=named))

    def of_severity(self, queryset: QuerySet[Alert], name: str, value: list[str]) -> QuerySet[Alert]:
        # By rank, which says the same: the list is in the order of ranks, so its pages need no sorting.
        return queryset.filter(rank__in=[RANKS[severity] for severity in value]) if value else queryset

    def of_sector(self, queryset: QuerySet[Alert], name: str, value: str) -> QuerySet[Alert]:
        return queryset.filter(project__in=projects_of(Q(sector=value)))

    def of_region(self, queryset: QuerySet[Alert], name: str, value: str) -> QuerySet[Alert]:
        return queryset.filter(project__in=projects_of(Q(region_code=value)))

    def of_kind(self, queryset: QuerySet[Alert], name: str, value: str) -> QuerySet[Alert]:
        return queryset.filter(HINTS) if value == "hint" else queryset.exclude(HINTS)

    def with_result(self, queryset: QuerySet[Alert], name: str, value: str) -> QuerySet[Alert]:
        return queryset.filter(RESULTS[value])

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


class GroupFilter(FilterSet):
    """Name, and how high the index is; a subclass for each kind of group."""

    kind = "project"

    q = django_filters.CharFilter(label=_("Name"), method="named")
    index = django_filters.ChoiceFilter(
        label=_("Index from"),
        field_name="index",
        lookup_expr="gte",
        choices=[(bound, str(bound)) for bound, _colour in INDEX_LEVELS],
    )

    class Meta:
        model = Alert
        fields: list[str] = []

    def named(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        found = GROUP_KINDS[self.kind].model._default_manager.filter(holding("name", value))
        return queryset.filter(**{f"{self.kind}__in": found.order_by().values("pk")})


class LotGroupFilter(GroupFilter):
    kind = "lot"


class PartyGroupFilter(GroupFilter):
    kind = "party"


class OrderFilter(FilterSet):
    """State, department, overdue."""

    q = django_filters.CharFilter(label=_("Order number or subject"), method="matching")
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=OrderState.choices, distinct=False)
    department = django_filters.ModelChoiceFilter(
        label=_("Department ordered"),
        queryset=lambda request: Department.objects.filter(
            Exists(SupervisionOrder.objects.filter(department=OuterRef("pk")))
        ),
    )
    overdue = django_filters.BooleanFilter(label=_("Overdue"), method="late", widget=forms.CheckboxInput)

    class Meta:
        model = SupervisionOrder
        fields: list[str] = []

    def matching(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queryset.filter(holding("number", value) | holding("alert__subject_label", value))

    def late(self, queryset: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        if not value:
            return queryset
        return queryset.filter(state=OrderState.ISSUED, due_on__lt=timezone.localdate())


class ControlFilter(FilterSet):
    """Level, state, department, sector, region."""

    q = django_filters.CharFilter(label=_("Project"), field_name="project__name", lookup_expr="icontains")
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=ControlState.choices, distinct=False
    )
    level = django_filters.MultipleChoiceFilter(
        label=_("Level"), choices=ControlLevel.choices, distinct=False
    )
    department = django_filters.ModelChoiceFilter(
        label=_("Department in charge"),
        queryset=lambda request: Department.objects.filter(
            Exists(ControlledProject.objects.filter(department=OuterRef("pk")))
        ),
    )
    sector = django_filters.ChoiceFilter(
        label=_("Sector"), field_name="project__sector", choices=Sector.choices
    )
    region = django_filters.ChoiceFilter(
        label=_("Region"), field_name="project__region_code", choices=REGIONS
    )

    class Meta:
        model = ControlledProject
        fields: list[str] = []
