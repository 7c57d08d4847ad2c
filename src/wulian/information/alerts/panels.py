"""What the alerts show on the pages of the registry."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from wulian.core.ui import panels
from wulian.information.alerts.models import ControlledProject
from wulian.information.alerts.selectors import alerts_of_project, node_colours
from wulian.information.alerts.services.control import KEEPERS
from wulian.information.alerts.smoke import index_of
from wulian.information.registry import lights
from wulian.information.rulebook.models import RuleCheck
from wulian.information.rulebook.selectors import current_rules
from wulian.information.rulebook.services import CHECKERS


def render_project_panel(request: HttpRequest, project: Model) -> str:
    """Return the alerts of a dossier as HTML, with its index and what makes it."""
    alerts = list(alerts_of_project(project.pk, request.user))  # type: ignore[arg-type]
    context = {"alerts": alerts, "index": index_of(alerts), "project": project}
    return render_to_string("alerts/_dossier.html", context, request=request)


def render_control_panel(request: HttpRequest, project: Model) -> str:
    """Return how a project is, or was, controlled; for those who keep the list also the way onto it."""
    controls = ControlledProject.objects.visible_to(request.user).filter(project=project.pk)  # type: ignore[arg-type]
    rows = list(controls.select_related("department").prefetch_related("measures__department"))
    may_place = request.user.has_role(*KEEPERS) and not any(row.released_at is None for row in rows)  # type: ignore[union-attr]
    if not rows and not may_place:
        return ""
    context = {"controls": rows, "may_place": may_place, "project": project}
    return render_to_string("alerts/_control_of_project.html", context, request=request)


def render_checks_panel(request: HttpRequest, project: Any) -> str:
    """Return the questions that officers answer about a dossier, of the nodes it has reached, with what they found."""
    latest: dict[str, RuleCheck] = {}
    checks = RuleCheck.objects.visible_to(request.user).filter(project=project.pk)  # type: ignore[arg-type]
    for check in checks.select_related("officer"):
        latest.setdefault(check.rule_id, check)
    reached = project.stage or "N18"
    rows = [
        {"rule": rule, "check": latest.get(rule.id)}
        for rule in current_rules()
        if rule.id in latest or (rule.enabled and rule.checklist and rule.node <= reached)
    ]
    context = {
        "rows": rows,
        "done": len(latest),
        "project": project,
        "may_check": request.user.has_role(*CHECKERS),  # type: ignore[union-attr]
    }
    return render_to_string("alerts/_checks.html", context, request=request) if rows else ""


def register_panels() -> None:
    """Put the alerts on the dossier page, and their colours on its lights."""
    panels.register("project", "alerts", _("Alerts"), render_project_panel, icon="alert-triangle", order=10)
    panels.register(
        "project", "control", _("Control"), render_control_panel, icon="shield-exclamation", order=12
    )
    panels.register("project", "checks", _("Checks by hand"), render_checks_panel, icon="checklist", order=14)
    lights.register(node_colours)
