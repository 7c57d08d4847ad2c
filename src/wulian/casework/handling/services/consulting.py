"""会商研判: the other departments are asked; the head of the authority decides (REFERENCE D.6 C11, I.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from wulian.casework.handling.leaks import check_leaks
from wulian.casework.handling.models import (
    Report,
)
from wulian.casework.handling.services.guards import (
    require_investigator,
)
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.services.guards import require_sight
from wulian.core.accounts.choices import Role
from wulian.core.config.errors import Refusal
from wulian.core.procedures.models import ProcedureStep
from wulian.core.procedures.services import apply_event
from wulian.office.consultations.choices import ConsultationType
from wulian.office.consultations.choices import State as MeetingState
from wulian.office.consultations.models import Consultation
from wulian.office.consultations.services import propose_consultation

if TYPE_CHECKING:
    from wulian.core.accounts.models import Department, User

MINUTED = (MeetingState.FOLLOWED, MeetingState.CLOSED)


def call_consultation(
    *,
    actor: User,
    complaint: Complaint,
    title: str,
    facts: str,
    disputes: str,
    departments: Iterable[Department],
) -> Consultation:
    """Ask the other departments in a consultation (C06 → C11); it advises, the head of the authority decides.

    Raises Refusal when the department complained of is invited or the text would give the complainant away.
    """
    require_investigator(actor, complaint)
    invited = list(departments)
    if complaint.accused_department_id in {department.pk for department in invited}:
        raise Refusal(_("Departments: the department complained of is not invited."), field="departments")
    check_leaks(complaint, {"title": title, "facts": facts, "disputes": disputes}, actor=actor)
    with transaction.atomic():
        consultation = propose_consultation(
            actor=actor,
            type=ConsultationType.CASE,
            title=title,
            facts=facts,
            disputes=disputes,
            departments=invited,
            subject=complaint,
        )
        apply_event(
            subject=complaint,
            event="call_consultation",
            actor=actor,
            note=disputes.strip() or title,
            data={"consultation": consultation.pk},
            verb="handling.consultation_called",
        )
    return consultation


def end_consultation(*, actor: User, complaint: Complaint, note: str, conclude: bool = False) -> Complaint:
    """Take up the minutes: go on investigating (C11 → C06), or propose at once on the report that is there (→ C12).

    `note` says what of the advice is followed and why the rest is not. Raises Refusal while the minutes are not signed.
    """
    if actor.has_role(Role.CASE_OFFICER):
        require_investigator(actor, complaint)
    else:
        require_sight(actor, complaint)
    meeting = consultation_of(complaint)
    if meeting is None or meeting.state not in (*MINUTED, MeetingState.REJECTED):
        raise Refusal(_("The minutes of the consultation have not been signed yet."))
    if conclude and not Report.objects.of(complaint).filter(returned_by=None).exists():
        raise Refusal(_("There is no report yet; go on with the investigation and finish it first."))
    event = "conclude_consultation" if conclude else "return_from_consultation"
    with transaction.atomic():
        apply_event(
            subject=complaint,
            event=event,
            actor=actor,
            note=note,
            data={"consultation": meeting.pk},
            verb="handling.consultation_ended",
        )
    return complaint


def consultation_of(complaint: Complaint) -> Consultation | None:
    """Return the consultation that was called last for this complaint, or None."""
    step = ProcedureStep.objects.for_object(complaint).filter(event="call_consultation").last()
    return Consultation.objects.filter(pk=step.data.get("consultation")).first() if step else None


def consultations_of(complaint: Complaint, user: User) -> list[Consultation]:
    """Return the consultations about a complaint that the user sees, newest first."""
    kind = ContentType.objects.get_for_model(complaint)
    return list(Consultation.objects.visible_to(user).filter(content_type=kind, object_id=complaint.pk))
