"""Forms of a lead."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.forms.fields import (
    REGIONS,
    OfficersField,
    PartyField,
    violation_field,
    words,
)
from wulian.core.ui.inputs import DayInput
from wulian.force.officers.choices import Sector
from wulian.information.registry.models import Project


class LeadForm(forms.Form):
    """A lead entered by hand."""

    title = forms.CharField(label=_("Title"), max_length=300)
    facts = words(
        _("Facts"),
        rows=6,
        help_text=_("A summary for the file. Nothing may let anybody find out who reported it."),
    )
    violation_code = violation_field(required=False)
    party = PartyField(required=False)
    project_code = forms.CharField(
        label=_("Project code"),
        max_length=200,
        required=False,
        help_text=_("As in the dossier; may stay empty."),
    )
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices)
    region_code = forms.ChoiceField(label=_("Region"), choices=REGIONS)
    conduct_date = forms.DateField(label=_("Date of the conduct"), widget=DayInput(), required=False)

    def clean_project_code(self) -> Project | None:
        code = self.cleaned_data["project_code"].strip()
        if not code:
            return None
        found = Project.objects.filter(project_code=code).first()
        if found is None:
            raise ValidationError(_("There is no project with this code."))
        return found


class ExamineForm(forms.Form):
    """What the preliminary examination completes."""

    title = forms.CharField(label=_("Title"), max_length=300)
    facts = words(_("Facts"), rows=6)
    violation_code = violation_field()
    party = PartyField(required=False)
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices)
    region_code = forms.ChoiceField(label=_("Region"), choices=REGIONS)
    conduct_date = forms.DateField(label=_("Date of the conduct"), widget=DayInput(), required=False)


class ClassifyForm(forms.Form):
    """What the check has shown."""

    violation_code = violation_field()
    party = PartyField()
    conduct_date = forms.DateField(
        label=_("Date of the conduct"),
        widget=DayInput(),
        help_text=_("It decides which version of the law applies."),
    )


class AssignForm(forms.Form):
    """Two officers for a lead."""

    officers = OfficersField()
    note = words(_("Note"), required=False)


class EndorseForm(forms.Form):
    """The opinion of the section head, and the officers of the case."""

    opinion = words(_("Opinion stated"))
    officers = OfficersField()
