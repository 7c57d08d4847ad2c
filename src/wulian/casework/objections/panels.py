"""What the watching of objections shows on a dossier's page, and on that of a complaint about the same project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from wulian.casework.objections.models import WatchedObjection
from wulian.core.ui import panels

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

SHOWN = 50


def render_project_panel(request: HttpRequest, project: Model) -> str:
    """The objections of a dossier as HTML; empty when there is none."""
    return _render(request, project.pk)


def render_matter_panel(request: HttpRequest, matter: Any) -> str:
    """The objections of the project a complaint is about: admission asks for them."""
    return _render(request, matter.project_id) if matter.is_complaint and matter.project_id else ""


def register_panels() -> None:
    """Put the objections on the dossier page and the page of a complaint."""
    for page, render in (("project", render_project_panel), ("matter", render_matter_panel)):
        panels.register(page, "objections", _("Objections"), render, icon="message-exclamation", order=28)


def _render(request: HttpRequest, project_id: int) -> str:
    rows = WatchedObjection.objects.visible_to(cast("User", request.user)).filter(project_id=project_id)
    found = list(rows.select_related("lot", "objection").prefetch_related("clocks__suspensions")[:SHOWN])
    if not found:
        return ""
    return render_to_string("objections/_for_project.html", {"watches": found}, request=request)
