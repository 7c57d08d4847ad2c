"""What the handling shows on the page of a complaint and on the page of a dossier."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from wulian.casework.handling import selectors
from wulian.casework.handling.models.base import sees_handling
from wulian.casework.handling.permissions import abilities, address
from wulian.casework.handling.services.annex import opening_of
from wulian.casework.handling.services.archiving import what_is_missing
from wulian.casework.handling.services.consulting import consultations_of
from wulian.casework.handling.services.deciding import case_of, lead_of
from wulian.casework.handling.services.serving import still_to_serve
from wulian.casework.handling.services.withdrawing import waiting_request
from wulian.casework.intake.choices import Admission
from wulian.casework.intake.models import Complaint
from wulian.core.ui import panels


def render_investigation(request: HttpRequest, matter: Model) -> str:
    """Officers, days used and excluded, what is suspended, with experts, withdrawn or under consultation."""
    if (context := _context(request, matter)) is None:
        return ""
    complaint = context["complaint"]
    context |= {
        "days": selectors.day_count(complaint),
        "waiting": waiting_request(complaint),
        "consultations": consultations_of(complaint, request.user),  # type: ignore[arg-type]
    }
    return render_to_string("handling/_investigation.html", context, request=request)


def render_evidence(request: HttpRequest, matter: Model) -> str:
    """Evidence with who held it when, and the records of interviews."""
    context = _context(request, matter)
    return render_to_string("handling/_evidence.html", context, request=request) if context else ""


def render_outcome(request: HttpRequest, matter: Model) -> str:
    """Reports with their opinions, the decision, its service, its publication, and what is missing to close the file."""
    if (context := _context(request, matter)) is None:
        return ""
    complaint, decision = context["complaint"], context["decision"]
    if not (context["reports"] or decision or context["proofs"]):
        return ""
    if decision and decision.report.punishable:
        context |= {"lead": lead_of(complaint), "proposed_case": case_of(complaint)}
    if decision:
        context |= {
            "still": still_to_serve(complaint),
            "missing": what_is_missing(complaint),
            "opening": opening_of(complaint, request.user),  # type: ignore[arg-type]
        }
    return render_to_string("handling/_outcome.html", context, request=request)


def render_project(request: HttpRequest, project: Model) -> str:
    """That a tender of the dossier stands still by order."""
    rows = selectors.suspensions_of_project(project.pk)
    if not rows:
        return ""
    ids = [row.complaint_id for row in rows]
    visible = Complaint.objects.visible_to(request.user)  # type: ignore[arg-type]
    seen = set(visible.filter(pk__in=ids).values_list("pk", flat=True))
    return render_to_string("handling/_for_project.html", {"rows": rows, "seen": seen}, request=request)


def register_panels() -> None:
    """Put the handling on the page of a matter, and suspensions on that of a dossier."""
    panels.register("matter", "handling", _("Investigation"), render_investigation, icon="search", order=20)
    panels.register("matter", "evidence", _("Evidence and interviews"), render_evidence, icon="paperclip", order=21)  # fmt: skip
    panels.register("matter", "outcome", _("Proposal, decision, service"), render_outcome, icon="gavel", order=22)  # fmt: skip
    panels.register("project", "suspensions", _("Tender suspended by order"), render_project, icon="player-pause", order=5)  # fmt: skip


def _context(request: HttpRequest, matter: Model) -> dict[str, Any] | None:
    """What every section of a complaint needs, read once a page; None when the reader is not to see it."""
    user = request.user
    if not isinstance(matter, Complaint) or matter.admission != Admission.ACCEPTED or not sees_handling(user):  # type: ignore[arg-type]
        return None
    kept: dict[str, Any] | None = getattr(request, "handling_context", None)
    if kept is None or kept["complaint"].pk != matter.pk:
        may = abilities(matter, user)  # type: ignore[arg-type]
        kept = {
            "complaint": matter,
            "may": {key: address(matter, key) for key in may},
            **selectors.file_of(matter),
        }
        request.handling_context = kept  # type: ignore[attr-defined]
    return dict(kept)
