"""What people type about papers, findings and patterns."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wulian.information.findings.choices import PaperKind, Verdict


class PaperForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Kind of paper"), choices=PaperKind.choices, initial=PaperKind.BIDDING_DOCUMENTS
    )
    upload = forms.FileField(
        label=_("File"),
        max_length=200,
        help_text=_("Word (.docx), PDF with a text layer, web page or plain text; at most 100 MB."),
    )


class VerdictForm(forms.Form):
    verdict = forms.ChoiceField(label=_("Verdict"), choices=Verdict.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
