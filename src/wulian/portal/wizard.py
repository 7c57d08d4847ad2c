"""The order of the questions, and what is made of the answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.forms import BooleanField
from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wulian.casework.intake.masking import personal_data_in
from wulian.casework.intake.services import (
    IssuedReceipt,
    MatterContent,
    ReporterDetails,
    receive_complaint,
    receive_tip_off,
)
from wulian.core.files.services import HeldFile, attach_files
from wulian.portal import forms
from wulian.portal.drafts import Draft
from wulian.portal.selectors import public_project

CHECK: Final = "check"
FREE_TEXTS: Final = ("facts", "request", "evidence")
"""Steps of one free text, whose field is called as the step."""
FOR_COMPLAINTS: Final = {"email", "agent_name", "agent_phone"}
"""What of the reporter's details is asked for a complaint only."""


@dataclass(frozen=True)
class Step:
    """One page: its form, the short label on the page of answers, and for whom it is."""

    key: str
    form: type[forms.StepForm]
    label: str | Promise
    applies: Callable[[Draft], bool] = lambda draft: True


STEPS: Final = (
    Step("topic", forms.TopicForm, _("What it is about")),
    Step("objection", forms.ObjectionForm, _("Objection"), lambda draft: draft.needs_objection),
    Step("channel", forms.ChannelForm, _("Complaint or report")),
    Step("name_given", forms.NameGivenForm, _("Your name"), lambda draft: not draft.is_complaint),
    Step("project", forms.ProjectForm, _("Project")),
    Step("respondent", forms.RespondentForm, _("Whom it is about")),
    Step("facts", forms.FactsForm, _("What happened")),
    Step("when", forms.WhenForm, pgettext_lazy("portal", "When")),
    Step("request", forms.RequestForm, _("What you ask for"), lambda draft: draft.is_complaint),
    Step("evidence", forms.EvidenceForm, _("What can show it")),
    Step("files", forms.FilesForm, _("Files")),
    Step("relation", forms.RelationForm, _("You and the project")),
    Step("who", forms.WhoForm, _("Who you are"), lambda draft: not draft.is_anonymous),
    Step("mandate", forms.MandateForm, _("Letter of authorisation"), lambda draft: draft.has_agent),
)
BY_KEY: Final = {step.key: step for step in STEPS}


def steps_for(draft: Draft) -> list[Step]:
    """Return the questions that these answers lead to."""
    return [step for step in STEPS if step.applies(draft)]


def first_open(draft: Draft) -> str:
    """Return the first question without an answer, or the page of answers."""
    return next((step.key for step in steps_for(draft) if step.key not in draft.answers), CHECK)


def next_after(draft: Draft, key: str) -> str:
    """Return where to go after a question: on, or back to the page of answers once it has been reached."""
    if draft.reviewed:
        return first_open(draft)
    keys = [step.key for step in steps_for(draft)]
    place = keys.index(key) + 1 if key in keys else 0
    return keys[place] if place < len(keys) else first_open(draft)


def previous_of(draft: Draft, key: str) -> str:
    """Return the question before this one, or an empty text for the first."""
    keys = [step.key for step in steps_for(draft)]
    place = len(keys) if key == CHECK else keys.index(key) if key in keys else 0
    return keys[place - 1] if place else ""


def position_of(draft: Draft, key: str) -> tuple[int, int]:
    """Return (which question this is, how many there are)."""
    keys = [step.key for step in steps_for(draft)]
    return (keys.index(key) + 1 if key in keys else len(keys)), len(keys)


@dataclass(frozen=True)
class AnswerRow:
    """One line of the page of answers; personal data in `lines` is marked."""

    key: str
    label: str | Promise
    lines: list[str]
    is_secret: bool


def answer_rows(draft: Draft) -> list[AnswerRow]:
    """Return the answers as they will be sent, in words."""
    return [
        AnswerRow(step.key, step.label, _lines(step, draft), step.key == "who")
        for step in steps_for(draft)
        if step.key in draft.answers
    ]


def personal_data_found(draft: Draft) -> list[str]:
    """Return the kinds of personal data (identity, phone, email, messenger) that stand in the free texts."""
    texts = [draft.answer(step, step) for step in FREE_TEXTS]
    return sorted({kind for text in texts for kind in personal_data_in(text)})


def submit(draft: Draft) -> IssuedReceipt:
    """Hand answers and files to the intake at once, or not at all; raises Refusal naming the field that is missing."""
    key = bytes.fromhex(draft.submission)
    reporter, files = _reporter(draft), draft.waiting_files()
    content = _content(draft, files)
    with transaction.atomic():
        if draft.is_complaint:
            assert reporter is not None  # a complaint asks who one is
            issued = receive_complaint(actor=None, content=content, reporter=reporter, submission=key)
        else:
            issued = receive_tip_off(actor=None, content=content, reporter=reporter, submission=key)
        if not issued.is_repeat:
            attach_files(
                subject=issued.matter,
                held=[file.token for file in files],
                actor=None,
                anonymous=draft.is_anonymous,
            )
    return issued


def step_of_field(name: str) -> str:
    """Return the question a field of the service belongs to, so that a refusal leads there."""
    aliases = {"reporter_kind": "who", "objection_on": "objection", "objection_replied_on": "objection"}
    if name in aliases:
        return aliases[name]
    return next((step.key for step in STEPS if name in step.form.base_fields), "")


def _content(draft: Draft, files: list[HeldFile]) -> MatterContent:
    own: dict[str, Any] = {"topic": draft.topic, "relation": draft.answer("relation", "relation")}
    # The list of files is part of what the digest of the receipt is taken over.
    own["materials"] = "\n".join(material_line(number, file) for number, file in enumerate(files, 1))
    project = public_project(draft.answer("project", "project"))
    own |= {"project": project, "project_text": "" if project else draft.answer("project", "project_text")}
    for step, name in (
        ("respondent", "respondent_name"),
        ("facts", "facts"),
        ("evidence", "evidence"),
    ):
        own[name] = draft.answer(step, name)
    own["happened_on"] = _day(draft, "when", "happened_on")
    if draft.is_complaint:
        own["request"] = draft.answer("request", "request")
        own["knew_on"] = _day(draft, "when", "knew_on")
        if draft.needs_objection:
            own["objection_on"] = _day(draft, "objection", "objection_on")
            own["objection_replied_on"] = _day(draft, "objection", "objection_replied_on")
        own |= _statements(draft, files)
    return MatterContent(**own)


def _statements(draft: Draft, files: list[HeldFile]) -> dict[str, Any]:
    """What only a complaint says; the page of answers was sent with the promise that all is true."""
    own: dict[str, Any] = {"truth_stated": True}
    for name in ("respondent_address", "respondent_contact", "other_respondents"):
        own[name] = draft.answer("respondent", name)
    own["electronic_service"] = bool(draft.answer("who", "electronic_service"))
    if draft.has_agent:
        own["agent_matters"] = draft.answer("mandate", "agent_matters")
        own["agent_from"] = _day(draft, "mandate", "agent_from")
        own["agent_to"] = _day(draft, "mandate", "agent_to")
        chosen = draft.answer("mandate", "mandate")
        numbered = {file.token: material_name(number, file) for number, file in enumerate(files, 1)}
        own["agent_mandate"] = numbered.get(chosen, "")
    return own


def material_name(number: int, file: HeldFile) -> str:
    """Return how a file is called in the receipt: not by its own name, which may name its sender."""
    return f"材料{number}{Path(file.title).suffix.lower()}"


def material_line(number: int, file: HeldFile) -> str:
    """Return how a file is described in the receipt."""
    return f"{material_name(number, file)} {file.size}字节 SM3 {file.sm3}"


def _reporter(draft: Draft) -> ReporterDetails | None:
    if draft.is_anonymous:
        return None
    given = draft.answers.get("who", {"kind": "", "name": "", "phone": ""})
    names = {one.name for one in fields(ReporterDetails)}
    # What was answered for a complaint is not kept of a report.
    if not draft.is_complaint:
        names -= FOR_COMPLAINTS
    return ReporterDetails(**{name: value for name, value in given.items() if name in names})


def _day(draft: Draft, step: str, name: str) -> date | None:
    text = draft.answer(step, name)
    return date.fromisoformat(text) if text else None


def _lines(step: Step, draft: Draft) -> list[str]:
    if step.key == "project":
        project = public_project(draft.answer("project", "project"))
        if project is not None:
            return [project.name, project.project_code]
    if step.key == "files":
        return [f"{file.title}（{filesizeformat(file.size)}）" for file in draft.waiting_files()]
    found = []
    form = step.form(draft=draft)
    for name, field in form.fields.items():
        value = draft.answer(step.key, name)
        if not value or field.widget.is_hidden:
            continue
        if isinstance(field, BooleanField):
            found.append(str(field.label))
            continue
        choices = dict(getattr(field, "choices", ()))
        if choices and value not in choices:
            continue
        shown = str(choices.get(value, value))
        found.append(f"{field.label} {shown}" if len(form.fields) > 1 and not choices else shown)
    return found
