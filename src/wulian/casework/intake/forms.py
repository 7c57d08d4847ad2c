"""Forms of the staff pages."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.choices import (
    GROUNDS,
    MatterKind,
    ReceivedVia,
    Relation,
    ReporterKind,
    Topic,
)
from wulian.casework.intake.models import Complaint, Matter
from wulian.casework.intake.selectors import project_by_code
from wulian.casework.intake.services import MatterContent, ReporterDetails
from wulian.casework.intake.services.referring import summary_of
from wulian.casework.intake.services.registering import Classification
from wulian.casework.intake.services.vault import LONGEST_HOURS
from wulian.core.accounts.choices import CITY_REGION, DepartmentKind
from wulian.core.accounts.models import Department
from wulian.core.clocks.choices import NEEDS_DOCUMENT, SuspensionReason
from wulian.core.config.errors import Refusal
from wulian.force.officers.parties import PartyReference
from wulian.force.officers.selectors import assess_officers
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


class WindowForm(forms.Form):
    """One page for what comes in at the window, by letter, by telephone or from another body."""

    submission = forms.CharField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(
        label=_("Complaint or tip-off"), choices=MatterKind.choices, widget=forms.RadioSelect
    )
    received_via = forms.ChoiceField(
        label=_("Received via"),
        choices=[choice for choice in ReceivedVia.choices if choice[0] != ReceivedVia.ONLINE],
    )
    received_at = forms.DateTimeField(
        label=_("Received time"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=_(
            "When it reached the window; every period runs from this day, also when it is entered later."
        ),
    )
    topic = forms.ChoiceField(label=_("What it concerns"), choices=[*EMPTY, *Topic.choices])
    relation = forms.ChoiceField(
        label=_("Relation to the project"), choices=[*EMPTY, *Relation.choices], required=False
    )
    project_code = forms.CharField(
        label=_("Number of the project, tender or lot"), max_length=200, required=False
    )
    project_text = forms.CharField(
        label=_("Project as named by the reporter"), max_length=300, required=False
    )
    respondent_name = forms.CharField(label=_("Complained of"), max_length=300, required=False)
    happened_on = DayField(label=_("Date of the conduct"), required=False)
    facts = forms.CharField(
        label=_("Facts"),
        widget=text_area(8),
        help_text=_("In the reporter's own words. Leave names and telephone numbers of the reporter out."),
    )
    request = forms.CharField(label=_("Request"), widget=text_area(3), required=False)
    evidence = forms.CharField(label=_("Evidence"), widget=text_area(3), required=False)
    materials = forms.CharField(
        label=_("Materials handed in"),
        widget=text_area(3),
        required=False,
        help_text=_("One a line; the list is printed on the receipt."),
    )
    knew_on = DayField(label=_("Knew or should have known on"), required=False)
    objection_on = DayField(label=_("Objection raised on"), required=False)
    objection_replied_on = DayField(label=_("Objection answered on"), required=False)
    other_authority = forms.CharField(label=_("Also complained to"), max_length=300, required=False)
    anonymous = forms.BooleanField(label=_("The reporter stays anonymous (tip-offs only)"), required=False)
    reporter_kind = forms.ChoiceField(
        label=_("Reporter"), choices=ReporterKind.choices, initial=ReporterKind.PERSON, required=False
    )
    name = forms.CharField(label=_("Name of the reporter"), max_length=200, required=False)
    identifier = forms.CharField(
        label=_("Identity card number or credit code"), max_length=40, required=False
    )
    representative = forms.CharField(label=_("Legal representative"), max_length=100, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)

    IDENTITY = ("anonymous", "reporter_kind", "name", "identifier", "representative", "phone", "address")
    COMPLAINT_ONLY = ("knew_on", "objection_on", "objection_replied_on", "other_authority")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission"].initial = secrets.token_hex(32)
        self.fields["received_at"].initial = timezone.localtime
        for name in self.IDENTITY:
            # Who the reporter is must not stay in the browser of a shared desk.
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_project_code(self) -> Any:
        code = self.cleaned_data["project_code"]
        try:
            found = project_by_code(code)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message) from None
        if code.strip() and found is None:
            raise forms.ValidationError(
                _now("No dossier has this number; write the name of the project in the next field instead.")
            )
        return found

    def clean_submission(self) -> bytes:
        try:
            key = bytes.fromhex(self.cleaned_data["submission"])
        except ValueError:
            key = b""
        return key if len(key) == 32 else secrets.token_bytes(32)

    def content(self) -> MatterContent:
        """What is said to have happened."""
        data = dict(self.cleaned_data)
        project, lot = data["project_code"] or (None, None)
        own = ("kind", "received_via", "received_at", "submission", "project_code", *self.IDENTITY)
        values = {key: value for key, value in data.items() if key not in own}
        if data["kind"] == MatterKind.TIP_OFF:
            values = {key: value for key, value in values.items() if key not in self.COMPLAINT_ONLY}
        return MatterContent(project=project, lot=lot, **values)

    def reporter(self) -> ReporterDetails | None:
        """Who says so, or None for an anonymous tip-off."""
        data = self.cleaned_data
        if data["anonymous"] and data["kind"] == MatterKind.TIP_OFF:
            return None
        return ReporterDetails(
            kind=data["reporter_kind"],
            **{name: data[name] for name in ("name", "phone", "address", "identifier", "representative")},
        )


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

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["violation_code"].choices = EMPTY + violation_choices()  # type: ignore[attr-defined]
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

    def classification(self) -> Classification:
        """The values of the service."""
        data = self.cleaned_data
        return Classification(
            topic=data["topic"],
            sector=data["sector"],
            region_code=data["region_code"],
            project=data["project_code"],
            respondent=data["respondent_uscc"],
            accused_department=data["accused_department"],
            violation_code=data["violation_code"],
        )


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Note"), widget=text_area(3), required=False)


class SignForm(forms.Form):
    note = forms.CharField(label=_("Signing opinion"), widget=text_area(3))


class AcceptForm(forms.Form):
    """What the notice of acceptance needs and the record does not hold."""

    contact_person = forms.CharField(label=_("Contact person"), max_length=60)
    contact_phone = forms.CharField(label=_("Contact telephone"), max_length=40)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact_person"].initial = user.full_name
        self.fields["contact_phone"].initial = user.phone or (
            user.department.phone if user.department else ""
        )


class RefuseForm(forms.Form):
    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=[(ground.code, ground.title) for ground in GROUNDS.values()],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reasons"), widget=text_area(5))


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
        self.fields["summary"].initial = summary_of(matter)


class TransferForm(forms.Form):
    to = forms.CharField(label=_("Receiving body"), max_length=100)
    reason = forms.CharField(label=_("Reason"), widget=text_area(3))


class InvestigateForm(forms.Form):
    """Who investigates; those who may not are shown with the reason, and refused by the service as well."""

    officers = forms.MultipleChoiceField(
        label=_("Investigating officers"), choices=(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        respondent = complaint.respondent
        found = assess_officers(
            authority=complaint.authority,
            sector=complaint.sector,
            region_code=complaint.region_code,
            on=timezone.localdate(),
            against_parties=[
                PartyReference(complaint.respondent_name, respondent.uscc if respondent else "")
            ],
        )
        self.found = {str(officer.pk): officer for officer in found}
        self.fields["officers"].choices = [  # type: ignore[attr-defined]
            (key, officer.name if not officer.reasons else f"{officer.name}（{'；'.join(officer.reasons)}）")
            for key, officer in self.found.items()
        ]

    def clean_officers(self) -> list[Any]:
        return [self.found[key] for key in self.cleaned_data["officers"]]


class ExpertForm(forms.Form):
    from_day = DayField(label=_("Delivered to the institute on"))
    reason = forms.ChoiceField(
        label=_("What is commissioned"),
        choices=[choice for choice in SuspensionReason.choices if choice[0] in NEEDS_DOCUMENT],
    )
    institute = forms.CharField(label=_("Institute"), max_length=120)
    document_no = forms.CharField(label=_("Number of the commissioning letter"), max_length=80)
    note = forms.CharField(label=_("Question put to the experts"), widget=text_area(3), max_length=200)


class ExpertiseForm(forms.Form):
    to_day = DayField(label=_("Opinion received on"))
    note = forms.CharField(label=_("Note"), widget=text_area(3), required=False, max_length=200)


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
