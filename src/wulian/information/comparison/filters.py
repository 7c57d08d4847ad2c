"""Filters of the lists."""

from __future__ import annotations

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from wulian.analysis.similarity.findings import CHECKS
from wulian.core.ui.filters import FilterSet
from wulian.information.comparison.choices import Level, RunState
from wulian.information.comparison.models import Run, SimilarityFinding
from wulian.law.procedures import procedure


def _states() -> list[tuple[str, str]]:
    return [(code, state.title) for code, state in procedure("similarity").states.items()]


class FindingFilter(FilterSet):
    level = django_filters.ChoiceFilter(label=_("Level"), choices=Level.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=_states)
    check_code = django_filters.ChoiceFilter(
        label=_("Kind of check"), choices=[(code, f"{code} {check.title}") for code, check in CHECKS.items()]
    )
    explained = django_filters.TypedChoiceFilter(
        label=_("An exclusion applies"),
        choices=(("1", _("Yes")), ("0", _("No"))),
        coerce=lambda value: value == "1",
    )
    lot = django_filters.NumberFilter(field_name="lot_id", label=_("Lot"), widget=forms.HiddenInput)
    run = django_filters.NumberFilter(field_name="run_id", label=_("Comparison"), widget=forms.HiddenInput)

    class Meta:
        model = SimilarityFinding
        fields = ("level", "state", "check_code", "explained", "lot", "run")


class RunFilter(FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=RunState.choices)

    class Meta:
        model = Run
        fields = ("state",)
