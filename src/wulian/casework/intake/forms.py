"""Forms of the staff pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.checks import Check
from wulian.casework.intake.choices import GROUNDS, LinkKind, Topic, TransferKind
from wulian.casework.intake.models import Complaint, Matter, TipOff
from wulian.casework.intake.paragraphs import ParagraphArea
from wulian.casework.intake.selectors import project_by_code
from wulian.casework.intake.services.admission import Decision
from wulian.casework.intake.services.minimising import neutral_summary
from wulian.casework.intake.services.registering import Classification
from wulian.casework.intake.services.vault import LONGEST_HOURS
from wulian.core.accounts.choices import CITY_REGION, DepartmentKind
from wulian.core.accounts.models import Department
from wulian.core.config.errors import Refusal
from wulian.information.registry.choices import Sector
from wulian.information.registry.models import Party
from wulian.office.jurisdiction.selectors import REGION_NAMES, violation_choices

REGIONS = [(code, f"{name} {code}") for code, name in REGION_NAMES.items() if code.startswith("4213")]
EMPTY: list[tuple[str, Any]] = [("", "---------")]


class DayField(forms.DateField):
    """A day, by the date input of the browser."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(widget=widget, **kwargs)


def text_area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class RegisterForm(forms.Form):
    """How a clerk classifies a matter."""

    topic = forms.ChoiceField(label=_("What it concerns"), choices=Topic.choices)
    project_code = forms.CharField(
        label=_("Number of the project, tender or lot"),
        max_length=200,
        required=False,
        help_text=_("Links the dossier; empty when it is not on file."),
    )
    sector = forms.ChoiceField(label=_("Sector"), choices=[*EMPTY, *Sector.choices])
    region_code = forms.ChoiceField(label=_("Region"), choices=EMPTY + REGIONS)
    respondent_uscc = forms.CharField(
        label=_("Credit code of who is complained of"), max_length=18, required=False
    )
    accused_department = forms.ModelChoiceField(
        label=_("Department complained of"),
        queryset=Department.objects.exclude(kind=DepartmentKind.REGION).filter(is_active=True),
        required=False,
        help_text=_("Its officers will not see this matter anywhere."),
    )
    violation_code = forms.ChoiceField(label=_("Violation in the catalogue"), choices=EMPTY, required=False)
    other_received_on = DayField(
        label=_("Received by the other authority on"),
        required=False,
        help_text=_("Who received the same complaint first handles it."),
    )

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["violation_code"].choices = EMPTY + violation_choices()  # type: ignore[attr-defined]
        if not getattr(matter, "other_authority", ""):
            del self.fields["other_received_on"]
        project = matter.project
        for name, value in {
            "topic": matter.topic,
            "project_code": (project.project_code or project.source_key) if project else "",
            "sector": matter.sector,
            "region_code": matter.region_code[:6] if matter.region_code.startswith("4213") else CITY_REGION,
            "respondent_uscc": matter.respondent.uscc if matter.respondent else "",
            "accused_department": matter.accused_department_id,
        }.items():
            self.fields[name].initial = value
        self.matter = matter

    def clean_project_code(self) -> Any:
        code = self.cleaned_data["project_code"].strip()
        kept = self.matter.project
        if kept is not None and code in (kept.project_code, kept.source_key):
            return kept
        try:
            found = project_by_code(code)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message) from None
        if code and found is None:
            raise forms.ValidationError(_now("No dossier has this number."))
        return found[0] if found else None

    def clean_respondent_uscc(self) -> Party | None:
        code = self.cleaned_data["respondent_uscc"].strip().upper()
        if not code:
            return None
        party = Party.objects.current().filter(uscc=code).first()
        if party is None:
            raise forms.ValidationError(_now("No party on file has this credit code; leave it empty."))
        return party

    def values(self) -> dict[str, Classification]:
        """The values as the service takes them."""
        data = dict(self.cleaned_data)
        project, respondent = data.pop("project_code"), data.pop("respondent_uscc")
        return {"classification": Classification(project=project, respondent=respondent, **data)}


class DispatchForm(forms.Form):
    """Why it goes there, where that needs saying."""

    note = forms.CharField(label=_("Note"), widget=ParagraphArea("dispatch", 3), required=False)


class DispatchTipOffForm(DispatchForm):
    """What the lead will say; the letter stays with the tip-off."""

    summary = forms.CharField(
        label=_("Summary for the lead"),
        widget=text_area(4),
        help_text=_("Write it in your own words: the reporter's letter is never passed on."),
    )
    field_order = ("summary", "note")

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["summary"].initial = neutral_summary(matter)


class LinkForm(forms.Form):
    """Which matter it is the same as; `other` is one of those shown or a number."""

    other = forms.CharField(label=_("Number of the other matter"), max_length=40)
    kind = forms.ChoiceField(
        label=_("How they belong together"),
        choices=[choice for choice in LinkKind.choices if choice[0] != LinkKind.OPENED],
        widget=forms.RadioSelect,
        initial=LinkKind.REPEAT,
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_other(self) -> Matter:
        number = self.cleaned_data["other"].strip()
        for model in (Complaint, TipOff):
            # One that is kept from the user is not found, like one that does not exist.
            found = model.objects.without_conflict(self.user).filter(number=number).first()
            if found is not None:
                return found
        raise forms.ValidationError(_now("There is no matter of this number."))


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Note"), widget=text_area(3), required=False)


class SignForm(forms.Form):
    note = forms.CharField(label=_("Signing opinion"), widget=text_area(3))


class PointsForm(forms.Form):
    """A decision on each of the six points, beside what the machine saw."""

    def __init__(self, *args: Any, checks: list[Check], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checks = checks
        for check in checks:
            self.fields[f"point_{check.ground}"] = forms.ChoiceField(
                label=GROUNDS[check.ground].title,
                choices=[("fine", _("Does not stand against it")), ("against", _("Stands against it"))],
                widget=forms.RadioSelect,
                # What asks for a person's eye is left open, so that a person decides it.
                initial={True: "fine", False: "against", None: None}[check.is_fine],
            )
            words = forms.TextInput(attrs={"placeholder": _("Reason"), "aria-label": _("Reason")})
            self.fields[f"why_{check.ground}"] = forms.CharField(required=False, max_length=500, widget=words)

    def point_rows(self) -> list[tuple[Check, Any, Any]]:
        """Each point with its two fields."""
        return [(check, self[f"point_{check.ground}"], self[f"why_{check.ground}"]) for check in self.checks]

    def other_fields(self) -> list[Any]:
        """What is asked besides the points."""
        return [field for field in self if not field.name.startswith(("point_", "why_"))]

    def points(self) -> dict[str, Decision]:
        """The decisions by ground."""
        data = self.cleaned_data
        return {
            check.ground: Decision(data[f"point_{check.ground}"] == "fine", data[f"why_{check.ground}"])
            for check in self.checks
        }


class AcceptForm(PointsForm):
    """What the notice of acceptance needs and the record does not hold."""

    contact_person = forms.CharField(label=_("Contact person"), max_length=60)
    contact_phone = forms.CharField(label=_("Contact telephone"), max_length=40)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact_person"].initial = user.full_name
        self.fields["contact_phone"].initial = user.phone or (
            user.department.phone if user.department else ""
        )

    def values(self) -> dict[str, Any]:
        """The values as the service takes them."""
        data = self.cleaned_data
        return {**{name: data[name] for name in ("contact_person", "contact_phone")}, "points": self.points()}


class RefuseForm(forms.Form):
    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=[(ground.code, ground.title) for ground in GROUNDS.values()],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reasons"), widget=ParagraphArea("refuse"))


class CompletionForm(forms.Form):
    what = forms.CharField(
        label=_("What is missing"), widget=ParagraphArea("completion"), help_text=_("One a line.")
    )
    due_on = DayField(label=_("No later than"))

    def values(self) -> dict[str, Any]:
        """The values as the service takes them."""
        return {**self.cleaned_data, "what": self.cleaned_data["what"].splitlines()}


class DisputeForm(forms.Form):
    """Who should handle it instead."""

    departments = forms.ModelMultipleChoiceField(
        label=_("May be competent instead"),
        queryset=Department.objects.filter(kind=DepartmentKind.AUTHORITY, is_active=True),
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(label=_("Reason"), widget=ParagraphArea("dispute", 3))


class ReassignForm(forms.Form):
    authority = forms.ModelChoiceField(
        label=_("Competent authority"),
        queryset=Department.objects.filter(kind=DepartmentKind.AUTHORITY, is_active=True),
    )
    reason = forms.CharField(label=_("Reason"), widget=text_area(3))


class ReferForm(forms.Form):
    """What goes out is rewritten by the officer; the reporter's own text stays here."""

    summary = forms.CharField(
        label=_("Summary for the lead"),
        widget=text_area(6),
        help_text=_("Write it in your own words: the reporter's letter is never passed on."),
    )
    violation_code = forms.ChoiceField(label=_("Violation in the catalogue"), choices=EMPTY, required=False)
    reason = forms.CharField(label=_("Reason"), widget=text_area(3))

    def __init__(self, *args: Any, matter: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["violation_code"].choices = EMPTY + violation_choices()  # type: ignore[attr-defined]
        self.fields["violation_code"].initial = matter.violation_code
        self.fields["summary"].initial = neutral_summary(matter)


class TransferForm(forms.Form):
    """Where it goes, and all that the other body will read."""

    kind = forms.ChoiceField(label=_("Kind of body"), choices=TransferKind.choices)
    to = forms.CharField(label=_("Receiving body"), max_length=100)
    summary = forms.CharField(
        label=_("What the letter says"),
        widget=text_area(4),
        help_text=_("Write it in your own words: the reporter's letter is never passed on."),
    )
    reason = forms.CharField(label=_("Reason"), widget=ParagraphArea("transfer", 3))

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["summary"].initial = neutral_summary(matter)


class OpeningForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), widget=text_area(3), max_length=500)
    hours = forms.IntegerField(label=_("Hours open"), min_value=1, max_value=LONGEST_HOURS, initial=24)


class DecideOpeningForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("approve", _("Allow")), ("refuse", _("Do not allow"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note"), widget=text_area(3), max_length=500, required=False)
