"""What the clause scan shows on a dossier's page: the papers of its lots, and the way to add one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from wulian.core.ui import panels
from wulian.information.findings.permissions import may_upload
from wulian.information.findings.selectors import counted_papers
from wulian.information.registry.models import Lot

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def render_project_panel(request: HttpRequest, project: Model) -> str:
    """The papers of a dossier as HTML; empty when there is none and the reader may add none."""
    user = cast("User", request.user)
    papers = list(counted_papers(user).filter(project_id=project.pk))
    uploads = may_upload(user)
    if not papers and not uploads:
        return ""
    lots = (
        Lot.objects.visible_to(user).filter(project_id=project.pk).current().order_by("pk") if uploads else []
    )
    return render_to_string("findings/_for_project.html", {"papers": papers, "lots": lots}, request=request)


def register_panels() -> None:
    """Put the papers on the dossier page."""
    panels.register("project", "findings", _("Clause scan"), render_project_panel, icon="file-search", order=16)  # fmt: skip
