"""The one page of the window: what came in, its matters, who says so."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime
from typing import Any, Final

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.choices import MatterKind, ReceivedVia, Relation, ReporterKind, Topic
from wulian.casework.intake.selectors import project_by_code
from wulian.casework.intake.services import MatterContent, ReporterDetails
from wulian.casework.window.services import Delay, TransferDetails
from wulian.core.config.errors import Refusal
from wulian.core.ui.filters import decorate

MATTERS_AT_MOST: Final = 10
DAY_FORMATS: Final = ["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]
MOMENT_FORMATS: Final = ["%Y-%m-%d %H:%M", "%Y%m%d %H%M", "%Y%m%d%H%M", *DAY_FORMATS]
EMPTY: Final[list[tuple[str, Any]]] = [("", "---------")]
LATER: Final = re.compile(r"([0-9A-Z-]{8,32}) (\d{13}) (\d{13})")


class TypedDayField(forms.DateField):
    """A day typed as digits; the script of the page completes `0924` to the last such day."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"inputmode": "numeric", "data-day": "", "autocomplete": "off"})  # fmt: skip
        super().__init__(widget=widget, input_formats=DAY_FORMATS, **kwargs)


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        clean = super().clean
        return [clean(item, initial) for item in data or []]


def mark_needed(form: forms.Form, fields: dict[str, str]) -> None:
    """Tell the script which open fields must not stay empty, always or only for a complaint or a letter.

    The services decide; but while the line is down nobody would hear of it before the person has left.
    """
    for name, when in fields.items():
        form.fields[name].widget.attrs["data-needed"] = when


class WindowForm(forms.Form):
    """What concerns the whole submission: how and when it came, what was handed in, who says so."""

    submission = forms.CharField(widget=forms.HiddenInput, required=False)
    received_via = forms.ChoiceField(
        label=_("Received via"),
        choices=[choice for choice in ReceivedVia.choices if choice[0] != ReceivedVia.ONLINE],
        widget=forms.RadioSelect,
        initial=ReceivedVia.WINDOW,
    )
    received_at = forms.DateTimeField(
        label=_("Received time"),
        required=False,
        input_formats=MOMENT_FORMATS,
        widget=forms.DateTimeInput(
            format="%Y-%m-%d %H:%M", attrs={"inputmode": "numeric", "data-moment": "", "autocomplete": "off"}
        ),
        help_text=_(
            "Empty: the moment of saving. Every period runs from here; for a letter, the day it came."
        ),
    )
    transferred_by = forms.CharField(label=_("Transferred by"), max_length=200, required=False)
    document_number = forms.CharField(
        label=_("Number of the letter of transfer"), max_length=80, required=False
    )
    first_received_on = TypedDayField(
        label=_("Received there on"),
        required=False,
        help_text=_(
            "What one of our departments hands on keeps this day: the periods run from it, and the department that received it first handles it."
        ),
    )
    materials = forms.CharField(
        label=_("Materials handed in"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    files = FilesField(label=_("Add scans"), required=False)
    anonymous = forms.BooleanField(label=_("The reporter stays anonymous"), required=False)
    reporter_kind = forms.ChoiceField(
        label=_("Reporter"),
        choices=ReporterKind.choices,
        initial=ReporterKind.PERSON,
        required=False,
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Name of the reporter"), max_length=200, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    identifier = forms.CharField(
        label=_("Identity card number or credit code"), max_length=40, required=False
    )
    representative = forms.CharField(label=_("Legal representative"), max_length=100, required=False)
    address = forms.CharField(label=_("Address for letters"), max_length=300, required=False)
    by_agent = forms.BooleanField(label=_("Made by an agent"), required=False)
    agent_name = forms.CharField(label=_("Name of the agent"), max_length=200, required=False)
    agent_phone = forms.CharField(label=_("Telephone of the agent"), max_length=40, required=False)
    agent_identifier = forms.CharField(
        label=_("Identity card number of the agent"), max_length=40, required=False
    )
    agent_mandate = forms.CharField(
        label=_("Letter of authorisation"),
        max_length=200,
        required=False,
        help_text=_("Which of the materials it is; empty when it was not handed in."),
    )
    agent_matters = forms.CharField(label=_("What the agent may do"), max_length=500, required=False)
    agent_from = TypedDayField(label=_("Authorised from"), required=False)
    agent_to = TypedDayField(label=_("Authorised until"), required=False)
    truth_stated = forms.BooleanField(label=_("The statement of truth is signed"), required=False)
    electronic_service = forms.BooleanField(
        label=_("The confirmation of electronic service is signed"), required=False
    )
    email = forms.EmailField(label=_("Mail address for electronic service"), max_length=200, required=False)

    AGENT = ("agent_name", "agent_phone", "agent_identifier")
    IDENTITY = ("name", "phone", "identifier", "representative", "address", "email", *AGENT)
    STATEMENTS = (
        "agent_mandate",
        "agent_matters",
        "agent_from",
        "agent_to",
        "truth_stated",
        "electronic_service",
    )
    TRANSFER = ("transferred_by", "document_number", "first_received_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["submission"].initial = secrets.token_hex(32)
        self.fields["transferred_by"].widget.attrs["list"] = "window-bodies"
        mark_needed(
            self,
            {
                **dict.fromkeys((*self.TRANSFER, "name", "phone", "agent_name", "agent_phone", "email"), ""),
                "address": "complaint",
                "received_at": "letter",
            },
        )
        for name in self.IDENTITY:
            # Who the reporter is must not stay in the browser of a shared desk.
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_submission(self) -> bytes:
        try:
            key = bytes.fromhex(self.cleaned_data["submission"])
        except ValueError:
            key = b""
        return key if len(key) == 32 else secrets.token_bytes(32)

    def clean_received_at(self) -> datetime | None:
        """A letter that came on a day without an hour counts from the beginning of that day."""
        given: datetime | None = self.cleaned_data["received_at"]
        if given is None and self.cleaned_data.get("received_via") == ReceivedVia.LETTER:
            raise forms.ValidationError(_("The day on which the letter came is needed."))
        return given

    def transfer(self) -> TransferDetails | None:
        """Who handed it on, or None for what came in directly."""
        data = self.cleaned_data
        if data["received_via"] != ReceivedVia.TRANSFERRED:
            return None
        return TransferDetails(data["transferred_by"], data["document_number"], data["first_received_on"])

    def statements(self) -> dict[str, Any]:
        """What is said about every complaint of the submission: the agent's authority, truth, electronic service."""
        return {name: self.cleaned_data[name] for name in self.STATEMENTS}

    def reporter(self, *, may_be_anonymous: bool) -> ReporterDetails | None:
        """Who says so, or None for an anonymous tip-off."""
        data = self.cleaned_data
        if data["anonymous"] and may_be_anonymous:
            return None
        return ReporterDetails(
            kind=data["reporter_kind"] or ReporterKind.PERSON,
            **{name: data[name].strip() for name in self.IDENTITY},
        )


class MatterForm(forms.Form):
    """One matter of the submission, classified by itself."""

    kind = forms.ChoiceField(
        label=_("Complaint or tip-off"), choices=MatterKind.choices, widget=forms.RadioSelect
    )
    topic = forms.ChoiceField(label=_("What it concerns"), choices=[*EMPTY, *Topic.choices])
    project = forms.CharField(
        label=_("Project"),
        max_length=300,
        required=False,
        help_text=_("Number or name; choosing from the list links the dossier."),
    )
    respondent_name = forms.CharField(label=_("Complained of"), max_length=300, required=False)
    respondent_address = forms.CharField(label=_("Their address"), max_length=300, required=False)
    respondent_contact = forms.CharField(label=_("How they are reached"), max_length=100, required=False)
    other_respondents = forms.CharField(
        label=_("Further parties complained of"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=_("One a line: name; credit code; address; contact. All but the name may be left out."),
    )
    relation = forms.ChoiceField(
        label=_("Relation to the project"), choices=[*EMPTY, *Relation.choices], required=False
    )
    happened_on = TypedDayField(label=_("Date of the conduct"), required=False)
    knew_on = TypedDayField(label=_("Knew or should have known on"), required=False)
    objection_on = TypedDayField(label=_("Objection raised on"), required=False)
    objection_replied_on = TypedDayField(label=_("Objection answered on"), required=False)
    facts = forms.CharField(
        label=_("Facts"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("In the reporter's own words. Leave names and telephone numbers of the reporter out."),
    )
    request = forms.CharField(label=_("Request"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    evidence = forms.CharField(label=_("Evidence"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    other_authority = forms.CharField(label=_("Also complained to"), max_length=300, required=False)

    COMPLAINT_ONLY = (
        "knew_on", "objection_on", "objection_replied_on", "request", "other_authority",
        "respondent_address", "respondent_contact", "other_respondents",
    )  # fmt: skip
    OBJECTION = ("objection_on", "objection_replied_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            decorate(field)
        always = ("topic", "project", "facts", "knew_on", "request")
        mark_needed(self, {**dict.fromkeys(always, ""), "respondent_name": "complaint"})
        for name, offers in (("project", "window-projects"), ("respondent_name", "window-parties")):
            self.fields[name].widget.attrs |= {"list": offers, "autocomplete": "off"}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        text = data.get("project", "").strip()
        try:
            # A choice from the list begins with the number; what no dossier has stays as it was written.
            self.found = project_by_code(text.split(" ", 1)[0]) if text else None
        except Refusal as refusal:
            self.add_error("project", refusal.message)
        return data

    def content(self, *, statements: dict[str, Any], materials: str = "") -> tuple[str, MatterContent]:
        """Kind and content of the matter; what only a complaint has is left out of a tip-off."""
        values = dict(self.cleaned_data)
        kind, text = values.pop("kind"), values.pop("project").strip()
        if kind == MatterKind.TIP_OFF:
            values = {name: value for name, value in values.items() if name not in self.COMPLAINT_ONLY}
        else:
            values |= statements
        project, lot = self.found or (None, None)
        own = {"project": project, "lot": lot, "project_text": "" if project else text}
        return kind, MatterContent(**own, materials=materials, **values)


class BaseMatterFormSet(BaseFormSet):
    """At least one matter; the fields of a Refusal find their form by the place before the dash."""

    def form_of(self, field: str) -> tuple[forms.Form, str] | None:
        """Return the form and the field that a Refusal of the service names, or None for one of the submission."""
        place, dash, name = field.partition("-")
        if not dash or not place.isdecimal():
            place, name = "0", field
        name = {"project_text": "project"}.get(name, name)
        return (self.forms[int(place)], name) if name in MatterForm.base_fields else None


def delay_of(header: str) -> Delay | None:
    """Read what the page says of an entry it kept: provisional number, desk clock in ms at entry and at sending."""
    found = LATER.fullmatch(header)
    if found is None:
        return None
    entered, sent = (datetime.fromtimestamp(int(found[place]) / 1000, UTC) for place in (2, 3))
    return Delay(found[1], entered, sent)


MatterFormSet = forms.formset_factory(
    MatterForm,
    formset=BaseMatterFormSet,
    extra=0,
    min_num=1,
    max_num=MATTERS_AT_MOST,
    absolute_max=MATTERS_AT_MOST,
    validate_min=True,
    validate_max=True,
)
