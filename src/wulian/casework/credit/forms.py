"""Forms of points and credit records."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.casework.credit.choices import Gravity
from wulian.core.ui.inputs import DayInput
from wulian.information.registry.models import Party


def words(label: Any, **kwargs: Any) -> forms.CharField:
    """A field of several lines."""
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 4}), **kwargs)


class ProposeForm(forms.Form):
    """Points on a decision; joint conduct scores each subject."""

    parties = words(
        _("Other subjects of joint conduct"),
        required=False,
        help_text=_("Unified social credit codes, one a line; the party of the case is scored in any case."),
    )

    def clean_parties(self) -> list[Party]:
        found = []
        for code in self.cleaned_data["parties"].split():
            party = Party.objects.current().filter(uscc=code.upper()).first()
            if party is None:
                raise ValidationError(
                    _("No party of the registry has the code %(code)s."), params={"code": code}
                )
            found.append(party)
        return found


class NotifyForm(forms.Form):
    notified_on = forms.DateField(label=_("Notified on"), widget=DayInput(), initial=timezone.localdate)


class ObjectionForm(forms.Form):
    content = words(_("Statement and defence"))


class AnswerForm(forms.Form):
    answer = words(_("Answer to the statement"))


class ReasonForm(forms.Form):
    reason = words(_("Reason"))


class ApproveForm(forms.Form):
    gravity = forms.ChoiceField(
        label=_("Class of the information"),
        choices=Gravity.choices,
        initial=Gravity.ORDINARY,
        widget=forms.RadioSelect,
        help_text=_(
            "It decides how long the record is public; the sources of the periods are still to be verified."
        ),
    )
    note = words(_("Note"), required=False)


class ReceiptForm(forms.Form):
    accepted = forms.BooleanField(label=_("The platform took the record"), required=False, initial=True)
    receipt_no = forms.CharField(label=_("Receipt of the platform"), max_length=80, required=False)
    reason = words(_("Why it was returned"), required=False)
    answered_on = forms.DateField(label=_("Answered on"), widget=DayInput(), initial=timezone.localdate)
