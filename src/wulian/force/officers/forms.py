"""Forms of the officer library."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.choices import CITY_REGION, DepartmentKind
from wulian.core.accounts.models import Department, User
from wulian.core.ui.inputs import DayInput

from .choices import Relation, Sector

REGIONS = [
    ("421300", "随州市 421300"),
    ("421303", "曾都区 421303"),
    ("421321", "随县 421321"),
    ("421381", "广水市 421381"),
]


class DayField(forms.DateField):
    widget = DayInput


def authorities() -> Any:
    """Active competent authorities."""
    return Department.objects.filter(kind=DepartmentKind.AUTHORITY, is_active=True)


class RegisterForm(forms.Form):
    """A new person of the library."""

    user = forms.ModelChoiceField(
        label=_("User"), queryset=User.objects.filter(is_active=True, officer=None).order_by("full_name")
    )
    authority = forms.ModelChoiceField(
        label=_("Authority"),
        queryset=Department.objects.none(),
        help_text=_("The officer acts in the name of this authority only, also while seconded."),
    )
    rank = forms.CharField(label=_("Civil service rank"), max_length=60, required=False)
    is_auxiliary = forms.BooleanField(label=_("Auxiliary staff: may only assist"), required=False)
    is_hearing_host = forms.BooleanField(label=_("May host hearings"), required=False)
    legal_qualification_no = forms.CharField(
        label=_("Legal profession qualification number"), max_length=60, required=False
    )
    legal_qualification_date = DayField(label=_("Legal profession qualification date"), required=False)
    seconded_to = forms.ModelChoiceField(
        label=_("Seconded to"), queryset=Department.objects.filter(is_active=True), required=False
    )
    secondment_from = DayField(label=_("Secondment from"), required=False)
    secondment_to = DayField(label=_("Secondment to"), required=False)
    secondment_document = forms.CharField(label=_("Secondment document"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["authority"].queryset = authorities()  # type: ignore[attr-defined]


class CertificateForm(forms.Form):
    """An enforcement certificate."""

    number = forms.CharField(label=_("Certificate number"), max_length=60)
    issuer = forms.CharField(label=_("Issuer"), max_length=120)
    sectors = forms.MultipleChoiceField(
        label=_("Sectors"), choices=Sector.choices, widget=forms.CheckboxSelectMultiple
    )
    region_code = forms.ChoiceField(label=_("Administrative region"), choices=REGIONS)
    valid_from = DayField(label=_("Valid from"))
    valid_to = DayField(label=_("Valid to"))


class LeaveForm(forms.Form):
    """An absence."""

    starts_on = DayField(label=_("First day"), initial=timezone.localdate)
    ends_on = DayField(label=_("Last day"))
    reason = forms.CharField(label=_("Reason"), max_length=200)


class RecusalForm(forms.Form):
    """A relation to a party."""

    party_name = forms.CharField(label=_("Party"), max_length=300)
    party_uscc = forms.CharField(label=_("Unified social credit code"), max_length=18, required=False)
    relation = forms.ChoiceField(label=_("Relation"), choices=Relation.choices)
    explanation = forms.CharField(
        label=_("Explanation"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    valid_from = DayField(label=_("Valid from"), initial=timezone.localdate)


class TrainingForm(forms.Form):
    """Hours of training."""

    title = forms.CharField(label=_("Course"), max_length=200)
    organiser = forms.CharField(label=_("Organiser"), max_length=120, required=False)
    held_on = DayField(label=_("Date"), initial=timezone.localdate)
    hours = forms.DecimalField(label=_("Training hours"), max_digits=5, decimal_places=1)
    score = forms.DecimalField(label=_("Examination score"), max_digits=5, decimal_places=1, required=False)


class SuspendForm(forms.Form):
    """暂扣."""

    starts_on = DayField(label=_("First day"), initial=timezone.localdate)
    ends_on = DayField(label=_("Last day"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class LastDayForm(forms.Form):
    """The last day of something that runs."""

    last_day = DayField(label=_("Last day"), initial=timezone.localdate)


class RevokeForm(forms.Form):
    """吊销."""

    revoked_on = DayField(label=_("Revoked from"), initial=timezone.localdate)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class EligibleForm(forms.Form):
    """A question to the library."""

    authority = forms.ModelChoiceField(label=_("Authority"), queryset=Department.objects.none())
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices)
    region_code = forms.ChoiceField(label=_("Administrative region"), choices=REGIONS, initial=CITY_REGION)
    on = DayField(label=_("Date"), initial=timezone.localdate)
    parties = forms.CharField(
        label=_("Parties"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "One party a line: a name or a unified social credit code. Recusals are checked against them."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["authority"].queryset = authorities()  # type: ignore[attr-defined]
