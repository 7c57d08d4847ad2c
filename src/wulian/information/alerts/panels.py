"""What the alerts show on the pages of the registry."""

from __future__ import annotations

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from wulian.information.alerts.selectors import alerts_of_project, node_colours
from wulian.information.registry import lights, panels


def render_project_panel(request: HttpRequest, project: Model) -> str:
    """Return the alerts of a dossier as HTML."""
    alerts = list(alerts_of_project(project.pk, request.user))  # type: ignore[arg-type]
    return render_to_string("alerts/_for_project.html", {"alerts": alerts}, request=request)


def register_panels() -> None:
    """Put the alerts on the dossier page, and their colours on its lights."""
    panels.register("project", "alerts", _("Alerts"), render_project_panel, icon="alert-triangle", order=10)
    lights.register(node_colours)
