"""What the pages of the intake read."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wulian.casework.intake import codes, keys
from wulian.casework.intake.choices import LENIENCY_GROUNDS, OBJECTION_FIRST
from wulian.casework.intake.models import (
    AdmissionPoint,
    Complaint,
    IdentityOpening,
    Matter,
    Receipt,
    TipOff,
)
from wulian.casework.intake.similar import Similar, similar_matters
from wulian.core.accounts.models import Department, User
from wulian.core.clocks.calendars import calendar
from wulian.core.config.errors import Refusal
from wulian.core.procedures.selectors import steps_of
from wulian.crypto import UnknownKey
from wulian.force.officers.models import RecusalDeclaration
from wulian.force.officers.parties import plain_name
from wulian.information.registry.models import Lot, Project, Tender
from wulian.law.periods import DueDate, complaint_due, render_explanation

__all__ = [
    "ShutOut",
    "Similar",
    "explain_limit",
    "filing_limit",
    "filing_limit_of",
    "leniency_of",
    "matters_of",
    "openings_of",
    "outcome_of",
    "points_of",
    "project_by_code",
    "receipt_for",
    "shut_out_of",
    "similar_matters",
    "verify_receipt",
]


def filing_limit(complaint: Complaint) -> DueDate | None:
    """Return the last day of the 10 days to complain (实施条例 第六十条), objection time excluded; None when not known."""
    if complaint.knew_on is None:
        return None
    return filing_limit_of(
        complaint.topic, complaint.knew_on, complaint.objection_on, complaint.objection_replied_on
    )


def filing_limit_of(
    topic: str, knew_on: date, objection_on: date | None = None, replied_on: date | None = None
) -> DueDate:
    """Return the last day to complain for these dates; an objection counts only where the law asks for one."""
    if topic not in OBJECTION_FIRST:
        objection_on = replied_on = None
    return complaint_due(knew_on, calendar(), objection_received=objection_on, replied_on=replied_on)


def explain_limit(limit: DueDate) -> list[str]:
    """Return the steps of a computed date in words of the active language."""
    return render_explanation(limit.explanation, "en" if get_language() == "en" else "zh")


def receipt_for(*, number: str, code: str) -> Receipt | None:
    """Return the receipt that a number and a code belong to, or None; the same work for every answer.

    The number may be that of the receipt or of one of its matters. Raises codes.BadCode for what cannot be a code.
    """
    wanted, stored = codes.read_number(number), codes.code_hash(codes.read_code(code))
    receipt = Receipt.objects.filter(code_hash=stored).first()
    pairs = {(receipt.year, receipt.sequence)} if receipt else set()
    for model in (Complaint, TipOff):
        rows = model._default_manager.filter(receipt__code_hash=stored).values_list("year", "sequence")
        pairs.update(rows)
    return receipt if wanted in pairs else None


def matters_of(receipt: Receipt) -> list[Matter]:
    """Return the matters of one receipt, complaints first."""
    found: list[Matter] = []
    for model in (Complaint, TipOff):
        found += model._default_manager.filter(receipt=receipt).select_related("project", "authority")
    return found


def verify_receipt(*, text: str, signature: str, key_id: str) -> bool:
    """Say whether the signed lines of a receipt are ours, without asking the database."""
    try:
        raw = base64.urlsafe_b64decode(signature.encode())
        return keys.receipt_verifier(key_id).verify(text.encode(), raw)
    except (UnknownKey, ValueError, binascii.Error):
        return False


def project_by_code(code: str) -> tuple[Project, Lot | None] | None:
    """Return the dossier (and lot) with this project, tender or lot code, or None; raises Refusal when several have it."""
    code = code.strip()
    if not code:
        return None
    projects = list(Project.objects.filter(project_code=code)[:2])
    if not projects:
        tenders = Tender.objects.filter(tender_code=code, ended_at=None).select_related("project")[:2]
        projects = [tender.project for tender in tenders]
    if len({project.pk for project in projects}) > 1:
        raise Refusal(
            _("Project: the number %(code)s stands for several.") % {"code": code}, field="project_code"
        )
    if projects:
        return projects[0], None
    lots = list(Lot.objects.filter(lot_code=code, ended_at=None).select_related("project")[:2])
    if len(lots) > 1:
        raise Refusal(
            _("Project: the number %(code)s stands for several.") % {"code": code}, field="project_code"
        )
    return (lots[0].project, lots[0]) if lots else None


def openings_of(matter: Matter) -> QuerySet[IdentityOpening]:
    """Return who asked for the identity in one matter, newest first."""
    return IdentityOpening.objects.of(matter).select_related(
        "requested_by__department", "decided_by__department"
    )


def points_of(complaint: Complaint) -> dict[str, AdmissionPoint]:
    """Return what was decided on each point of the check-list, by ground."""
    return {point.ground: point for point in complaint.points.select_related("decided_by")}


@dataclass(frozen=True)
class ShutOut:
    """Whom the conflict screen keeps a matter from: departments with their people, and officials near to the party."""

    department: str = ""
    people: int = 0
    near: int = 0


def shut_out_of(matter: Matter) -> ShutOut | None:
    """Return whom the conflict screen keeps a matter from, in numbers, or None when nobody (REFERENCE D.9)."""
    today = timezone.localdate()
    recusals = RecusalDeclaration.objects.filter(valid_from__lte=today)
    recusals = recusals.filter(Q(valid_to=None) | Q(valid_to__gte=today))
    keys, codes_named = matter.respondent_keys, {one.uscc for one in matter.respondents} - {""}
    near = {
        officer
        for officer, name, code in recusals.values_list("officer", "party_name", "party_uscc")
        if plain_name(name) in keys or code in codes_named
    }
    accused = list(Department.objects.filter(pk__in=matter.accused_departments()))
    if not accused and not near:
        return None
    people = User.objects.filter(department__in=accused, is_active=True).count()
    return ShutOut("、".join(map(str, accused)), people, len(near))


def leniency_of(tip_off: TipOff) -> dict[str, str]:
    """Return what is proposed: the measure, the ground in law and its article."""
    title, article = LENIENCY_GROUNDS[tip_off.lenient_ground]
    return {"measure": tip_off.get_lenient_measure_display(), "ground": title, "article": article}


def outcome_of(tip_off: TipOff) -> str:
    """Return the last reason of the file, for who writes the feedback: it is not shown to the reporter."""
    step = steps_of(tip_off).exclude(note="").last()
    return step.note if step else ""
