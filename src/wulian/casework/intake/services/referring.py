"""Handing a matter on as a lead, ex officio or to be checked (REFERENCE D.0, D.7; 行政处罚法 第五十四条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake.choices import ComplaintState
from wulian.casework.intake.models import Complaint, Matter
from wulian.casework.intake.services import admission
from wulian.casework.intake.services.guards import require_authority
from wulian.casework.intake.services.minimising import check_outgoing, neutral_summary
from wulian.casework.intake.signals import matter_referred
from wulian.core.accounts.choices import Role
from wulian.core.accounts.guards import require_role
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.procedures.services import apply_event
from wulian.law.violations import violations

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

BESIDE_THE_COMPLAINT = ("C05", "C06", "C08", "C09", "C11", "C12", "C13")
"""States in which a lead is opened beside a complaint that goes on (REFERENCE D.0: never instead of it)."""


def refer_matter(
    *, actor: User, matter: Complaint, summary: str, violation_code: str, reason: str
) -> Complaint:
    """Hand the illegal act behind a complaint on as a lead; `summary` is rewritten, never the reporter's letter.

    A complaint that is not accepted ends there (C04 → L01, with the 不予受理告知书); an accepted one goes on beside the lead.
    Raises Forbidden for others than the competent authority, Refusal when it was handed on before, the state does not fit,
    the summary may not go out (`check_outgoing`), or a receiver refuses.
    """
    require_authority(actor, matter)
    summary = check_outgoing(actor=actor, matter=matter, text=summary)
    with transaction.atomic():
        stored = Complaint.objects.select_for_update().get(pk=matter.pk)
        _check_referral(stored, violation_code, reason)
        if matter.state == ComplaintState.REFUSED:
            admission.refuse_own_proposal(actor, matter)
            apply_event(subject=matter, event="keep_as_lead", actor=actor, note=reason)
            admission.issue_refusal(actor=actor, complaint=matter)
            admission.end_clocks_of_refusal(actor=actor, complaint=matter)
        else:
            require_role(actor, Role.CASE_OFFICER, Role.SECTION_HEAD, Role.AUTHORITY_HEAD)
        matter.violation_code = violation_code or matter.violation_code
        matter.save()
        send_referral(matter=matter, actor=actor, summary=summary, reason=reason)
    return matter


def send_referral(*, matter: Matter, actor: User, summary: str = "", reason: str = "") -> None:
    """Announce `matter_referred` inside the caller's transaction and write it down; a receiver may refuse."""
    matter.referred_at = timezone.now()
    matter.save(update_fields=["referred_at"])
    record_event(
        actor=actor,
        verb="intake.referred",
        subject=matter,
        summary=reason or matter.number,
        data={"violation": matter.violation_code},
    )
    matter_referred.send(
        sender=type(matter),
        matter=matter,
        kind=str(matter.kind),
        project=matter.project,
        party=matter.respondent,
        summary=(summary or neutral_summary(matter)).strip(),
        violation_code=matter.violation_code,
        actor=actor,
    )


def _check_referral(matter: Complaint, violation_code: str, reason: str) -> None:
    if matter.referred_at is not None:
        raise Refusal(_("%(number)s has been handed on as a lead before.") % {"number": matter.number})
    if matter.state != ComplaintState.REFUSED and matter.state not in BESIDE_THE_COMPLAINT:
        raise Refusal(_("A lead is opened once the complaint has been accepted or found inadmissible."))
    if not reason.strip():
        raise Refusal(_("Reason: say what makes it an illegal act to be looked into."), field="reason")
    if violation_code and violation_code not in violations():
        raise Refusal(_("Violation: not in the penalty catalogue."), field="violation_code")
