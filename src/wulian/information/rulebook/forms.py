"""Forms of the rulebook: a revision, its undoing, a file of local rules, the questions of a checklist."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wulian.core.config.errors import Refusal
from wulian.core.ui.inputs import DayInput
from wulian.information.rulebook.models import CheckOutcome
from wulian.information.rulebook.services import MAX_FILE
from wulian.information.rulebook.words import expected
from wulian.law.rules import Parameter, Rule
from wulian.law.rules.parameters import shape_of, written

ANSWERS = ["否", "是", "不适用", "待查"]
"""Answers to a question of a checklist, data as the question is."""


class RevisionForm(forms.Form):
    """From which day a rule applies how; one field for each parameter an officer may change."""

    valid_from = forms.DateField(
        label=_("Applies to conduct from"),
        widget=DayInput(),
    )
    enabled = forms.BooleanField(label=_("The rule is switched on"), required=False)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)

    def __init__(self, *args: Any, rule: Rule, day: date, **kwargs: Any) -> None:
        initial = {"valid_from": day, "enabled": rule.enabled, **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.names = [parameter.name for parameter in rule.parameters if parameter.editable]
        for parameter in rule.parameters:
            if parameter.editable:
                unit = f"（{parameter.unit}）" if parameter.unit else ""
                self.fields[f"parameter_{parameter.name}"] = forms.CharField(
                    label=f"{parameter.note or parameter.name}{unit}",
                    initial=written(parameter),
                    help_text=_help(parameter),
                    max_length=2000,
                    required=not parameter.shape,
                )
        self.order_fields(["valid_from", "enabled", *(f"parameter_{name}" for name in self.names), "reason"])

    def inputs(self) -> dict[str, Any]:
        """What a draft is made of."""
        data = self.cleaned_data
        return {
            "valid_from": data["valid_from"],
            "enabled": data["enabled"],
            "parameters": {name: data[f"parameter_{name}"] for name in self.names},
        }


def _help(parameter: Parameter) -> str:
    words = {"expected": expected(shape_of(parameter))}
    if parameter.shape:
        return _now("Expected: %(expected)s; may be left empty.") % words
    return _now("Expected: %(expected)s.") % words


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class ImportForm(forms.Form):
    """A YAML file of rules of the office's own."""

    file = forms.FileField(label=_("Rule file (YAML)"))

    def text(self) -> tuple[str, str]:
        """Return the name of the file and what it says; raises Refusal when it is too large or no text."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_FILE:
            raise Refusal(_now("The file is larger than 1 MB."), field="file")
        try:
            return upload.name, upload.read().decode("utf-8")
        except UnicodeDecodeError:
            raise Refusal(
                _now("%(file)s: expected text in UTF-8.") % {"file": upload.name}, field="file"
            ) from None


class ChecklistForm(forms.Form):
    """An answer to each question of a rule, what comes of them, and why."""

    outcome = forms.ChoiceField(label=_("Check finding"), choices=CheckOutcome.choices)
    opinion = forms.CharField(
        label=_("Opinion"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = len(rule.checklist)
        for place, question in enumerate(rule.checklist):
            self.fields[f"answer_{place}"] = forms.ChoiceField(
                label=question, choices=[(answer, answer) for answer in ANSWERS], widget=forms.RadioSelect
            )
        self.order_fields([*(f"answer_{place}" for place in range(self.count)), "outcome", "opinion"])

    def answers(self) -> dict[int, str]:
        """The answers by the place of the question."""
        return {place: self.cleaned_data[f"answer_{place}"] for place in range(self.count)}
