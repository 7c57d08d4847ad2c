"""What the intake shows on the pages of the registry."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from wulian.casework.intake.models import Complaint, TipOff
from wulian.casework.intake.originals import guard_originals
from wulian.core.files.panels import render_files
from wulian.core.ui import panels


def render_project_panel(request: HttpRequest, project: Model) -> str:
    """Return the complaints and tip-offs about a dossier that the reader may see, or nothing."""
    return _render(request, project=project)


def render_party_panel(request: HttpRequest, party: Model) -> str:
    """Return the complaints and tip-offs against a party that the reader may see, or nothing."""
    return _render(request, respondent=party)


def register_panels() -> None:
    """Put the matters on the dossier page and the party page, and the files on the page of a matter."""
    panels.register(
        "project",
        "intake",
        _("Complaints and tip-offs"),
        render_project_panel,
        icon="message-report",
        order=30,
    )
    panels.register(
        "party", "intake", _("Complaints and tip-offs"), render_party_panel, icon="message-report", order=30
    )
    panels.register("matter", "files", _("Materials"), render_files, icon="paperclip", order=20)
    guard_originals()


def _render(request: HttpRequest, **condition: Any) -> str:
    found: list[Any] = []
    for model in (Complaint, TipOff):
        rows = model.objects.visible_to(request.user).filter(**condition)  # type: ignore[arg-type]
        found += rows.select_related("authority")[:50]
    if not found:
        return ""
    found.sort(key=lambda row: row.received_at, reverse=True)
    return render_to_string("intake/_matters.html", {"matters": found}, request=request)
