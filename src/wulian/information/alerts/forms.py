"""What people write when they judge alerts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.core.accounts.models import Department, User
from wulian.information.alerts import destinations
from wulian.information.alerts.choices import Destination
from wulian.information.alerts.models import Alert
from wulian.information.alerts.papers import papers_of
from wulian.information.alerts.presentation import rule_of, violation_choices
from wulian.information.registry.models import Project


class FilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, or none; what they are is checked by the service."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [super(FilesField, self).clean(item, initial) for item in data or []]


class PapersForm(forms.Form):
    """Files and papers of the dossier behind what is written."""

    files = FilesField(
        label=_("Files"),
        required=False,
        help_text=_("PDF, OFD, Word, Excel, pictures or plain text, at most 20 MB each."),
    )
    papers = forms.MultipleChoiceField(
        label=_("Papers of the dossier"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, project: Project | None, lot_id: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = papers_of(project, lot_id)
        self.fields["papers"].choices = [(paper.key, paper.title) for paper in found]  # type: ignore[attr-defined]
        if not found:
            del self.fields["papers"]
        self.order_fields([name for name in self.fields if name not in ("files", "papers")])

    def papers_given(self) -> dict[str, Any]:
        """Files and papers as the services take them."""
        return {"files": self.cleaned_data["files"], "papers": self.cleaned_data.get("papers", [])}


class ExcludeForm(forms.Form):
    """Why there is nothing in it; the exclusions offered are those all rules of the alerts share."""

    exclusion = forms.ChoiceField(label=_("Exclusion that applies"), required=False)
    basis = forms.CharField(
        label=_("Basis"),
        max_length=300,
        required=False,
        help_text=_("The fact you checked and the provision; left empty, the exclusion chosen above stands."),
    )
    opinion = forms.CharField(label=_("Opinion"), widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, alerts: Sequence[Alert], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shared = _shared_exclusions(alerts)
        self.fields["exclusion"].choices = [("", _("None of them")), *((text, text) for text in shared)]  # type: ignore[attr-defined]

    def basis_text(self) -> str:
        """The basis written, or else the exclusion chosen."""
        return self.cleaned_data["basis"].strip() or self.cleaned_data["exclusion"]


def _shared_exclusions(alerts: Sequence[Alert]) -> list[str]:
    rules = [rule_of(alert) for alert in {alert.rule_id: alert for alert in alerts}.values()]
    lists = [list(rule.exclusions) if rule else [] for rule in rules]
    return [text for text in lists[0] if all(text in other for other in lists)] if lists else []


class ExcludeOneForm(PapersForm, ExcludeForm):
    """The same for one alert, with papers."""


class ReferForm(forms.Form):
    """Where the alerts go and why."""

    destination = forms.ChoiceField(label=_("Goes to"), choices=Destination.choices, initial=Destination.LEAD)
    target = forms.ChoiceField(
        label=_("Joins"),
        required=False,
        help_text=_("An open lead, inspection or complaint of the same matter; empty for a new one."),
    )
    violation_code = forms.ChoiceField(
        label=_("Suspected violation"), required=False, help_text=_("Needed when it becomes a lead.")
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args: Any, alerts: Sequence[Alert], user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = {alert.violation_code for alert in alerts}
        self.fields["violation_code"].choices = [("", _("As each alert says")), *violation_choices()]  # type: ignore[attr-defined]
        self.fields["violation_code"].initial = codes.pop() if len(codes) == 1 else ""
        self.fields["target"].choices = [("", _("A new one")), *target_choices(alerts, user)]  # type: ignore[attr-defined]


def target_choices(
    alerts: Sequence[Alert], user: User, only: str = ""
) -> list[tuple[Any, list[tuple[str, str]]]]:
    """Return the records the alerts may join, grouped by destination, or those of one destination `only`."""
    wanted = [item for item in Destination if only in ("", item.value)]
    groups = [(item.label, destinations.choices(item.value, alerts, user)) for item in wanted]
    return [(label, rows) for label, rows in groups if rows]


class JoinForm(forms.Form):
    """Which record an alert joins that was referred already."""

    target = forms.ChoiceField(label=_("Joins"))

    def __init__(self, *args: Any, alert: Alert, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = target_choices([alert], user, only=alert.destination)  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """A reason alone."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}))


class FeedbackForm(PapersForm):
    """An answer with its papers."""

    text = forms.CharField(
        label=_("What was checked and what came of it"), widget=forms.Textarea(attrs={"rows": 6})
    )


class CloseForm(PapersForm):
    """Facts checked, law, what came of it, and a paper (REFERENCE O)."""

    facts_checked = forms.CharField(
        label=_("Facts checked"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    basis = forms.CharField(label=_("Law"), max_length=300, required=False)
    outcome = forms.CharField(label=_("Disposition"), widget=forms.Textarea(attrs={"rows": 4}))


class ConfirmForm(forms.Form):
    """The word of the second person."""

    note = forms.CharField(label=_("Remark"), required=False, widget=forms.Textarea(attrs={"rows": 3}))


def judging_departments() -> Any:
    """Departments that may judge alerts and answer orders."""
    return Department.objects.filter(is_active=True).exclude(
        kind__in=(DepartmentKind.COORDINATING_OFFICE, DepartmentKind.OVERSIGHT)
    )


def judging_people() -> Any:
    """People of these departments who may be given alerts."""
    return (
        User.objects.with_role(Role.CASE_OFFICER, Role.SECTION_HEAD)
        .filter(department__in=judging_departments())
        .select_related("department")
        .order_by("department", "pk")
    )


class DispatchForm(forms.Form):
    """To whom alerts are given."""

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

    def __init__(self, *args: Any, alerts: Sequence[Alert], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].queryset = judging_departments()  # type: ignore[attr-defined]
        self.fields["department"].initial = alerts[0].department_id if alerts else None
        self.fields["assignee"].queryset = judging_people()  # type: ignore[attr-defined]
