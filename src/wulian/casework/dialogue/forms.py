"""Forms of the officers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.dialogue.services.texts import LONGEST_MESSAGE, LONGEST_TEXT
from wulian.casework.intake.paragraphs import ParagraphArea


class MessageForm(forms.Form):
    text = forms.CharField(
        label=_("Message to the reporter"),
        max_length=LONGEST_MESSAGE,
        widget=ParagraphArea("message", 4, {"class": "form-control"}),
        help_text=_("Name no one who could be the reporter: whoever holds the code reads it."),
    )


class SupplementForm(forms.Form):
    what = forms.CharField(
        label=_("What is still needed"),
        max_length=LONGEST_TEXT,
        widget=ParagraphArea("completion"),
        help_text=_("One thing a line, so that the reporter can tick it off."),
    )
    due_on = forms.DateField(
        label=_("Supplement until"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        help_text=_("At most 60 days ahead."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = timezone.localdate() + timedelta(days=7)
