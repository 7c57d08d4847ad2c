"""What higher rooms show on a page of a lower one; they register here, the lower room never calls up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.utils.functional import Promise

Render = Callable[[HttpRequest, Model], str]


@dataclass(frozen=True)
class Panel:
    """A section of the page: ``render(request, object)`` gives its HTML, or an empty text to leave it out."""

    key: str
    title: str | Promise
    icon: str
    render: Render
    order: int


_PANELS: dict[str, dict[str, Panel]] = {"project": {}, "party": {}, "matter": {}}


def register(
    page: str, key: str, title: str | Promise, render: Render, *, icon: str = "file", order: int = 50
) -> None:
    """Add a panel to the page ``project``, ``party`` or ``matter`` (a complaint or tip-off); raises KeyError for another."""
    _PANELS[page][key] = Panel(key, title, icon, render, order)


def panels_for(page: str, request: HttpRequest, instance: Model) -> list[dict[str, Any]]:
    """The panels that have something to show, in order."""
    shown = []
    for panel in sorted(_PANELS[page].values(), key=lambda item: (item.order, item.key)):
        if body := panel.render(request, instance):
            shown.append({"key": panel.key, "title": panel.title, "icon": panel.icon, "body": body})
    return shown
