"""Forms of the registry."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wulian.information.registry.models import Party


class ImportForm(forms.Form):
    upload = forms.FileField(
        label=_("File"),
        help_text=_("The office's workbook (.xlsx), a CSV of it, or OCDS (.json, .jsonl, each also as .gz)"),
    )


class MergeForm(forms.Form):
    keep = forms.ModelChoiceField(Party.objects.all(), label=_("Kept party"), widget=forms.HiddenInput)
    duplicate = forms.ModelChoiceField(
        Party.objects.all(), label=_("Party that is merged into it"), widget=forms.HiddenInput
    )
    reason = forms.CharField(
        label=_("Reason of the merge"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_(
            "What shows that the two are one firm: a change of name in the business register, a typing error…"
        ),
    )


class UndoMergeForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason for undoing the merge"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
