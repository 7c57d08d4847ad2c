"""For who comes back: a draft, the status, what can be added to a report, and the check of a receipt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.dialogue.choices import Score
from wulian.casework.dialogue.services.texts import LONGEST_MESSAGE
from wulian.casework.intake.services.contents import MAXIMUM_TEXT
from wulian.portal.forms.fields import CHOOSE, REQUIRED, FilesField, FilesInput
from wulian.portal.holding import Holding


class ResumeForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the draft"),
        max_length=120,
        error_messages=REQUIRED,
        help_text=_("28 letters and digits; capitals, spaces and dashes do not matter."),
        widget=forms.TextInput(
            attrs={"class": "p-input p-code-input", "autocomplete": "off", "spellcheck": "false"}
        ),
    )


class StatusForm(forms.Form):
    number = forms.CharField(
        label=_("Receipt number"),
        max_length=60,
        error_messages=REQUIRED,
        help_text=_("For example 随招收〔2026〕12号; 2026-12 is enough."),
        widget=forms.TextInput(attrs={"class": "p-input", "autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("Receipt code"),
        max_length=120,
        error_messages=REQUIRED,
        help_text=_("28 letters and digits; capitals, spaces and dashes do not matter."),
        widget=forms.TextInput(
            attrs={
                "class": "p-input p-code-input",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )


class EntryForm(forms.Form):
    """What a reporter sends about one matter of a receipt, whose key makes the fields of a page differ.

    Its files are taken in before it is looked at, and wait in `holding`.
    """

    def __init__(self, *args: Any, matter: str, **kwargs: Any) -> None:
        self.key = matter
        self.holding = Holding()
        super().__init__(*args, auto_id=f"{matter}_{type(self).__name__}_%s", **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, (forms.RadioSelect, forms.CheckboxInput, FilesInput)):
                field.widget.attrs.setdefault("class", "p-input")

    @property
    def takes_files(self) -> bool:
        return "files" in self.fields


class MessageForm(EntryForm):
    text = forms.CharField(
        label=_("Your message"),
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=REQUIRED,
        help_text=_("Leave out your name, telephone and identity number: several officers may read it."),
    )


class SupplementForm(EntryForm):
    text = forms.CharField(
        label=_("What you add"),
        max_length=MAXIMUM_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Leave out your name, telephone and identity number: several officers may read it."),
    )
    files = FilesField(label=_("Files"), required=False, help_text=_("Ten files, 20 MB each."))


class WithdrawalForm(EntryForm):
    reason = forms.CharField(
        label=_("Why do you withdraw?"),
        max_length=MAXIMUM_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=REQUIRED,
    )
    files = FilesField(label=_("Signed request, as a photograph or PDF (if you have one)"), required=False)
    sure = forms.BooleanField(
        label=_("I know that I cannot complain again about the same facts for the same reasons."),
        error_messages={"required": _("Please confirm this before sending.")},
    )


class SatisfactionForm(EntryForm):
    score = forms.TypedChoiceField(
        label=_("How content are you with the handling?"),
        choices=Score.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
    text = forms.CharField(
        label=_("What should we do better?"),
        max_length=LONGEST_MESSAGE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class VerifyForm(forms.Form):
    """The lines of a receipt as printed; the time also as people write it."""

    n = forms.CharField(label=_("Receipt number"), max_length=40)
    t = forms.CharField(label=_("Time of receipt"), max_length=40)
    h = forms.CharField(label=_("SM3 digest"), max_length=64)
    k = forms.CharField(label=_("Key"), max_length=16)
    s = forms.CharField(label=_("Signature"), max_length=120)

    def clean_t(self) -> str:
        text = self.cleaned_data["t"].strip()
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return text
        if moment.tzinfo is None:
            moment = timezone.make_aware(moment)
        return moment.isoformat(timespec="seconds")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.update({"class": "p-input", "autocomplete": "off"})
