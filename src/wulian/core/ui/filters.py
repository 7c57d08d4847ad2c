"""A filter set that looks right in the filter bar."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .inputs import PlainSelect

FEW = 12


def holding(field: str, text: str) -> Q:
    """Rows whose `field` holds `text`, in whatever case; what has only one case, as Chinese, is not folded row by row."""
    cased = text.lower() != text.upper()
    return Q(**{f"{field}__{'icontains' if cased else 'contains'}": text})


class DateRangeWidget(django_filters.widgets.DateRangeWidget):
    """Two date inputs of the browser, from and to."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"type": "date", **(attrs or {})})


class FilterSet(django_filters.FilterSet):
    """Base of every filter set: give each filter its own label.

    django-filter's Chinese catalogue has another locale name, so its generated labels would stay English.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.form.fields.values():
            _show_few_choices(field)
            decorate(field, empty=_("Any"))
            _name_both_ends(field)
            _write_at_once(field)


def _name_both_ends(field: forms.Field) -> None:
    # One label stands over two inputs; who hears the page must hear which is which.
    if isinstance(field.widget, django_filters.widgets.RangeWidget):
        for part, words in zip(field.widget.widgets, (_("%s: from"), _("%s: to")), strict=True):
            part.attrs["aria-label"] = words % field.label


def _write_at_once(field: forms.Field) -> None:
    widget = field.widget
    if type(widget) is not forms.Select:
        return
    # Choices out of the database have no groups, and are not asked for before they are shown.
    grouped = not isinstance(field, forms.ModelChoiceField) and any(
        isinstance(label, (list, tuple)) for _value, label in widget.choices
    )
    if not grouped:
        field.widget = PlainSelect(attrs=widget.attrs, choices=widget.choices)
        field.widget.is_required = widget.is_required


def _show_few_choices(field: forms.Field) -> None:
    # A list box needs Ctrl to choose two rows, which few people know; boxes to tick need no explanation.
    if type(field.widget) is forms.SelectMultiple and isinstance(field, forms.MultipleChoiceField):
        choices = list(field.widget.choices)
        if len(choices) <= FEW:
            field.widget = forms.CheckboxSelectMultiple(choices=choices)


def decorate(field: forms.Field, *, empty: Any = None) -> None:
    """Give a form field's widget the classes of the style sheet, and an empty choice the words of `empty`."""
    widget = field.widget
    if isinstance(widget, (forms.CheckboxInput, forms.CheckboxSelectMultiple, forms.RadioSelect)):
        css = "form-check-input"
    elif isinstance(widget, forms.Select):
        css = "form-select"
    else:
        css = "form-control"
    for part in getattr(widget, "widgets", [widget]):
        part.attrs.setdefault("class", css)
    words = empty or _("Please choose")
    if isinstance(field, forms.ModelChoiceField):
        if set(str(field.empty_label or "-")) == {"-"} and field.empty_label is not None:
            field.empty_label = words
    elif isinstance(field, forms.ChoiceField) and isinstance(widget, forms.Select):
        choices = list(widget.choices)
        if choices and choices[0][0] in ("", None) and set(str(choices[0][1])) <= {"-"}:
            widget.choices = [(choices[0][0], words), *choices[1:]]
