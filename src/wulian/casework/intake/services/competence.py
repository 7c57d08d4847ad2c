"""Who handles a matter that several could handle, or none will: first receiver, dispute, reassignment (REFERENCE D.4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake.choices import LinkKind
from wulian.casework.intake.models import Complaint, Matter, MatterLink
from wulian.casework.intake.services import clocks
from wulian.casework.intake.services.guards import require_authority, require_sight
from wulian.casework.intake.services.minimising import neutral_summary
from wulian.casework.intake.services.notices import tell
from wulian.casework.intake.services.sheets import order_sheets
from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.core.accounts.models import Department
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.procedures.services import apply_event, check_event
from wulian.office.consultations.choices import ConsultationType
from wulian.office.consultations.models import Consultation
from wulian.office.consultations.services import propose_consultation

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

FIRST_RECEIVER = "《中华人民共和国招标投标法实施条例》第六十一条第一款"


@dataclass(frozen=True)
class FirstReceiver:
    """Who received the same complaint first, and the sentence that says so; `authority` is one of ours, or None."""

    reason: str
    authority: Department | None = None
    is_outside: bool = False


def first_receiver(matter: Matter) -> FirstReceiver | None:
    """Return who received the same matter before, where that decides who handles it (最先收到, CM-2); None otherwise.

    Another body counts when the reporter named the day it was received there; one of ours when the matter is linked as the
    same one again. On the same day a person decides.
    """
    if not isinstance(matter, Complaint):
        return None
    ours = timezone.localdate(matter.received_at)
    if matter.other_authority and matter.other_received_on and matter.other_received_on < ours:
        reason = _(
            "%(body)s received it on %(there)s, we on %(here)s; who received first handles it (%(law)s)."
        )
        given = {"body": matter.other_authority, "there": matter.other_received_on, "here": ours}
        return FirstReceiver(reason % {**given, "law": FIRST_RECEIVER}, is_outside=True)
    for link in MatterLink.objects.of(matter).filter(kind=LinkKind.REPEAT):
        other = link.other_end(matter)
        if other.is_complaint and other.authority and other.received_at < matter.received_at:
            reason = _("%(number)s is about the same and was received earlier by %(name)s; who received first handles it (%(law)s).")  # fmt: skip
            given = {"number": other.number, "name": other.authority, "law": FIRST_RECEIVER}
            return FirstReceiver(reason % given, authority=other.authority)
    return None


def dispute_competence(
    *, actor: User, matter: Complaint, reason: str, departments: Iterable[Department]
) -> Consultation:
    """Say that another department is competent: a consultation decides, and the 3 working days go on (C03).

    `departments` are invited beside one's own. Raises Forbidden for others than the competent authority, Refusal without a
    reason or another department; the consultation reads `neutral_summary`, not the letter.
    """
    require_authority(actor, matter)
    check_event(subject=matter, event="dispute_competence", actor=actor, note=reason)
    own = matter.authority
    assert own is not None  # require_authority saw to it
    others = [one for one in departments if one.pk not in {own.pk, *matter.accused_departments()}]
    if not others:
        raise Refusal(_("Departments: name at least one that may be competent instead."), field="departments")
    with transaction.atomic():
        consultation = propose_consultation(
            actor=actor,
            type=ConsultationType.CASE,
            title=f"{matter.number} 管辖争议",
            facts=neutral_summary(matter),
            disputes=reason.strip(),
            departments=[own, *others],
            subject=matter,
            parties=[one.name for one in matter.respondents],
        )
        apply_event(
            subject=matter,
            event="dispute_competence",
            actor=actor,
            note=reason,
            data={"consultation": consultation.pk, "departments": [one.code for one in others]},
        )
        record_event(
            actor=actor, verb="intake.competence_disputed", subject=matter, summary=str(consultation)
        )
        tell(matter, roles=[Role.DISPATCHER, Role.OFFICE_HEAD], title=_("Competence disputed: %(number)s") % {"number": matter.number})  # fmt: skip
    return consultation


def reassign_matter(*, actor: User, matter: Complaint, authority: Department, reason: str) -> Complaint:
    """Give a complaint to another authority inside the mechanism, after a dispute; receipt and clocks stay (CM-3).

    The dispatcher does it, or the head of the office by signing minutes that name the authority. Raises Forbidden for others, Refusal for the same authority, one that is complained of, or none.
    """
    require_sight(actor, matter)
    check_event(subject=matter, event="reassign", actor=actor, note=reason)
    if authority.kind != DepartmentKind.AUTHORITY or not authority.is_active:
        raise Refusal(_("Authority: choose a competent authority."), field="authority")
    if authority.pk == matter.authority_id:
        raise Refusal(_("Authority: it has been given to this one already."), field="authority")
    if authority.pk in matter.accused_departments():
        raise Refusal(
            _("%(name)s is the department complained of and cannot handle this; take it to a consultation.")
            % {"name": authority},
            field="authority",
        )
    before = matter.authority
    with transaction.atomic():
        matter.authority, matter.authority_reason = authority, reason.strip()[:300]
        matter.dispatched_at = timezone.now()
        matter.transfer_kind = matter.transferred_to = matter.transfer_summary = ""
        apply_event(
            subject=matter,
            event="reassign",
            actor=actor,
            note=reason,
            data={"from": before.code if before else "", "authority": authority.code},
        )
        matter.save()
        clocks.stop(matter, clocks.DISPATCH, actor)
        record_event(
            actor=actor,
            verb="intake.reassigned",
            subject=matter,
            summary=f"{before or '—'} → {authority}",
            changes={"authority": [before.code if before else "", authority.code]},
        )
        order_sheets(matter)
        tell(
            matter,
            roles=[Role.CASE_OFFICER, Role.SECTION_HEAD],
            department=authority,
            title=_("Given to your department: %(number)s") % {"number": matter.number},
            body=matter.project_name,
        )
    return matter
