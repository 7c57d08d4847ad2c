"""Forms of the steps of a tip-off (REFERENCE D.7)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.choices import LENIENCY_GROUNDS, LenientMeasure, NotCheckedGround
from wulian.casework.intake.forms import DayField, text_area
from wulian.casework.intake.models import TipOff
from wulian.casework.intake.paragraphs import ParagraphArea


class DeclineForm(forms.Form):
    ground = forms.ChoiceField(label=_("Ground"), choices=NotCheckedGround.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), widget=ParagraphArea("decline", 4))


class GuideForm(forms.Form):
    note = forms.CharField(label=_("Note"), widget=ParagraphArea("guide", 3), required=False)


class OpenComplaintForm(forms.Form):
    """What a complaint needs and a tip-off may lack."""

    respondent_name = forms.CharField(label=_("Complained of"), max_length=300)
    request = forms.CharField(label=_("Request"), widget=text_area(3))
    evidence = forms.CharField(label=_("Evidence"), widget=text_area(3), required=False)
    knew_on = DayField(label=_("Knew or should have known on"))
    objection_on = DayField(label=_("Objection raised on"), required=False)
    objection_replied_on = DayField(label=_("Objection answered on"), required=False)
    completed_at = forms.DateTimeField(
        label=_("The missing parts were handed in at"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )

    def __init__(self, *args: Any, tip_off: TipOff, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("respondent_name", "request", "evidence"):
            self.fields[name].initial = getattr(tip_off, name)
        self.fields["completed_at"].initial = timezone.localtime


class LeniencyForm(forms.Form):
    measure = forms.ChoiceField(label=_("Measure"), choices=LenientMeasure.choices)
    ground = forms.ChoiceField(
        label=_("Ground in law"),
        choices=[(code, f"{title}（{article}）") for code, (title, article) in LENIENCY_GROUNDS.items()],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), widget=ParagraphArea("leniency", 4))


class ReviewForm(forms.Form):
    """Consent, or back to the check."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("agree", _("Agree")), ("return", _("Send back to the check"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Opinion on it"), widget=text_area(3))


class ConcludeForm(ReviewForm):
    """Conclude with the paper of the measure, or back to the check."""

    note = forms.CharField(label=_("Opinion, printed in the letter"), widget=ParagraphArea("leniency", 4))


class FeedbackForm(forms.Form):
    text = forms.CharField(
        label=_("What the reporter is told"),
        widget=ParagraphArea("feedback", 4),
        help_text=_("It is read on the reporter's page, and goes out as a letter to who gave a name."),
    )
