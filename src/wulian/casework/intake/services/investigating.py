"""调查: two officers, and expert time that does not count (实施条例 第六十一条第二款; REFERENCE CH-1, CH-3, CH-5)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake.models import Complaint
from wulian.casework.intake.services import clocks
from wulian.casework.intake.services.guards import require_authority
from wulian.core.audit.services import record_event
from wulian.core.clocks.choices import NEEDS_DOCUMENT, SuspensionReason
from wulian.core.clocks.models import Clock
from wulian.core.clocks.services import resume_clock, suspend_clock
from wulian.core.config.errors import Refusal
from wulian.core.procedures.services import apply_event, check_event
from wulian.force.officers.models import Officer
from wulian.force.officers.parties import PartyReference
from wulian.force.officers.services import check_officers

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def start_investigation(
    *, actor: User, complaint: Complaint, officers: Iterable[Officer], note: str = ""
) -> Complaint:
    """Start the investigation with at least two officers who may act here (C05 → C06).

    Raises Forbidden for who is not a case officer of the competent authority, Refusal naming each officer who may not act
    and why (certificate, leave, recusal).
    """
    require_authority(actor, complaint)
    check_event(subject=complaint, event="start_investigation", actor=actor, note=note)
    assert complaint.authority is not None  # require_authority saw to it
    against = PartyReference(
        complaint.respondent_name, complaint.respondent.uscc if complaint.respondent else ""
    )
    checked = check_officers(
        officers=officers,
        authority=complaint.authority,
        sector=complaint.sector,
        region_code=complaint.region_code,
        on=timezone.localdate(),
        parties=[against],
    )
    with transaction.atomic():
        complaint.officers = [
            {"officer": one.officer.pk, "name": one.name, "certificate_no": one.certificate_no}
            for one in checked
        ]
        names = "、".join(one.name for one in checked)
        apply_event(subject=complaint, event="start_investigation", actor=actor, note=note or names)
        complaint.save()
        record_event(actor=actor, verb="intake.investigation_started", subject=complaint, summary=names)
    return complaint


def commission_experts(
    *,
    actor: User,
    complaint: Complaint,
    from_day: date,
    reason: str,
    document_no: str,
    institute: str,
    note: str,
) -> Complaint:
    """Commission testing, appraisal or review (C06 → C08); the 30 working days stand still from the day of delivery.

    `reason` is one of SuspensionReason's expert reasons. Raises Forbidden, or Refusal when it is another, the commissioning
    letter or the institute is missing, or the day does not fit the clock.
    """
    require_authority(actor, complaint)
    if reason not in NEEDS_DOCUMENT:
        raise Refusal(
            _(
                "Reason: expected inspection, testing, appraisal or expert review; nothing else stops the period."
            ),
            field="reason",
        )
    if not institute.strip():
        raise Refusal(_("Institute: name who does the work."), field="institute")
    with transaction.atomic():
        apply_event(subject=complaint, event="commission_expert", actor=actor, note=note)
        suspend_clock(
            actor=actor,
            clock=_decision_clock(complaint),
            from_day=from_day,
            reason_code=SuspensionReason(reason),
            document_no=document_no,
            institute=institute,
            note=note,
        )
        record_event(actor=actor, verb="intake.experts_commissioned", subject=complaint, summary=document_no)
    return complaint


def receive_expertise(*, actor: User, complaint: Complaint, to_day: date, note: str = "") -> Complaint:
    """Record the day the opinion came (C08 → C06); the period goes on with the next day."""
    require_authority(actor, complaint)
    with transaction.atomic():
        apply_event(subject=complaint, event="receive_expertise", actor=actor, note=note)
        resume_clock(actor=actor, clock=_decision_clock(complaint), to_day=to_day, note=note)
        record_event(actor=actor, verb="intake.expertise_received", subject=complaint, summary=note)
    return complaint


def _decision_clock(complaint: Complaint) -> Clock:
    clock = clocks.running_clock(complaint, clocks.DECISION)
    if clock is None:
        raise Refusal(_("The 30 working days of this complaint do not run any more."))
    return clock
