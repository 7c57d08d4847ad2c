"""The list behind a number: the list page of the room, with the conditions of the cube."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.core.ui.views import Crumb
from wulian.dashboards.cubes import CUBES
from wulian.dashboards.filters import filter_class


class _RowsMixin:
    """What a list page becomes when it is opened from a number: the same rows, table, rights and export."""

    template_name = "ui/list.html"
    wing = "information"
    subtitle = _(
        "The records behind a number of the statistics; what you may not see is neither counted nor listed."
    )
    bulk_actions: tuple[Any, ...] = ()
    cube: Any

    def get_breadcrumbs(self) -> list[Crumb]:
        address = f"{reverse('dashboards:statistics')}?data={self.cube.code}"
        return [Crumb(_("Statistics"), address)]

    def get_actions(self) -> list[Any]:
        return []

    def get_list_key(self) -> str:
        return f"dashboards.rows.{self.cube.code}"


@lru_cache(maxsize=32)
def view_of(code: str) -> Any:
    """The view of the rows of a cube; raises KeyError for an unknown one."""
    cube = CUBES[code]
    values = {"cube": cube, "filter_class": filter_class(cube)}
    page: Any = type(f"{code.title()}Rows", (_RowsMixin, cube.view), values)
    return page.as_view()


def rows_page(request: HttpRequest, data: str) -> HttpResponseBase:
    """The rows of a cube under the conditions of the address."""
    if data not in CUBES:
        raise Http404
    return view_of(data)(request)
