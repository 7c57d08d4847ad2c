"""The conditions of a question and of the list behind a number: one set for both, made from the cube."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wulian.core.ui.filters import DateRangeWidget, FilterSet
from wulian.dashboards.cubes.cube import Cube
from wulian.dashboards.cubes.dimensions import EMPTY, Dimension, Link


class _AnyChoice(forms.ChoiceField):
    """A choice whose list need not be complete: a code that nobody lists is still a condition."""

    def valid_value(self, value: Any) -> bool:
        return len(str(value)) <= 200


class DimensionFilter(django_filters.Filter):
    """The rows of one value of a dimension."""

    field_class = _AnyChoice

    def __init__(self, cube: Cube, dimension: Dimension) -> None:
        super().__init__(label=dimension.label)
        self.cube, self.dimension = cube, dimension

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return self.cube.narrow(qs, self.dimension.code, value) if value else qs


class PeriodFilter(django_filters.DateFromToRangeFilter):
    """From one day to another, both included, on the column of time of the cube."""

    def __init__(self, cube: Cube) -> None:
        super().__init__(field_name=cube.time, label=cube.time_label, widget=DateRangeWidget())
        self.cube = cube

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        return super().filter(self.cube.prepared(qs, [self.cube.time]), value) if value else qs


class CubeFilterSet(FilterSet):
    """Base of the filter sets made here: dimensions without a list appear only while they are a condition."""

    cube: Cube

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, dimension in self.cube.by_code.items():
            if code not in self.form.fields:
                continue
            chosen = self.data.get(code, "") if self.data else ""
            options = dimension.options()
            if not options and not chosen:
                del self.form.fields[code]
                continue
            if chosen and chosen not in {EMPTY, *(value for value, _label in options)}:
                options = [*options, (chosen, word_for(self.cube, dimension, chosen))]
            self.form.fields[code].choices = [("", _("Any")), *options, (EMPTY, str(_("Not stated")))]


def word_for(cube: Cube, dimension: Dimension, value: str) -> str:
    """The word of a value: from the list of the dimension, or from the record it links to."""
    if value == EMPTY:
        return str(_("Not stated"))
    known = dict(dimension.options())
    if isinstance(dimension, Link) and value.isdigit():
        model: Any = cube.model()
        for part in dimension.path.split("__"):
            model = model._meta.get_field(part).related_model
        name = model._default_manager.filter(pk=value).values_list(dimension.name, flat=True).first()
        return str(name or value)
    return known.get(value) or dimension.word(value)


@lru_cache(maxsize=256)
def filter_class(cube: Cube, only: frozenset[str] | None = None) -> type[CubeFilterSet]:
    """The filter set of a cube: its period, and one condition for each dimension; of these `only` those that are named."""
    filters: dict[str, Any] = {"period": PeriodFilter(cube)}
    for code, dimension in cube.by_code.items():
        if only is None or code in only:
            filters[code] = DimensionFilter(cube, dimension)
    meta = type("Meta", (), {"model": cube.model(), "fields": []})
    return type(f"{cube.code.title()}CubeFilter", (CubeFilterSet,), {**filters, "Meta": meta, "cube": cube})
