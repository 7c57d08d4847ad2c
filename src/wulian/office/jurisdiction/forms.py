"""Forms of the jurisdiction list."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.choices import CITY_REGION, DepartmentKind
from wulian.core.accounts.models import Department
from wulian.core.ui.inputs import DayInput
from wulian.law.instruments import instruments
from wulian.law.violations import Provision

from .choices import OfficeRole, Reach, RuleType, Sector
from .selectors import REGION_NAMES, violation_choices

_ARTICLE = re.compile(r"^([1-9]\d?)(?:\(([1-9]\d?)\))?$")
REGIONS = [(code, f"{name} {code}") for code, name in REGION_NAMES.items() if code.startswith("4213")]


class AuthorityField(forms.ModelChoiceField):
    """An active competent authority; the coordinating office is not among them."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Authority in charge"))
        super().__init__(
            queryset=Department.objects.filter(kind=DepartmentKind.AUTHORITY, is_active=True), **kwargs
        )


def _violations() -> list[tuple[str, Any]]:
    return [("", _("Every violation")), *violation_choices()]


def _instruments() -> list[tuple[str, str]]:
    return [(key, item.title) for key, item in instruments().items()]


class RuleForm(forms.Form):
    """A new item."""

    item_no = forms.CharField(label=_("Item number"), max_length=40)
    item_name = forms.CharField(label=_("Item name"), max_length=300)
    type = forms.ChoiceField(label=_("Type"), choices=RuleType.choices)
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices)
    violation_code = forms.ChoiceField(label=_("Violation type"), choices=_violations, required=False)
    region_code = forms.ChoiceField(label=_("Administrative region"), choices=REGIONS, initial=CITY_REGION)
    reach = forms.ChoiceField(label=_("Jurisdiction rule"), choices=Reach.choices)
    authority = AuthorityField(
        help_text=_("The organ in whose name the act is done and whose seal is on the document.")
    )
    handling_section = forms.CharField(label=_("Handling section"), max_length=100, required=False)
    office_role = forms.ChoiceField(label=_("Role of the coordinating office"), choices=OfficeRole.choices)
    instrument = forms.ChoiceField(label=_("Legal basis"), choices=_instruments)
    article = forms.RegexField(
        label=_("Article"), regex=_ARTICLE, max_length=8, help_text=_("For example 53 or 61(1).")
    )
    entrusted_no = forms.CharField(
        label=_("Number of the entrustment letter (W50)"),
        max_length=60,
        required=False,
        help_text=_("Only when the authority has entrusted another organisation in writing."),
    )
    valid_from = forms.DateField(label=_("Valid from"), widget=DayInput, initial=timezone.localdate)
    valid_to = forms.DateField(label=_("Valid to"), widget=DayInput, required=False)

    def service_values(self) -> dict[str, Any]:
        """The values as `add_rule` takes them."""
        values = dict(self.cleaned_data)
        key, article = values.pop("instrument"), values.pop("article")
        number, paragraph = _ARTICLE.fullmatch(article).groups()  # type: ignore[union-attr]
        provision = Provision(
            key, instruments()[key].title, int(number), int(paragraph) if paragraph else None
        )
        values["legal_basis"] = [{"instrument": key, "article": article, "text": str(provision)}]
        return values


class EndForm(forms.Form):
    """The last day of an item."""

    valid_to = forms.DateField(label=_("Last day"), widget=DayInput, initial=timezone.localdate)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("For example the number of the document that changes the list."),
    )


class PublishForm(forms.Form):
    """A publication of the whole list."""

    as_of = forms.DateField(label=_("As of"), widget=DayInput, initial=timezone.localdate)
    url = forms.URLField(label=_("Public address"), max_length=300, assume_scheme="https")


class WhoForm(forms.Form):
    """A question to the list."""

    type = forms.ChoiceField(label=_("Type"), choices=RuleType.choices)
    violation_code = forms.ChoiceField(label=_("Violation type"), choices=_violations, required=False)
    sector = forms.ChoiceField(label=_("Sector"), choices=Sector.choices)
    region_code = forms.ChoiceField(label=_("Administrative region"), choices=REGIONS)
    on = forms.DateField(label=_("Date"), widget=DayInput, initial=timezone.localdate)
