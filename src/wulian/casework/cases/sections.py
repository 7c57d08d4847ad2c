"""What higher rooms show on the page of a case; they register here, casework never calls up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise

from wulian.casework.cases.models import Case

Render = Callable[[HttpRequest, Case], str]


@dataclass(frozen=True)
class Section:
    """A section of the page: `render(request, case)` gives its HTML, or an empty text to leave it out."""

    key: str
    title: str | Promise
    icon: str
    render: Render


_SECTIONS: dict[str, Section] = {}


def register(key: str, title: str | Promise, render: Render, *, icon: str = "file") -> None:
    """Add a section to the page of a case."""
    _SECTIONS[key] = Section(key, title, icon, render)


def sections_for(request: HttpRequest, case: Case) -> list[dict[str, Any]]:
    """The sections that have something to show."""
    return [
        {"key": item.key, "title": item.title, "icon": item.icon, "body": body}
        for item in _SECTIONS.values()
        if (body := item.render(request, case))
    ]
