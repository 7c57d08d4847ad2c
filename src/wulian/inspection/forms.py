"""Forms of inspections."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.choices import CITY_REGION, DepartmentKind
from wulian.core.accounts.models import Department
from wulian.information.registry.choices import Sector

from .choices import DrawState, ObjectKind, WithdrawalReason
from .draw import INSPECTORS_PER_OBJECT, MINIMUM_RANDOM_SHARE
from .models import AnnualPlan, Draw

REGIONS = [
    ("421300", "随州市 421300"),
    ("421303", "曾都区 421303"),
    ("421321", "随县 421321"),
    ("421381", "广水市 421381"),
]


class MomentInput(forms.DateTimeInput):
    """The date and time input of the browser, to the second."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M:%S", attrs={"step": "1"})


class PlanForm(forms.Form):
    """A plan of a year."""

    year = forms.IntegerField(label=_("Year"), initial=lambda: timezone.localdate().year)
    title = forms.CharField(label=_("Title"), max_length=200)
    ratio = forms.DecimalField(label=_("Ratio in per cent"), max_digits=5, decimal_places=2)
    frequency_cap = forms.IntegerField(label=_("Inspections of one object a year, at most"), initial=1)
    items = forms.CharField(
        label=_("Inspection items"), widget=forms.Textarea(attrs={"rows": 6}), help_text=_("One a line.")
    )
    basis = forms.CharField(
        label=_("Legal basis"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        initial="《优化营商环境条例》第五十四条",
    )
    departments = forms.ModelMultipleChoiceField(
        label=_("Departments"), queryset=Department.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Department.objects.filter(is_active=True).exclude(kind=DepartmentKind.REGION)
        self.fields["departments"].queryset = rows  # type: ignore[attr-defined]


class PublishForm(forms.Form):
    """Where the plan is published."""

    url = forms.URLField(label=_("Public address"), max_length=300, assume_scheme="https")


class FreezeForm(forms.Form):
    """The conditions of a draw."""

    title = forms.CharField(label=_("Title"), max_length=200)
    authority = forms.ModelChoiceField(label=_("Authority in charge"), queryset=Department.objects.none())
    object_kind = forms.ChoiceField(label=_("Inspected parties"), choices=ObjectKind.choices)
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices)
    region_code = forms.ChoiceField(label=_("Administrative region"), choices=REGIONS, initial=CITY_REGION)
    places = forms.IntegerField(
        label=_("Places to draw"),
        required=False,
        min_value=1,
        help_text=_("Empty: the ratio of the plan, rounded up."),
    )
    random_share = forms.IntegerField(
        label=_("Pure random share in per cent"), initial=MINIMUM_RANDOM_SHARE, help_text=_("At least 50.")
    )
    inspectors_per_object = forms.IntegerField(
        label=_("Inspectors for each object"), initial=INSPECTORS_PER_OBJECT, help_text=_("At least 2.")
    )
    replaces = forms.ModelChoiceField(
        label=_("Replaces the withdrawn draw"),
        queryset=Draw.objects.none(),
        required=False,
        empty_label=_("None"),
    )

    def __init__(self, *args: Any, plan: AnnualPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        authorities = plan.departments.filter(kind=DepartmentKind.AUTHORITY, is_active=True)
        withdrawn = plan.draws.filter(state=DrawState.WITHDRAWN, replaced_by=None)
        self.fields["authority"].queryset = authorities  # type: ignore[attr-defined]
        self.fields["replaces"].queryset = withdrawn  # type: ignore[attr-defined]
        if not withdrawn.exists():
            del self.fields["replaces"]


class SeedForm(forms.Form):
    """The public seed."""

    public_seed = forms.CharField(
        label=_("Public seed"),
        max_length=300,
        help_text=_("Copy the published numbers exactly, such as 3310.46 10123.87."),
    )
    seed_source = forms.CharField(
        label=_("Source of the public seed"),
        max_length=300,
        help_text=_("For example: closing values of two stock indices on that day, with the address."),
    )
    seed_published_at = forms.DateTimeField(label=_("Public since"), widget=MomentInput)
    witnesses = forms.CharField(
        label=_("Witnesses"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One name a line, with the unit."),
    )


class WithdrawForm(forms.Form):
    """Why a draw is withdrawn."""

    reason = forms.ChoiceField(label=_("Reason"), choices=WithdrawalReason.choices)
    note = forms.CharField(label=_("Note"), max_length=300)


class StepForm(forms.Form):
    """A step of an inspection."""

    note = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=2000
    )
