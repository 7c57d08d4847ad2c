"""Fields and small forms that leads and cases share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from wulian.force.officers.models import Officer
from wulian.information.registry.models import Party
from wulian.office.jurisdiction.selectors import REGION_NAMES, violation_choices

REGIONS = [(code, name) for code, name in REGION_NAMES.items() if code.startswith("4213")]
PERSON_PARTS = 3


def words(label: Any, *, rows: int = 4, required: bool = True, help_text: Any = "") -> forms.CharField:
    """A field of several lines."""
    return forms.CharField(
        label=label, widget=forms.Textarea(attrs={"rows": rows}), required=required, help_text=help_text
    )


def violation_field(required: bool = True) -> forms.ChoiceField:
    """The penalty catalogue."""
    return forms.ChoiceField(
        label=_("Kind of violation"),
        choices=lambda: [("", _now("Not known yet")), *violation_choices()],
        required=required,
    )


class PartyField(forms.CharField):
    """A party by its unified social credit code or its whole name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Party concerned"))
        kwargs.setdefault("help_text", _("Unified social credit code or whole name, as in the registry."))
        super().__init__(max_length=300, **kwargs)

    def clean(self, value: Any) -> Party | None:
        text = super().clean(value).strip()
        if not text:
            return None
        current = Party.objects.current()
        found = list(current.filter(uscc=text.upper())[:2]) or list(current.filter(name=text)[:2])
        if len(found) != 1:
            raise ValidationError(
                _("Expected one party of the registry; “%(text)s” finds %(count)s."),
                params={"text": text, "count": _now("none") if not found else _now("more than one")},
            )
        return found[0]

    def prepare_value(self, value: Any) -> Any:
        return value


class OfficersField(forms.ModelMultipleChoiceField):
    """Officers of the authority as check boxes; what stands against one is written beside the name."""

    def __init__(self, **kwargs: Any) -> None:
        self.reasons: dict[int, tuple[str, ...]] = {}
        super().__init__(
            queryset=Officer.objects.none(),
            label=_("Officers"),
            help_text=_("At least two, each with a valid certificate for the sector and region."),
            widget=forms.CheckboxSelectMultiple,
            **kwargs,
        )

    def offer(self, officers: list[Officer]) -> None:
        """Offer these officers, with the reasons that stand against each."""
        self.reasons = {officer.pk: officer.reasons for officer in officers}
        self.queryset = Officer.objects.filter(pk__in=self.reasons).select_related("user", "authority")

    def label_from_instance(self, obj: Any) -> str:
        reasons = self.reasons.get(obj.pk, ())
        if not reasons:
            return str(obj)
        return format_html('{} <span class="text-danger">（{}）</span>', obj, "；".join(reasons))


class NoteForm(forms.Form):
    """A reason or an opinion."""

    note = words(_("Note"))

    def __init__(self, *args: Any, required: bool = True, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = required
        if label:
            self.fields["note"].label = label


class ReasonForm(forms.Form):
    """A reason."""

    reason = words(_("Reason"))
