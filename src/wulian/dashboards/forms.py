"""Forms of the data-analysis meeting."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.choices import DepartmentKind
from wulian.core.accounts.models import Department
from wulian.core.ui.inputs import DayInput


def last_month() -> tuple[dt.date, dt.date]:
    """The first and the last day of the month before this one."""
    end = timezone.localdate().replace(day=1) - dt.timedelta(days=1)
    return end.replace(day=1), end


class ReportForm(forms.Form):
    start = forms.DateField(label=_("First day"), widget=DayInput())
    end = forms.DateField(label=_("Last day"), widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start"].initial, self.fields["end"].initial = last_month()


class MeetingForm(forms.Form):
    title = forms.CharField(label=_("Agenda"), max_length=200)
    departments = forms.ModelMultipleChoiceField(
        label=_("Departments to invite"),
        queryset=Department.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    disputes = forms.CharField(
        label=_("Questions to the meeting"), required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        invited = Department.objects.filter(is_active=True, parent__kind=DepartmentKind.COORDINATING_OFFICE)
        invited = invited.filter(kind__in=(DepartmentKind.AUTHORITY, DepartmentKind.SUPPORT))
        self.fields["departments"].queryset = invited
        self.fields["departments"].initial = invited
