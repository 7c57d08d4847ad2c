"""Fields of the public forms: how a question is asked and what its refusal says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.services.contents import MAXIMUM_TEXT

REQUIRED = {"required": _("Please answer this question.")}
CHOOSE = {
    "required": _("Please choose one answer."),
    "invalid_choice": _("Please choose one of the answers."),
}


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files at once; what they are is checked one by one where they are taken in."""

    widget = FilesInput(attrs={"accept": ".jpg,.jpeg,.png,.pdf,.docx,.xlsx,.txt", "class": "p-file"})

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [upload for upload in data or [] if upload]


class DayField(forms.DateField):
    """A day that has come, or with `may_come` any day."""

    def __init__(self, *, may_come: bool = False, **kwargs: Any) -> None:
        self.may_come = may_come
        kwargs.setdefault(
            "error_messages",
            {"required": _("Please enter the day."), "invalid": _("Expected a day such as 2026-09-24.")},
        )
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and not self.may_come and day > timezone.localdate():
            raise forms.ValidationError(_now("This day has not come yet."))
        return day


def radio(label: Any, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    """A question with one answer out of a few."""
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, error_messages=CHOOSE, **kwargs
    )


def words(label: Any, rows: int, **kwargs: Any) -> forms.CharField:
    """A question answered in one's own words."""
    return forms.CharField(
        label=label,
        max_length=MAXIMUM_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages=REQUIRED,
        **kwargs,
    )
