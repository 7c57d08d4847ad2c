"""The alerts of a dossier, for the pages of other rooms."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from wulian.information.alerts.models import Alert
from wulian.information.alerts.selectors import alerts_of_project
from wulian.information.registry.models import Project

register = template.Library()


@register.inclusion_tag("alerts/_for_project.html", takes_context=True)
def alerts_of(context: template.Context, project: Project) -> dict[str, Any]:
    """Render the alerts of `project` that the reader may see."""
    return {"alerts": list(alerts_of_project(project.pk, context["request"].user))}


@register.inclusion_tag("alerts/_behind.html", takes_context=True)
def alerts_behind(context: template.Context, record: Model) -> dict[str, Any]:
    """Render the alerts that became `record` (a lead, an inspection, a complaint), as far as the reader may see them."""
    kind = ContentType.objects.get_for_model(record)
    alerts = Alert.objects.visible_to(context["request"].user).filter(
        outcomes__content_type=kind, outcomes__object_id=record.pk
    )
    return {"alerts": list(alerts.defer("evidence").distinct())}
