"""Forms of the registry."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ImportForm(forms.Form):
    upload = forms.FileField(
        label=_("File"),
        help_text=_("The office's workbook (.xlsx), a CSV of it, or OCDS (.json, .jsonl, each also as .gz)"),
    )

