"""What the pages of the intake read."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wulian.casework.intake import codes, keys
from wulian.casework.intake.choices import OBJECTION_FIRST
from wulian.casework.intake.models import Complaint, IdentityOpening, Matter, Receipt, TipOff
from wulian.core.clocks.calendars import calendar
from wulian.core.config.errors import Refusal
from wulian.crypto import UnknownKey
from wulian.information.registry.models import Lot, Project, Tender
from wulian.law.periods import DueDate, complaint_due, render_explanation

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


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


@dataclass(frozen=True)
class Check:
    """One line of the admission check-list: what the machine sees; a person decides (REFERENCE D.2)."""

    ground: str
    is_fine: bool | None
    text: str


def admission_checks(complaint: Complaint, user: User) -> list[Check]:
    """Compute what can be computed of the six grounds; `is_fine` None asks for a person's eye."""
    limit = filing_limit(complaint)
    received = timezone.localdate(complaint.received_at)
    in_time = limit is not None and received <= limit.due
    needs_objection = complaint.topic in OBJECTION_FIRST
    same = same_matters(complaint, user)
    relation = complaint.get_relation_display() if complaint.relation else _("not stated")
    named = not complaint.receipt.is_anonymous
    return [
        Check("no_interest", None, _("States to be: %(relation)s") % {"relation": relation}),
        Check("not_specific", None, _("Facts, request and leads are given; read them.")),
        Check("no_identity", named, _("Identity is in the vault.") if named else _("Anonymous.")),
        Check(
            "too_late",
            in_time,
            _("10 days until %(due)s, received %(received)s")
            % {"due": limit.due if limit else "—", "received": received},
        ),
        Check(
            "already_decided",
            None if same else True,
            _("%(n)s other matters about this project and party") % {"n": len(same)},
        ),
        Check(
            "objection_first",
            bool(complaint.objection_on) if needs_objection else True,
            _("Objection raised on %(day)s") % {"day": complaint.objection_on or "—"}
            if needs_objection
            else _("No objection is needed for this subject."),
        ),
    ]


def explain_limit(limit: DueDate) -> list[str]:
    """Return the steps of a computed date in words of the active language."""
    return render_explanation(limit.explanation, "en" if get_language() == "en" else "zh")


def same_matters(matter: Matter, user: User) -> list[Matter]:
    """Return other visible matters about the same project and party (or project text), newest first, at most ten."""
    if matter.project_id:
        condition = Q(project=matter.project_id)
    elif matter.project_text:
        condition = Q(project=None, project_text=matter.project_text)
    else:
        return []
    if matter.respondent_key:
        condition &= Q(respondent_key=matter.respondent_key)
    found: list[Matter] = []
    for model in (Complaint, TipOff):
        rows = model.objects.visible_to(user).filter(condition)
        if isinstance(matter, model):
            rows = rows.exclude(pk=matter.pk)
        found += rows[:10]
    return sorted(found, key=lambda row: row.received_at, reverse=True)[:10]


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
