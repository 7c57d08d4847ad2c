"""受理审查: accept or not within 3 working days of receipt (实施条例 第六十一条第二款; 投诉处理办法 第十一条、第十二条)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake.checks import Check, admission_checks
from wulian.casework.intake.choices import GROUND_BASIS, GROUNDS, Admission
from wulian.casework.intake.masking import mask_personal
from wulian.casework.intake.models import AdmissionPoint, Complaint
from wulian.casework.intake.services import clocks
from wulian.casework.intake.services.guards import require_authority
from wulian.casework.intake.services.minimising import check_outgoing
from wulian.casework.intake.services.notices import tell
from wulian.casework.intake.signals import completion_asked
from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import Department
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.documents.catalogue import chinese_date
from wulian.core.documents.models import EnforcementDocument
from wulian.core.documents.services import issue_document
from wulian.core.procedures.services import apply_event, check_event

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

REMEDIES = (
    "如不服本决定，可以自收到本告知书之日起六十日内依法申请行政复议，"
    "也可以自收到本告知书之日起六个月内依法向人民法院提起行政诉讼。"
)


@dataclass(frozen=True)
class Decision:
    """What a person decided on one point: whether nothing stands against it, and why when the machine saw otherwise."""

    is_fine: bool
    reason: str = ""


def accept_complaint(
    *,
    actor: User,
    complaint: Complaint,
    contact_person: str,
    contact_phone: str,
    note: str = "",
    points: Mapping[str, Decision] | None = None,
) -> EnforcementDocument:
    """Accept a complaint (C03 → C05) and issue 受理审查表 and 受理通知书; the 30 working days have run since receipt.

    `points` are the decisions by ground; one that is left out is decided as fine, which the machine's objection forbids.
    The notices name the alias only. Raises Forbidden for who is not a case officer of the competent authority, Refusal when
    the state does not allow it, a point stands against it, or the notice would have a blank.
    """
    require_authority(actor, complaint)
    check_event(subject=complaint, event="accept", actor=actor, note=note)
    decided = _decided_points(actor, complaint, points or {})
    against = [point for point in decided if not point.is_fine]
    if against:
        raise Refusal(
            _("“%(point)s” stands against it; a complaint is accepted when nothing does.")
            % {"point": against[0].get_ground_display()},
            field=f"point_{against[0].ground}",
        )
    decide_by, provisional = clocks.decide_by(complaint)
    with transaction.atomic():
        _store_points(complaint, decided)
        _issue_check_list(actor, complaint, decided, "予以受理")
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
                "respondent": complaint.respondent_names,
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


def refuse_complaint(
    *,
    actor: User,
    complaint: Complaint,
    ground: str,
    reason: str,
) -> Complaint:
    """Propose not to accept, on one of the six grounds with its reasons (C03 → C04); a head signs it.

    The point of the ground is decided with the same reasons; one is enough. Raises Forbidden as `accept_complaint` does, Refusal without a
    ground of the list or without reasons.
    """
    require_authority(actor, complaint)
    if ground not in GROUNDS:
        raise Refusal(_("Ground: choose one of the six grounds."), field="ground")
    if len(reason.strip()) < 10:
        raise Refusal(
            _("Reasons: say in at least ten characters why this ground applies here."), field="reason"
        )
    note = f"{GROUNDS[ground].title}：{reason.strip()}"
    check_event(subject=complaint, event="refuse_admission", actor=actor, note=note)
    check = next(one for one in admission_checks(complaint, actor) if one.ground == ground)
    decided = [_decided_point(actor, complaint, check, Decision(False, reason))]
    with transaction.atomic():
        _store_points(complaint, decided)
        complaint.refusal_ground, complaint.refusal_reason = ground, reason.strip()
        _issue_check_list(actor, complaint, decided, "拟不予受理")
        _decide(complaint, actor, Admission.REFUSED)
        apply_event(
            subject=complaint, event="refuse_admission", actor=actor, note=note, data={"ground": ground}
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


def ask_completion(
    *, actor: User, complaint: Complaint, what: Sequence[str], due_on: date
) -> EnforcementDocument:
    """Issue a 补正通知 (C03 stays): what is missing, one a line, and until when. It stops no period (REFERENCE D.2).

    `due_on` is from today to the last of the 3 working days. Sends `completion_asked`. Raises Forbidden for others than a case
    officer of the authority, Refusal for nothing missing, another day, or a line that could name the reporter.
    """
    require_authority(actor, complaint)
    lines = [line.strip() for line in what if line.strip()]
    check_event(subject=complaint, event="ask_completion", actor=actor, note="；".join(lines))
    clock = clocks.running_clock(complaint, clocks.ADMISSION)
    last = clock.due if clock and clock.due else timezone.localdate()
    if not timezone.localdate() <= due_on <= max(last, timezone.localdate()):
        raise Refusal(
            _("Until: expected a day from today to %(day)s; the 3 working days go on.") % {"day": last},
            field="due_on",
        )
    check_outgoing(actor=actor, matter=complaint, text="\n".join(lines), field="what")
    with transaction.atomic():
        document = issue_document(
            template="补正通知",
            subject=complaint,
            authority=_authority(complaint),
            actor=actor,
            context={
                "to": addressee(complaint),
                "fields": {
                    "投诉登记号": complaint.number,
                    "收到日期": timezone.localdate(complaint.received_at).isoformat(),
                    "招标项目名称": complaint.project_name,
                },
                "body": [
                    "你（单位）提出的上述投诉，经审查，尚缺下列材料：",
                    *(f"{place}．{line}" for place, line in enumerate(lines, 1)),
                    f"请于{chinese_date(due_on)}前通过投诉查询页面或者窗口补正。补正期间不停止受理审查期限的计算；逾期未补正的，按现有材料审查。",
                ],
            },
        )
        apply_event(
            subject=complaint,
            event="ask_completion",
            actor=actor,
            note="；".join(lines),
            data={"document": document.document_no, "due_on": due_on.isoformat()},
        )
        record_event(
            actor=actor, verb="intake.completion_asked", subject=complaint, summary=document.document_no
        )
        completion_asked.send(
            sender=Complaint, matter=complaint, what=lines, due_on=due_on, document=document, actor=actor
        )
    return document


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
                "被投诉人": complaint.respondent_names,
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


def _decided_points(actor: User, complaint: Complaint, given: Mapping[str, Decision]) -> list[AdmissionPoint]:
    """Put what a person decided beside what the machine sees; who decides otherwise says why."""
    return [
        _decided_point(actor, complaint, check, given.get(check.ground, Decision(True)))
        for check in admission_checks(complaint, actor)
    ]


def _decided_point(actor: User, complaint: Complaint, check: Check, decision: Decision) -> AdmissionPoint:
    if check.is_fine is not None and decision.is_fine != check.is_fine and not decision.reason.strip():
        raise Refusal(
            _("“%(point)s”: the machine sees it otherwise (%(text)s); say why.")
            % {"point": GROUNDS[check.ground].title, "text": check.text},
            field=f"point_{check.ground}",
        )
    return AdmissionPoint(
        complaint=complaint,
        ground=check.ground,
        machine_is_fine=check.is_fine,
        machine_text=check.text[:300],
        is_fine=decision.is_fine,
        reason=decision.reason.strip()[:500],
        decided_by=actor,
    )


def _store_points(complaint: Complaint, decided: list[AdmissionPoint]) -> None:
    complaint.points.all().delete()
    AdmissionPoint.objects.bulk_create(decided)


def _issue_check_list(
    actor: User, complaint: Complaint, decided: list[AdmissionPoint], outcome: str
) -> EnforcementDocument:
    """Issue the 受理审查表 of the file: each point, what the platform showed, what was decided."""
    lines = {}
    for point in decided:
        verdict = "不存在该情形" if point.is_fine else "存在该情形"
        why = f"；理由：{point.reason}" if point.reason else ""
        lines[GROUNDS[point.ground].title] = f"{verdict}{why}"
    return issue_document(
        template="受理审查表",
        subject=complaint,
        authority=_authority(complaint),
        actor=actor,
        context={
            "fields": {
                "投诉登记号": complaint.number,
                "收到日期": timezone.localdate(complaint.received_at).isoformat(),
                "招标项目名称": complaint.project_name,
                "被投诉人": complaint.respondent_names,
                **lines,
            },
            "body": [f"审查意见：{outcome}。"],
        },
    )


def _decide(complaint: Complaint, actor: User, admission: Admission) -> None:
    complaint.admission, complaint.admission_by = admission, actor
    complaint.admission_at = timezone.now()


def _authority(complaint: Complaint) -> Department:
    assert complaint.authority is not None  # require_authority saw to it
    return complaint.authority
