"""One form a question of the way to a submission."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.choices import MatterKind, Relation, ReporterKind, Topic
from wulian.casework.intake.respondents import read_respondents
from wulian.core.config.errors import Refusal
from wulian.portal.drafts import Draft
from wulian.portal.forms.fields import REQUIRED, DayField, FilesField, radio, words
from wulian.portal.selectors import public_project


class StepForm(forms.Form):
    """A question; `draft` holds the earlier answers."""

    def __init__(self, *args: Any, draft: Draft, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft = draft
        for field in self.fields.values():
            if not isinstance(field.widget, (forms.RadioSelect, forms.CheckboxInput)):
                field.widget.attrs.setdefault("class", "p-input")

    def keep_only_for_complaints(self, *names: str) -> None:
        """Take questions out that a report is not asked."""
        if not self.draft.is_complaint:
            for name in names:
                del self.fields[name]

    def answers(self) -> dict[str, str]:
        """The cleaned answers as plain text, as a draft keeps them."""
        return {
            name: ""
            if value in (None, False)
            else value.isoformat()
            if hasattr(value, "isoformat")
            else str(value)
            for name, value in self.cleaned_data.items()
        }


class TopicForm(StepForm):
    topic = radio(_("What is it about?"), Topic.choices)


class ObjectionForm(StepForm):
    raised = radio(
        _("Have you raised an objection with the procuring entity?"),
        [("yes", _("Yes, I have")), ("no", _("No, not yet"))],
    )
    objection_on = DayField(label=_("On which day did you raise it?"), required=False)
    objection_replied_on = DayField(
        label=_("On which day was it answered? Leave it empty when there was no answer."), required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        raised, replied = data.get("objection_on"), data.get("objection_replied_on")
        if data.get("raised") == "no":
            return {**data, "objection_on": None, "objection_replied_on": None}
        if data.get("raised") == "yes" and not raised and "objection_on" not in self.errors:
            self.add_error("objection_on", _now("Please enter the day on which you raised it."))
        if raised and replied and replied < raised:
            self.add_error("objection_replied_on", _now("The answer cannot be earlier than the objection."))
        return data


class ChannelForm(StepForm):
    kind = radio(
        _("Do you want to complain, or to report?"),
        [
            (MatterKind.COMPLAINT, _("Complain: I take part or have a direct interest, and want a decision")),
            (MatterKind.TIP_OFF, _("Report: I want to let you know; it may be anonymous")),
        ],
    )


class ProjectForm(StepForm):
    """Name or number in one's own words; `project` is set by the button of a result."""

    project_text = forms.CharField(
        label=_("Which project is it?"),
        max_length=300,
        error_messages=REQUIRED,
        help_text=_("A few words of its name, or its number."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    project = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_project(self) -> str:
        chosen = self.cleaned_data["project"]
        if chosen and public_project(chosen) is None:
            raise forms.ValidationError(_now("Please choose a project from the list again."))
        return chosen


class RespondentForm(StepForm):
    respondent_name = forms.CharField(
        label=_("Whom is it about?"),
        max_length=300,
        required=False,
        help_text=_("The full name of the company, authority or person."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    respondent_address = forms.CharField(
        label=_("Address, as far as you know it"), max_length=300, required=False
    )
    respondent_contact = forms.CharField(
        label=_("Telephone or mail, as far as you know it"), max_length=100, required=False
    )
    other_respondents = words(
        _("Is it about others as well?"),
        3,
        required=False,
        help_text=_(
            "One a line: full name; credit code; address; telephone. All but the name may be left out."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keep_only_for_complaints("respondent_address", "respondent_contact", "other_respondents")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        try:
            read_respondents(data.get("other_respondents", ""), first=data.get("respondent_name", ""))
        except Refusal as refusal:
            self.add_error("other_respondents", refusal.message)
        return data

    def clean_respondent_name(self) -> str:
        name = self.cleaned_data["respondent_name"].strip()
        if self.draft.is_complaint and not name:
            raise forms.ValidationError(_now("A complaint must name whom it is against."))
        return name


class FactsForm(StepForm):
    facts = words(
        _("What happened?"),
        10,
        min_length=10,
        help_text=_(
            "Say when, where, who and what. Leave out your own name, telephone and identity number: you are asked for them later, apart from this text."
        ),
    )
    facts.error_messages["min_length"] = _("Please write at least ten characters.")


class WhenForm(StepForm):
    happened_on = DayField(
        label=_("When did it happen?"), required=False, help_text=_("Leave it empty when you do not know.")
    )
    knew_on = DayField(
        label=_("When did you learn of it?"),
        help_text=_("The 10 days in which one can complain run from this day."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keep_only_for_complaints("knew_on")


class RequestForm(StepForm):
    request = words(
        _("What do you ask for?"),
        5,
        help_text=_("For example: investigate, order a correction, declare the award void."),
    )


class EvidenceForm(StepForm):
    evidence = words(
        _("What can show it?"),
        5,
        required=False,
        help_text=_(
            "Papers, photographs, witnesses, where they can be found. Photographs and papers can be added on the next page."
        ),
    )


class FilesForm(StepForm):
    """Photographs and papers; each is taken in by itself, so that one refusal costs nothing else."""

    files = FilesField(
        label=_("Add photographs and papers"),
        required=False,
        help_text=_(
            "JPEG, PNG, PDF, Word (.docx), Excel (.xlsx) or text, 20 MB each, ten files. Places, device names and authors hidden inside are removed from the copy that officers work with."
        ),
    )

    def answers(self) -> dict[str, str]:
        """Nothing but that the question was seen: the files wait elsewhere."""
        return {"seen": "yes"}


class RelationForm(StepForm):
    relation = radio(_("What have you to do with the project?"), Relation.choices)


class NameGivenForm(StepForm):
    named = radio(
        _("Will you give your name?"),
        [
            ("yes", _("Named: my name lies sealed, the officers see a number")),
            ("no", _("Anonymous: I leave no name at all")),
        ],
    )


class WhoForm(StepForm):
    """Who somebody is; the answers go into the vault."""

    kind = radio(_("Are you writing as"), ReporterKind.choices)
    name = forms.CharField(
        label=_("Your full name, or the full name of the unit"),
        min_length=2,
        max_length=200,
        error_messages={**REQUIRED, "min_length": _("Please write the full name.")},
    )
    representative = forms.CharField(
        label=_("Legal representative (units only)"), max_length=100, required=False
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    address = forms.CharField(
        label=_("Address to which letters can be sent"),
        max_length=300,
        required=False,
        error_messages=REQUIRED,
    )

    electronic_service = forms.BooleanField(
        label=_("I confirm that documents may be served on me electronically, at this mail address:"),
        required=False,
    )
    email = forms.EmailField(
        label=_("Mail address for electronic service"),
        max_length=200,
        required=False,
        help_text=_("Without the confirmation documents come to the address above."),
    )
    agent_name = forms.CharField(
        label=_("Full name of the agent"),
        max_length=200,
        required=False,
        help_text=_(
            "Only when an agent complains for you; the letter of authorisation is asked for on the next page."
        ),
    )
    agent_phone = forms.CharField(
        label=_("Telephone of the agent"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keep_only_for_complaints("electronic_service", "email", "agent_name", "agent_phone")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("electronic_service") and not data.get("email") and "email" not in self.errors:
            self.add_error("email", _now("Please enter the mail address to which documents may be sent."))
        if data.get("agent_name") and not data.get("agent_phone"):
            self.add_error("agent_phone", _now("Please enter a telephone at which the agent can be reached."))
        if data.get("agent_phone") and not data.get("agent_name"):
            self.add_error("agent_name", _now("Please enter the full name of the agent."))
        return data

    def clean_address(self) -> str:
        address = self.cleaned_data["address"].strip()
        if self.draft.is_complaint and not address:
            raise forms.ValidationError(
                _now("Decisions on a complaint are served in writing; an address is needed.")
            )
        return address


class MandateForm(StepForm):
    """The 授权委托书: which of the files it is, and what it says (投诉处理办法 第十条)."""

    NOT_YET = "none"

    mandate = radio(
        _("Which of your files is the letter of authorisation?"),
        (),
        help_text=_("A photograph or a PDF is added at the question about files."),
    )
    agent_matters = forms.CharField(
        label=_("What may the agent do?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=REQUIRED,
        help_text=_("As the letter says: the matters, and how far the authority goes."),
    )
    agent_from = DayField(label=_("Authorised from"))
    agent_to = DayField(label=_("Authorised until"), may_come=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files = [(file.token, file.title) for file in self.draft.waiting_files()]
        self.fields["mandate"].choices = [
            *files,
            (self.NOT_YET, _("None of them: it will be handed in later")),
        ]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        start, end = data.get("agent_from"), data.get("agent_to")
        if start and end and end < start:
            self.add_error("agent_to", _now("This day cannot be earlier than the one before."))
        return data


class CheckForm(forms.Form):
    """The last page: a promise that it is true, and the proof of work."""

    truth = forms.BooleanField(
        label=_("What I have written is true; I know that false accusation has consequences in law."),
        error_messages={"required": _("Please confirm this before sending.")},
    )
    proof = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)
