"""What people write about supervision orders and controlled projects."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.choices import DepartmentKind
from wulian.core.accounts.models import Department, User
from wulian.core.ui.inputs import DayInput
from wulian.information.alerts.choices import FINAL, ControlLevel
from wulian.information.alerts.forms import PapersForm, judging_departments, judging_people
from wulian.information.alerts.models import Alert, ControlledProject, Outcome
from wulian.information.registry.models import Project


def in_days(days: int) -> date:
    """Return the day `days` from today."""
    return timezone.localdate() + timedelta(days=days)


class OrderForm(forms.Form):
    """A supervision order: to whom, what, why, until when."""

    department = forms.ModelChoiceField(
        label=_("Department ordered"), queryset=Department.objects.none(), empty_label=None
    )
    person = forms.ModelChoiceField(
        label=_("Person ordered"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Anyone of the department"),
    )
    demand = forms.CharField(label=_("What is to be done"), widget=forms.Textarea(attrs={"rows": 4}))
    reason = forms.CharField(label=_("Why it is ordered"), widget=forms.Textarea(attrs={"rows": 3}))
    due_on = forms.DateField(label=_("To be answered by"), widget=DayInput, initial=lambda: in_days(5))

    def __init__(self, *args: Any, alert: Alert, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = judging_departments()  # type: ignore[attr-defined]
        self.fields["department"].initial = alert.department_id
        self.fields["person"].queryset = judging_people()  # type: ignore[attr-defined]


class AnswerForm(PapersForm):
    """The answer to an order."""

    text = forms.CharField(
        label=_("What was done and what came of it"), widget=forms.Textarea(attrs={"rows": 6})
    )


class ReturnForm(forms.Form):
    """Why something comes back, and until when."""

    reason = forms.CharField(label=_("What is missing"), widget=forms.Textarea(attrs={"rows": 4}))
    due_on = forms.DateField(label=_("To be done by"), widget=DayInput, initial=lambda: in_days(5))


class PlaceForm(forms.Form):
    """Why a project is put under control."""

    level = forms.TypedChoiceField(
        label=_("Level"), coerce=int, choices=ControlLevel.choices, initial=ControlLevel.GENERAL
    )
    department = forms.ModelChoiceField(
        label=_("Department in charge"), queryset=Department.objects.none(), empty_label=None
    )
    grounds = forms.MultipleChoiceField(
        label=_("Grounds"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Alerts of the project, and what alerts became."),
    )
    reason = forms.CharField(label=_("Why it is controlled"), widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, project: Project, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.alerts = {
            f"alert:{alert.pk}": alert
            for alert in Alert.objects.visible_to(user).filter(project=project).exclude(state__in=FINAL)[:100]
        }
        # What several alerts became together is one ground.
        outcomes = (
            Outcome.objects.filter(alert__project=project).exclude(object_id=None).select_related("alert")
        )
        self.outcomes = {f"record:{row.content_type_id}-{row.object_id}": row for row in outcomes}
        labels = [
            (key, f"{alert.get_severity_display()} {alert.rule_id} {alert}")
            for key, alert in self.alerts.items()
        ]
        labels += [
            (key, f"{row.get_destination_display()}：{row.label}") for key, row in self.outcomes.items()
        ]
        self.fields["grounds"].choices = labels  # type: ignore[attr-defined]
        places = Department.objects.filter(is_active=True).exclude(kind=DepartmentKind.OVERSIGHT)
        self.fields["department"].queryset = places  # type: ignore[attr-defined]
        first = next(iter(self.alerts.values()), None)
        self.fields["department"].initial = first.department_id if first else user.department_id

    def given(self) -> dict[str, Any]:
        """The arguments of `place_project`."""
        keys = self.cleaned_data["grounds"]
        return {
            "level": self.cleaned_data["level"],
            "department": self.cleaned_data["department"],
            "reason": self.cleaned_data["reason"],
            "alerts": [self.alerts[key] for key in keys if key in self.alerts],
            "outcomes": [self.outcomes[key] for key in keys if key in self.outcomes],
        }


class LevelForm(forms.Form):
    """Another level, and why."""

    level = forms.TypedChoiceField(label=_("Level"), coerce=int, choices=ControlLevel.choices)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}))


class MeasureForm(forms.Form):
    """What has to be done about a controlled project, by whom and until when."""

    demand = forms.CharField(label=_("Measure"), widget=forms.Textarea(attrs={"rows": 4}))
    department = forms.ModelChoiceField(
        label=_("Department in charge"), queryset=Department.objects.none(), empty_label=None
    )
    person = forms.ModelChoiceField(
        label=_("Person in charge"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Anyone of the department"),
    )
    due_on = forms.DateField(label=_("Due on"), widget=DayInput, initial=lambda: in_days(14))

    def __init__(self, *args: Any, control: ControlledProject, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = Department.objects.filter(is_active=True).exclude(kind=DepartmentKind.OVERSIGHT)
        self.fields["department"].queryset = places  # type: ignore[attr-defined]
        self.fields["department"].initial = control.department_id
        self.fields["person"].queryset = judging_people()  # type: ignore[attr-defined]


class ReportForm(PapersForm):
    """How a measure was carried out."""

    report = forms.CharField(label=_("How it was carried out"), widget=forms.Textarea(attrs={"rows": 5}))
