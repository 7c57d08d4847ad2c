"""What people type in the live supervision."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.models import Department
from wulian.information.registry.choices import Sector
from wulian.information.registry.filters import REGIONS
from wulian.information.supervision.choices import RemarkKind
from wulian.information.supervision.models import TradingSystem


class RemarkForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=RemarkKind.choices)
    text = forms.CharField(
        label=_("Text of the remark"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class AnswerForm(forms.Form):
    answered_by = forms.CharField(
        label=_("Who answered"), max_length=100, help_text=_("Unit and person, as they gave it.")
    )
    answer = forms.CharField(label=_("Answer"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class SystemForm(forms.ModelForm):
    departments = forms.ModelMultipleChoiceField(
        label=_("Departments in charge"),
        queryset=Department.objects.filter(is_active=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Their liaisons handle refused events of this system; the dispatcher handles all."),
    )

    class Meta:
        model = TradingSystem
        fields = ("code", "name", "operator", "skew_limit", "is_active", "departments")


class TokenForm(forms.Form):
    label = forms.CharField(label=_("Use of the token"), max_length=100)
    days = forms.IntegerField(label=_("Valid for days"), initial=180, min_value=1, max_value=366)
    sector = forms.ChoiceField(
        label=_("Only this sector"), choices=[("", _("All sectors")), *Sector.choices], required=False
    )
    region_code = forms.ChoiceField(
        label=_("Only this area"), choices=[("", _("All areas")), *REGIONS], required=False
    )
