"""受理审查: accept or not within 3 working days of receipt (实施条例 第六十一条第二款; 投诉处理办法 第十一条、第十二条)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake.choices import GROUND_BASIS, GROUNDS, Admission
from wulian.casework.intake.masking import mask_personal
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.services import clocks
from wulian.casework.intake.services.guards import require_authority
from wulian.casework.intake.services.notices import tell
from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import Department
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.core.documents.services import issue_document
from wulian.core.procedures.services import apply_event, check_event

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

REMEDIES = (
    "如不服本决定，可以自收到本告知书之日起六十日内依法申请行政复议，"
    "也可以自收到本告知书之日起六个月内依法向人民法院提起行政诉讼。"
)


def accept_complaint(
    *, actor: User, complaint: Complaint, contact_person: str, contact_phone: str, note: str = ""
) -> EnforcementDocument:
    """Accept a complaint (C03 → C05) and issue the 受理通知书; the 30 working days have run since receipt.

    The notice names the alias only. Raises Forbidden for who is not a case officer of the competent authority, Refusal when
    the state does not allow it or the notice would have a blank.
    """
    require_authority(actor, complaint)
    check_event(subject=complaint, event="accept", actor=actor, note=note)
    decide_by, provisional = clocks.decide_by(complaint)
    with transaction.atomic():
        document = issue_document(
            template="受理通知书",
            subject=complaint,
            authority=_authority(complaint),
            actor=actor,
            context={
                "complainant": addressee(complaint),
                "complaint_no": complaint.number,
                "received_on": timezone.localdate(complaint.received_at),
                "accepted_on": timezone.localdate(),
                "project_name": complaint.project_name,
                "matter": matter_in_words(complaint),
                "respondent": complaint.respondent_name,
                "decide_by": decide_by,
                "decide_by_is_provisional": provisional,
                "contact_person": contact_person,
                "contact_phone": contact_phone,
            },
        )
        _decide(complaint, actor, Admission.ACCEPTED)
        apply_event(
            subject=complaint,
            event="accept",
            actor=actor,
            note=note,
            data={"document": document.document_no},
        )
        complaint.save()
        clocks.stop(complaint, clocks.ADMISSION, actor)
        record_event(actor=actor, verb="intake.accepted", subject=complaint, summary=document.document_no)
    return document


def refuse_complaint(*, actor: User, complaint: Complaint, ground: str, reason: str) -> Complaint:
    """Propose not to accept, on one of the six grounds with its reasons (C03 → C04); a head signs it.

    Raises Forbidden as `accept_complaint` does, Refusal without a ground of the list or without reasons.
    """
    require_authority(actor, complaint)
    if ground not in GROUNDS:
        raise Refusal(_("Ground: choose one of the six grounds."), field="ground")
    if len(reason.strip()) < 10:
        raise Refusal(
            _("Reasons: say in at least ten characters why this ground applies here."), field="reason"
        )
    with transaction.atomic():
        complaint.refusal_ground, complaint.refusal_reason = ground, reason.strip()
        _decide(complaint, actor, Admission.REFUSED)
        apply_event(
            subject=complaint,
            event="refuse_admission",
            actor=actor,
            note=f"{GROUNDS[ground].title}：{reason.strip()}",
            data={"ground": ground},
        )
        complaint.save()
        record_event(
            actor=actor,
            verb="intake.refusal_proposed",
            subject=complaint,
            summary=GROUNDS[ground].title,
        )
        tell(
            complaint,
            roles=[Role.SECTION_HEAD, Role.AUTHORITY_HEAD],
            department=complaint.authority,
            title=_("To sign: not accepting %(number)s") % {"number": complaint.number},
        )
    return complaint


def sign_refusal(*, actor: User, complaint: Complaint, note: str) -> EnforcementDocument:
    """Sign and issue the 不予受理告知书 with reasons and remedies (C04 → C90); the 30 working days fall away.

    Raises Forbidden for who is not a section head or head of the competent authority or proposed it, Refusal in another state.
    """
    require_authority(actor, complaint)
    refuse_own_proposal(actor, complaint)
    check_event(subject=complaint, event="sign_refusal", actor=actor, note=note)
    with transaction.atomic():
        document = issue_refusal(actor=actor, complaint=complaint)
        apply_event(
            subject=complaint,
            event="sign_refusal",
            actor=actor,
            note=note,
            data={"document": document.document_no},
        )
        end_clocks_of_refusal(actor=actor, complaint=complaint)
        record_event(actor=actor, verb="intake.refused", subject=complaint, summary=document.document_no)
    return document


def issue_refusal(*, actor: User, complaint: Complaint) -> EnforcementDocument:
    """Issue the 不予受理告知书 inside the caller's transaction."""
    ground = GROUNDS[complaint.refusal_ground]
    return issue_document(
        template="不予受理告知书",
        subject=complaint,
        authority=_authority(complaint),
        actor=actor,
        context={
            "to": addressee(complaint),
            "fields": {
                "投诉登记号": complaint.number,
                "收到日期": timezone.localdate(complaint.received_at).isoformat(),
                "招标项目名称": complaint.project_name,
                "被投诉人": complaint.respondent_name,
            },
            "body": [
                f"你（单位）提出的上述投诉，经审查，存在下列情形：{ground.title}。",
                f"理由：{complaint.refusal_reason}",
                f"根据{GROUND_BASIS}的规定，本机关决定不予受理。",
                REMEDIES,
            ],
        },
    )


def end_clocks_of_refusal(*, actor: User, complaint: Complaint) -> None:
    """The 3 working days were kept or not; the 30 no longer apply."""
    clocks.stop(complaint, clocks.ADMISSION, actor)
    clocks.void(complaint, clocks.DECISION, actor, "不予受理")


def refuse_own_proposal(actor: User, complaint: Complaint) -> None:
    """Raise Refusal when the person who proposed not to accept would also sign it."""
    if complaint.admission_by_id == actor.pk:
        raise Refusal(_("Who proposed not to accept a complaint cannot sign it; a second person must."))


def addressee(complaint: Complaint) -> str:
    """How documents name the complainant: by alias; the envelope is addressed from the vault."""
    return f"投诉人（编号{complaint.alias}）"


def matter_in_words(complaint: Complaint) -> str:
    """One line about the matter for a notice: subject and the first words, without personal data."""
    words = " ".join(mask_personal(complaint.facts).split())
    return words if len(words) <= 120 else words[:119] + "…"


def _decide(complaint: Complaint, actor: User, admission: Admission) -> None:
    complaint.admission, complaint.admission_by = admission, actor
    complaint.admission_at = timezone.now()


def _authority(complaint: Complaint) -> Department:
    assert complaint.authority is not None  # require_authority saw to it
    return complaint.authority
