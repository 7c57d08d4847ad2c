"""What points and the credit record show on other rooms' pages."""

from __future__ import annotations

from typing import cast

from django.db.models import Model
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases import sections
from wulian.casework.cases.models import Case
from wulian.casework.credit.models import OutboxRecord, PointEvent
from wulian.casework.credit.permissions import may_propose
from wulian.casework.credit.selectors import account_of, events_of
from wulian.core.accounts.models import User
from wulian.core.ui import panels
from wulian.law.points import TRIAL_NOTE

SHOWN = 5


def render_party_panel(request: HttpRequest, party: Model) -> str:
    """Return the account of a party, or nothing while no event of it may be seen."""
    events = list(events_of(party, request.user)[:SHOWN])  # type: ignore[arg-type]
    if not events:
        return ""
    context = {"party": party, "account": account_of(party), "events": events, "trial_note": TRIAL_NOTE}  # type: ignore[arg-type]
    return render_to_string("credit/_for_party.html", context, request=request)


def render_project_panel(request: HttpRequest, project: Model) -> str:
    """Return the points that follow from a dossier, or nothing."""
    user = cast("User", request.user)
    rows = PointEvent.objects.visible_to(user).filter(project_id=project.pk).select_related("party")
    events = list(rows[: SHOWN * 4])
    return render_to_string("credit/_events.html", {"events": events}, request=request) if events else ""


def render_case_section(request: HttpRequest, case: Case) -> str:
    """Return points and publication of a case, once it was decided with a penalty."""
    user = cast("User", request.user)
    record = OutboxRecord.objects.visible_to(user).filter(case=case).first()
    events = list(PointEvent.objects.visible_to(user).filter(case=case).select_related("party"))
    able = may_propose(case, user)
    if record is None and not events and not able:
        return ""
    context = {"case": case, "record": record, "events": events, "may_propose": able and not events}
    return render_to_string("credit/_for_case.html", context, request=request)


def register_panels() -> None:
    """Put points on the party and dossier pages, points and publication on the case page."""
    panels.register("party", "points", _("Credit points"), render_party_panel, icon="scoreboard", order=15)
    panels.register(
        "project", "points", _("Credit points"), render_project_panel, icon="scoreboard", order=25
    )
    sections.register("credit", _("Points and publication"), render_case_section, icon="world-upload")
