"""Forms of the steps."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.forms import DayField
from wulian.casework.intake.paragraphs import ParagraphArea


class NoteForm(forms.Form):
    note = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


class OrderForm(forms.Form):
    """What the procuring entity has to do, and until when."""

    requirement = forms.CharField(label=_("What has to be done"), widget=ParagraphArea("order", 4))
    term = DayField(label=_("No later than"))
