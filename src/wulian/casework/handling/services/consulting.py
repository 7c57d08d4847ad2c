"""会商研判: the other departments are asked; the head of the authority decides (REFERENCE D.6 C11, I.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from wulian.casework.handling.choices import Stage
from wulian.casework.handling.services.guards import require_investigator
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.services.minimising import check_texts
from wulian.casework.intake.services.notices import tell
from wulian.core.accounts.choices import Role
from wulian.core.procedures.models import ProcedureStep
from wulian.core.procedures.services import apply_event
from wulian.office.consultations.choices import ConsultationType
from wulian.office.consultations.models import Consultation
from wulian.office.consultations.services import propose_consultation

if TYPE_CHECKING:
    from wulian.core.accounts.models import Department, User


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
    check_texts(actor=actor, matter=complaint, texts={"title": title, "facts": facts, "disputes": disputes})
    with transaction.atomic():
        consultation = propose_consultation(
            actor=actor,
            type=ConsultationType.CASE,
            title=title,
            facts=facts,
            disputes=disputes,
            departments=departments,
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


def take_up_minutes(*, consultation: Consultation, actor: User, is_held: bool, **given: Any) -> None:
    """The minutes are signed, or no meeting is held: the investigation goes on (C11 → C06) with what was concluded.

    What was followed, and why the rest was not, stands in the feedback on the tasks of the minutes.
    """
    complaint = consultation.subject
    if not isinstance(complaint, Complaint) or complaint.state != Stage.CONSULTED:
        return
    if consultation != consultation_of(complaint):
        return
    words = consultation.conclusion if is_held else _("No meeting was held.")
    apply_event(
        subject=complaint,
        event="return_from_consultation",
        actor=actor,
        note=f"{consultation.document_number}：{words}",
        data={"consultation": consultation.pk},
        verb="handling.consultation_ended",
    )
    tell(
        complaint,
        roles=[Role.CASE_OFFICER],
        department=complaint.authority,
        title=_("The consultation has ended, go on: %(number)s") % {"number": complaint.number},
    )


def consultation_of(complaint: Complaint) -> Consultation | None:
    """Return the consultation that was called last for this complaint, or None."""
    step = ProcedureStep.objects.for_object(complaint).filter(event="call_consultation").last()
    return Consultation.objects.filter(pk=step.data.get("consultation")).first() if step else None


def consultations_of(complaint: Complaint, user: User) -> list[Consultation]:
    """Return the consultations about a complaint that the user sees, newest first."""
    kind = ContentType.objects.get_for_model(complaint)
    return list(Consultation.objects.visible_to(user).filter(content_type=kind, object_id=complaint.pk))
