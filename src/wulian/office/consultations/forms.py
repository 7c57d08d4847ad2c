"""Forms of consultations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.choices import DepartmentKind
from wulian.core.accounts.models import Department, User
from wulian.core.ui.inputs import DayInput

from .choices import Conclusion, ConsultationType, Outcome, Position
from .models import Consultation
from .selectors import coordinating_office, members_without_opinion


class MomentInput(forms.DateTimeInput):
    """The date and time input of the browser."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class TextField(forms.CharField):
    """A few lines."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), max_length=8000, **kwargs)


def _departments() -> Any:
    return Department.objects.filter(is_active=True).exclude(kind=DepartmentKind.REGION)


class ProposeForm(forms.Form):
    """What is to be discussed, and with whom."""

    type = forms.ChoiceField(label=_("Type"), choices=ConsultationType.choices, initial="case")
    title = forms.CharField(label=_("Agenda"), max_length=200)
    facts = TextField(
        label=_("Basic facts"),
        rows=5,
        help_text=_("One point a line. Never write who reported the matter (WP-1)."),
    )
    disputes = TextField(label=_("Points in dispute"), required=False)
    law = TextField(label=_("Legal basis"), required=False)
    materials = TextField(label=_("Materials"), required=False, help_text=_("One a line."))
    parties = TextField(
        label=_("Parties concerned"),
        required=False,
        rows=2,
        help_text=_("One a line, so that members can see whether they must recuse."),
    )
    departments = forms.ModelMultipleChoiceField(
        label=_("Departments to invite"),
        queryset=Department.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    observers = forms.ModelMultipleChoiceField(
        label=_("Observers"),
        queryset=Department.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("departments", "observers"):
            self.fields[name].queryset = _departments()  # type: ignore[attr-defined]


class ApproveForm(forms.Form):
    """When, where, and who leads and records."""

    host = forms.ModelChoiceField(label=_("Host"), queryset=User.objects.none())
    recorder = forms.ModelChoiceField(label=_("Recorder"), queryset=User.objects.none())
    place = forms.CharField(label=_("Place"), max_length=200)
    held_at = forms.DateTimeField(label=_("Held at"), widget=MomentInput)
    note = TextField(label=_("Note"), required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(department=coordinating_office(), is_active=True).order_by("full_name")
        self.fields["host"].queryset = people  # type: ignore[attr-defined]
        self.fields["recorder"].queryset = people  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """A reason."""

    note = TextField(label=_("Reason"))


class RecuseForm(forms.Form):
    """Why a department must recuse."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class OpinionForm(forms.Form):
    """The opinion of the own department."""

    position = forms.ChoiceField(label=_("Stance"), choices=Position.choices, widget=forms.RadioSelect)
    opinion = TextField(label=_("Opinion given"), rows=4)


class ConcludeForm(forms.Form):
    """The conclusion."""

    kind = forms.ChoiceField(label=_("Form of the conclusion"), choices=Conclusion.choices)
    conclusion = TextField(label=_("Conclusion"), rows=4, help_text=_("One point a line."))
    dissent = TextField(label=_("Dissent"), required=False)
    competent = forms.ModelChoiceField(
        label=_("Authority that is to handle it"),
        queryset=Department.objects.none(),
        required=False,
        help_text=_(
            "Only where it was in dispute who is competent: once the minutes are signed the record goes to it."
        ),
    )
    absent = forms.ModelMultipleChoiceField(
        label=_("Absent departments"),
        queryset=Department.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if consultation.content_type_id is None:
            del self.fields["competent"]
        else:
            authorities = _departments().filter(kind=DepartmentKind.AUTHORITY)
            self.fields["competent"].queryset = authorities  # type: ignore[attr-defined]
        silent = [member.department_id for member in members_without_opinion(consultation)]
        self.fields["absent"].queryset = Department.objects.filter(pk__in=silent)  # type: ignore[attr-defined]
        if not silent:
            del self.fields["absent"]


class TaskForm(forms.Form):
    """Who does what until when."""

    department = forms.ModelChoiceField(label=_("Responsible department"), queryset=Department.objects.none())
    content = forms.CharField(label=_("Task"), max_length=300)
    due = forms.DateField(label=_("Task due"), widget=DayInput, initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = _departments()  # type: ignore[attr-defined]


class ReceiptForm(forms.Form):
    """What came of a task."""

    outcome = forms.ChoiceField(label=_("Adoption"), choices=Outcome.choices)
    receipt = TextField(label=_("Feedback"), help_text=_("What was done, or why the advice was not adopted."))
