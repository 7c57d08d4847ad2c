"""What people write when they judge an alert."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.core.accounts.models import Department, User
from wulian.information.alerts.choices import Destination
from wulian.information.alerts.models import Alert
from wulian.information.alerts.presentation import rule_of, violation_choices


class ExcludeForm(forms.Form):
    """Why there is nothing in it."""

    exclusion = forms.ChoiceField(label=_("Exclusion that applies"), required=False)
    basis = forms.CharField(
        label=_("Basis"),
        max_length=300,
        required=False,
        help_text=_("The fact you checked and the provision; left empty, the exclusion chosen above stands."),
    )
    opinion = forms.CharField(label=_("Opinion"), widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, alert: Alert, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule = rule_of(alert)
        exclusions = rule.exclusions if rule else []
        self.fields["exclusion"].choices = [("", _("None of them")), *((text, text) for text in exclusions)]  # type: ignore[attr-defined]

    def basis_text(self) -> str:
        """The basis written, or else the exclusion chosen."""
        return self.cleaned_data["basis"].strip() or self.cleaned_data["exclusion"]


class ReferForm(forms.Form):
    """Where it goes and why."""

    destination = forms.ChoiceField(label=_("Goes to"), choices=Destination.choices, initial=Destination.LEAD)
    violation_code = forms.ChoiceField(
        label=_("Suspected violation"), required=False, help_text=_("Needed when it becomes a lead.")
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, alert: Alert, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["violation_code"].choices = [("", _("None")), *violation_choices()]  # type: ignore[attr-defined]
        self.fields["violation_code"].initial = alert.violation_code


class ReasonForm(forms.Form):
    """A reason alone."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}))


class OutcomeForm(forms.Form):
    """What came of a referral."""

    outcome = forms.CharField(label=_("Outcome"), widget=forms.Textarea(attrs={"rows": 4}))


class ConfirmForm(forms.Form):
    """The word of the second person."""

    note = forms.CharField(label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


class DispatchForm(forms.Form):
    """To whom an alert is given."""

    department = forms.ModelChoiceField(
        label=_("Department"), queryset=Department.objects.none(), empty_label=None
    )
    assignee = forms.ModelChoiceField(
        label=_("Assignee"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Anyone of the department"),
    )
    note = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, alert: Alert, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        judging = Department.objects.filter(is_active=True).exclude(
            kind__in=(DepartmentKind.COORDINATING_OFFICE, DepartmentKind.OVERSIGHT)
        )
        self.fields["department"].queryset = judging  # type: ignore[attr-defined]
        self.fields["department"].initial = alert.department_id
        officers = User.objects.filter(
            is_active=True,
            role_grants__role__in=(Role.CASE_OFFICER, Role.SECTION_HEAD),
            department__in=judging,
        )
        self.fields["assignee"].queryset = officers.select_related("department").distinct()  # type: ignore[attr-defined]
