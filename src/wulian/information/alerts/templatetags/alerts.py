"""The alerts of a dossier, for the pages of other rooms."""

from __future__ import annotations

from typing import Any

from django import template

from wulian.information.alerts.selectors import alerts_of_project
from wulian.information.registry.models import Project

register = template.Library()


@register.inclusion_tag("alerts/_for_project.html", takes_context=True)
def alerts_of(context: template.Context, project: Project) -> dict[str, Any]:
    """Render the alerts of `project` that the reader may see."""
    return {"alerts": list(alerts_of_project(project.pk, context["request"].user))}
