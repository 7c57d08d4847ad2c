"""What the comparison shows on a dossier's page: its lots' comparisons, and findings with their level."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from wulian.core.ui import panels
from wulian.information.comparison.permissions import may_read, may_upload
from wulian.information.comparison.selectors import latest_runs, listed_findings
from wulian.information.registry.models import Lot

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

SHOWN = 20


def render_project_panel(request: HttpRequest, project: Model) -> str:
    """The comparisons and findings of a dossier as HTML; empty for who does not work with them, or when there is nothing."""
    user = cast("User", request.user)
    if not may_read(user):
        return ""
    runs, uploads = latest_runs(user, project.pk), may_upload(user)
    if not runs and not uploads:
        return ""
    lots = Lot.objects.visible_to(user).filter(project_id=project.pk).current().order_by("pk")
    findings = listed_findings(user).filter(project_id=project.pk).order_by("rank", "pk")
    count = findings.count()
    context = {
        "runs": runs,
        "lots": lots,
        "findings": findings[:SHOWN],
        "count": count,
        "more": count > SHOWN,
    }
    return render_to_string("comparison/_for_project.html", context, request=request)


def register_panels() -> None:
    """Put comparisons on the dossier page."""
    panels.register(
        "project", "comparison", _("Comparison of bids"), render_project_panel, icon="files", order=17
    )
