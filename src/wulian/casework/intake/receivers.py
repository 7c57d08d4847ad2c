"""What the intake hears from consultations: who is competent for a complaint (REFERENCE D.4 CM-3, I.5)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from wulian.casework.intake.choices import ComplaintState, TipOffState
from wulian.casework.intake.models import Complaint, Matter
from wulian.casework.intake.services.competence import reassign_matter
from wulian.casework.intake.services.notices import tell
from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import Department, User
from wulian.office.consultations.models import Consultation

AT_THE_OFFICE = (ComplaintState.REGISTERED, TipOffState.REVIEWED)
AT_AN_AUTHORITY = (ComplaintState.EXAMINED, ComplaintState.TRANSFER)
"""States in which it can still be said who is competent."""


def take_up_competence(
    *, consultation: Consultation, actor: User, is_held: bool, competent: Department | None, **given: Any
) -> None:
    """The minutes are signed: a complaint goes to the authority they name, or stays where it is; periods run on.

    Where the minutes name none, or no meeting is held, the dispatcher is told to settle it.
    """
    matter = consultation.subject
    if not isinstance(matter, Matter) or matter.state not in (*AT_THE_OFFICE, *AT_AN_AUTHORITY):
        return
    if competent is None or matter.state in AT_THE_OFFICE:
        title = (
            _("To dispatch: %(number)s")
            if competent
            else _("The consultation named no authority: %(number)s")
        )
        tell(matter, roles=[Role.DISPATCHER], title=title % {"number": matter.number}, body=str(consultation))
    elif isinstance(matter, Complaint) and competent.pk != matter.authority_id:
        reason = f"{consultation.document_number}会商纪要：本事项由{competent.name}办理。"
        reassign_matter(actor=actor, matter=matter, authority=competent, reason=reason)
    else:
        tell(
            matter,
            roles=[Role.CASE_OFFICER, Role.SECTION_HEAD],
            department=matter.authority,
            title=_("The consultation leaves it with your department: %(number)s")
            % {"number": matter.number},
            body=str(consultation),
        )
