"""What the live supervision shows on a dossier's page: the way to its rooms."""

from __future__ import annotations

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from wulian.core.ui import panels
from wulian.information.supervision.models import Room


def render_project_panel(request: HttpRequest, project: Model) -> str:
    """The rooms of a dossier as HTML; empty when there is none."""
    rooms = list(Room.objects.visible_to(request.user).filter(project_id=project.pk).select_related("lot"))  # type: ignore[arg-type]
    if not rooms:
        return ""
    return render_to_string("supervision/_for_project.html", {"rooms": rooms}, request=request)


def register_panels() -> None:
    """Put the rooms on the dossier page."""
    panels.register("project", "supervision", _("Live supervision"), render_project_panel, icon="device-tv", order=12)  # fmt: skip
