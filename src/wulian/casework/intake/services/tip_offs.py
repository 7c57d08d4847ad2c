"""举报 after its first review: not checked, guided to a complaint, handled flexibly, told to its reporter (REFERENCE D.7)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake.choices import (
    LENIENCY_GROUNDS,
    LenientMeasure,
    LinkKind,
    NotCheckedGround,
    ReceivedVia,
    TipOffState,
)
from wulian.casework.intake.masking import mask_personal
from wulian.casework.intake.models import Complaint, MatterLink, TipOff
from wulian.casework.intake.services import clocks
from wulian.casework.intake.services.contents import MatterContent, check_complaint
from wulian.casework.intake.services.guards import require_authority, require_sight
from wulian.casework.intake.services.linking import remember_text, write_link
from wulian.casework.intake.services.notices import tell
from wulian.casework.intake.services.numbers import take_number
from wulian.casework.intake.signals import tip_off_moved
from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import Department
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.core.documents.services import issue_document
from wulian.core.procedures.selectors import steps_of
from wulian.core.procedures.services import apply_event, check_event

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

SHORTEST_REASON = 10
FOLLOWED = (
    "conclude_unfounded", "confirm_unfounded", "propose_leniency", "return_leniency", "conclude_leniency",
    "propose_filing", "return_filing", "approve_filing",
)  # fmt: skip
"""Events of a lead that its tip-off takes as well."""
MEASURE_PAPERS = {LenientMeasure.INTERVIEW: "W47", LenientMeasure.REMINDER: "W48"}


def decline_check(*, actor: User, tip_off: TipOff, ground: str, reason: str) -> TipOff:
    """Propose not to check a tip-off, on a ground of the list (L02 → L03); a head confirms.

    One that repeats another matter must have been linked to it, so that the file says which. Raises Forbidden for who is not
    a dispatcher, Refusal for another state or ground, or a reason that is too short.
    """
    require_sight(actor, tip_off)
    check_event(subject=tip_off, event="decline_check", actor=actor, note=reason)
    if ground not in NotCheckedGround.values:
        raise Refusal(_("Ground: choose one of the list."), field="ground")
    _require_reason(reason)
    links = MatterLink.objects.of(tip_off).filter(kind=LinkKind.REPEAT)
    earlier = [link.other_end(tip_off).number for link in links]
    if ground == NotCheckedGround.REPEATED and not earlier:
        raise Refusal(
            _("Ground: link the matter that it repeats first, so that the file says which."), field="ground"
        )
    with transaction.atomic():
        tip_off.not_checked_ground = ground
        note = f"{NotCheckedGround(ground).label}：{reason.strip()}"
        _move(
            tip_off,
            "decline_check",
            actor,
            note,
            "intake.check_declined",
            {"ground": ground, "same": earlier},
        )
        clocks.stop(tip_off, clocks.DISPATCH, actor)
        tell(tip_off, roles=[Role.OFFICE_HEAD], title=_("To confirm, not checked: %(number)s") % {"number": tip_off.number})  # fmt: skip
    return tip_off


def archive_unchecked(*, actor: User, tip_off: TipOff, note: str = "") -> EnforcementDocument | None:
    """Confirm that a tip-off is not checked and file it (L03 → L90); a reporter who gave a name gets the 告知书.

    Raises Forbidden for who is not a head, Refusal for who proposed it (a second person confirms).
    """
    require_sight(actor, tip_off)
    check_event(subject=tip_off, event="archive_unchecked", actor=actor, note=note)
    if _last_actor(tip_off, "decline_check") == actor.pk:
        raise Refusal(_("Who proposed it cannot confirm it; a second person must."))
    ground = NotCheckedGround(tip_off.not_checked_ground)
    with transaction.atomic():
        document = None
        if not tip_off.receipt.is_anonymous:
            document = _tell_reporter(
                actor,
                tip_off,
                [
                    f"你（单位）反映的问题，经初步审查，{_GROUND_WORDS[ground]}，决定不予核查。",
                    "如有新的事实或者线索，可以补充后再次反映。",
                ],
            )
        tip_off.feedback = str(_GROUND_WORDS[ground])
        tip_off.feedback_at = timezone.now()
        _move(tip_off, "archive_unchecked", actor, note, "intake.archived_unchecked", _number(document))
    return document


def guide_to_complaint(*, actor: User, tip_off: TipOff, note: str = "") -> EnforcementDocument | None:
    """Tell somebody who has the right to complain how to do so (L02 → L06), by 告知书 when a name was given."""
    require_sight(actor, tip_off)
    check_event(subject=tip_off, event="guide_to_complaint", actor=actor, note=note)
    with transaction.atomic():
        document = None
        if not tip_off.receipt.is_anonymous:
            document = _tell_reporter(
                actor,
                tip_off,
                [
                    "你（单位）反映的事项，符合《中华人民共和国招标投标法实施条例》第六十条规定情形的，可以依法提出投诉。",
                    "投诉应当自知道或者应当知道之日起十日内提出，有明确的请求和必要的证明材料，并以真实姓名（名称）签字或者盖章；"
                    "对资格预审文件、招标文件、开标和评标结果的投诉，应当先向招标人提出异议，异议答复期间不计算在内。",
                    "请持收件编号和查询码到窗口补正，或者在网上提出。",
                ],
            )
        _move(tip_off, "guide_to_complaint", actor, note, "intake.guided", _number(document))
        clocks.stop(tip_off, clocks.DISPATCH, actor)
        tell(
            tip_off,
            roles=[Role.CLERK],
            title=_("Guided to a complaint: %(number)s") % {"number": tip_off.number},
        )
    return document


def was_complete(tip_off: TipOff) -> bool:
    """Say whether what came in as a tip-off was a complaint already: in writing, by name, against somebody, with a request.

    Then its own day of receipt is the complaint's: a complaint is never called a tip-off to win time (REFERENCE D.0).
    """
    in_writing = tip_off.receipt.received_via != ReceivedVia.PHONE
    said = tip_off.respondent_name and tip_off.request and tip_off.evidence
    return bool(in_writing and said and not tip_off.receipt.is_anonymous)


def open_complaint(
    *,
    actor: User,
    tip_off: TipOff,
    request: str,
    knew_on: date,
    respondent_name: str = "",
    evidence: str = "",
    objection_on: date | None = None,
    objection_replied_on: date | None = None,
    completed_at: datetime | None = None,
) -> Complaint:
    """Open the complaint a tip-off was guided to, under the same receipt, code and alias (L06 → C01).

    Its 3 and 30 working days run from `completed_at` (now), the moment the missing parts were handed in, or from the receipt
    when nothing was missing (`was_complete`). Raises Refusal for an anonymous tip-off or a missing part (投诉处理办法 第七条).
    """
    require_sight(actor, tip_off)
    check_event(subject=tip_off, event="become_complaint", actor=actor)
    if tip_off.receipt.is_anonymous:
        raise Refusal(_("A complaint is made under one's own name; the person has to hand in a new one."))
    moment = completed_at or timezone.now()
    if moment > timezone.now() or moment < tip_off.received_at:
        raise Refusal(
            _("Completed at: expected a moment since the tip-off that has passed."), field="completed_at"
        )
    parts: dict[str, Any] = {
        "respondent_name": respondent_name.strip() or tip_off.respondent_name,
        "request": request.strip(),
        "knew_on": knew_on,
        "objection_on": objection_on,
        "objection_replied_on": objection_replied_on,
    }
    check_complaint(MatterContent(topic=tip_off.topic, facts=tip_off.facts, **parts))
    received_at = tip_off.received_at if was_complete(tip_off) else moment.replace(microsecond=0)
    shared = (
        "receipt", "topic", "relation", "project", "lot", "project_text", "sector", "region_code", "respondent",
        "accused_department", "happened_on", "facts", "violation_code",
    )  # fmt: skip
    with transaction.atomic():
        number = take_number(Complaint.kind, timezone.localtime(received_at).year)
        complaint = Complaint(
            **{field: getattr(tip_off, field) for field in shared},
            number=number.text,
            year=number.year,
            sequence=number.n,
            received_at=received_at,
            evidence=evidence.strip() or tip_off.evidence,
            **parts,
        )
        complaint.save()
        apply_event(subject=complaint, event="submit", actor=actor)
        remember_text(complaint)
        clocks.start_complaint_clocks(complaint=complaint, actor=actor)
        record_event(
            actor=actor,
            verb="intake.received",
            subject=complaint,
            summary=f"{tip_off.number} → {complaint.number}",
            data={"receipt": complaint.receipt.number, "received_at": received_at},
        )
        _move(
            tip_off, "become_complaint", actor, complaint.number, "intake.became_complaint", {"complaint": complaint.number}
        )  # fmt: skip
        write_link(
            actor=actor,
            later=complaint,
            earlier=tip_off,
            kind=LinkKind.OPENED,
            reason="举报引导为投诉",
        )
        tell(complaint, roles=[Role.CLERK], title=_("New: %(number)s") % {"number": complaint.number})
    return complaint


def propose_leniency(*, actor: User, tip_off: TipOff, measure: str, ground: str, reason: str) -> TipOff:
    """Propose flexible handling after the check, on a ground in law (L05 → L08, REFERENCE F.3, F.5).

    It never replaces a penalty that is due (P1117 十一). Raises Forbidden for others than a case officer of the authority,
    Refusal for a ground or measure that is not of the list.
    """
    require_authority(actor, tip_off)
    check_event(subject=tip_off, event="propose_leniency", actor=actor, note=reason)
    if measure not in LenientMeasure.values:
        raise Refusal(_("Measure: choose one of the list."), field="measure")
    if ground not in LENIENCY_GROUNDS:
        raise Refusal(
            _("Ground in law: choose one of the list; without one the case is filed."), field="ground"
        )
    _require_reason(reason)
    with transaction.atomic():
        tip_off.lenient_measure, tip_off.lenient_ground = measure, ground
        tip_off.lenient_reviewed_by = None
        note = f"{LENIENCY_GROUNDS[ground][0]}：{reason.strip()}"
        _move(tip_off, "propose_leniency", actor, note, "intake.leniency_proposed", {"ground": ground})
        _announce(tip_off, "propose_leniency", actor, note)
        tell(
            tip_off,
            roles=[Role.LEGAL_REVIEWER],
            department=tip_off.authority,
            title=_("To review, flexible handling: %(number)s") % {"number": tip_off.number},
        )
    return tip_off


def review_leniency(*, actor: User, tip_off: TipOff, note: str) -> TipOff:
    """Record the legal reviewer's consent (L08 stays); without it nobody concludes."""
    require_authority(actor, tip_off)
    check_event(subject=tip_off, event="review_leniency", actor=actor, note=note)
    if _last_actor(tip_off, "propose_leniency") == actor.pk:
        raise Refusal(_("Who proposed it cannot review it; a second person must."))
    with transaction.atomic():
        tip_off.lenient_reviewed_by = actor
        apply_event(subject=tip_off, event="review_leniency", actor=actor, note=note)
        tip_off.save()
        clocks.stop(tip_off, clocks.STEP, actor)
        record_event(actor=actor, verb="intake.leniency_reviewed", subject=tip_off, summary=note.strip())
        tell(
            tip_off,
            roles=[Role.SECTION_HEAD],
            department=tip_off.authority,
            title=_("To conclude, flexible handling: %(number)s") % {"number": tip_off.number},
        )
    return tip_off


def return_leniency(*, actor: User, tip_off: TipOff, note: str) -> TipOff:
    """Send the proposal back to the check (L08 → L05) with the reason."""
    require_authority(actor, tip_off)
    with transaction.atomic():
        tip_off.lenient_measure = tip_off.lenient_ground = ""
        tip_off.lenient_reviewed_by = None
        _move(tip_off, "return_leniency", actor, note, "intake.leniency_returned")
        _announce(tip_off, "return_leniency", actor, note)
    return tip_off


def conclude_leniency(*, actor: User, tip_off: TipOff, note: str) -> EnforcementDocument:
    """Conclude with the paper of the measure, W47 or W48, to who is concerned (L08 → L10).

    Raises Forbidden for who is not a section head of the authority, Refusal before the legal review or for who proposed it.
    """
    require_authority(actor, tip_off)
    check_event(subject=tip_off, event="conclude_leniency", actor=actor, note=note)
    if tip_off.lenient_reviewed_by_id is None:
        raise Refusal(_("The legal reviewer has not agreed yet."))
    if _last_actor(tip_off, "propose_leniency") == actor.pk:
        raise Refusal(_("Who proposed it cannot conclude it; a second person must."))
    title, article = LENIENCY_GROUNDS[tip_off.lenient_ground]
    with transaction.atomic():
        document = issue_document(
            template=MEASURE_PAPERS[LenientMeasure(tip_off.lenient_measure)],
            subject=tip_off,
            authority=_authority(tip_off),
            actor=actor,
            context={
                "to": tip_off.respondent_name,
                "fields": {"涉及项目": tip_off.project_name},
                "body": [
                    f"经核查，{title}。根据{article}的规定，对你（单位）采取本措施。",
                    mask_personal(note.strip()),
                    "请依法规范招标投标活动；再次发生或者拒不改正的，将依法处理。",
                ],
            },
        )
        _move(tip_off, "conclude_leniency", actor, note, "intake.leniency_concluded", _number(document))
        _announce(tip_off, "conclude_leniency", actor, note)
    return document


def give_feedback(*, actor: User, tip_off: TipOff, text: str) -> EnforcementDocument | None:
    """Tell the reporter what came of it (L10 → L90, or beside a filed case); the 告知书 goes to who gave a name.

    What is told is read on the reporter's page as well. Raises Forbidden for who is not a clerk, Refusal in another state or
    when it was given before.
    """
    require_sight(actor, tip_off)
    event = "tell_of_filing" if tip_off.state == TipOffState.FILED else "give_feedback"
    check_event(subject=tip_off, event=event, actor=actor, note=text)
    if tip_off.feedback_at is not None:
        raise Refusal(_("The reporter has been told before."))
    if len(text.strip()) < SHORTEST_REASON:
        raise Refusal(_("Feedback: say in at least ten characters what came of it."), field="text")
    with transaction.atomic():
        document = None
        if not tip_off.receipt.is_anonymous:
            document = _tell_reporter(actor, tip_off, [text.strip()])
        tip_off.feedback, tip_off.feedback_at = text.strip(), timezone.now()
        _move(tip_off, event, actor, "", "intake.feedback_given", _number(document))
        clocks.stop(tip_off, clocks.STEP, actor)
    return document


def follow_lead(*, tip_off: TipOff, event: str, state: str, actor: User | None, note: str) -> TipOff:
    """Move a tip-off with the lead it became, inside the caller's transaction; one that stands there already stays."""
    table = tip_off.get_procedure()
    if tip_off.is_finished or tip_off.state in (state, TipOffState.FEEDBACK):
        return tip_off
    if event in FOLLOWED and table.transition(event, tip_off.state) is not None:
        _move(tip_off, event, actor, note, "intake.followed_lead")
    elif state in table.final_states and table.transition("close_with_lead", tip_off.state) is not None:
        _move(tip_off, "close_with_lead", None, note, "intake.followed_lead")
    return tip_off


_GROUND_WORDS = {
    NotCheckedGround.NO_FACT: "没有可供核查的具体事实或者线索",
    NotCheckedGround.REPEATED: "与已经受理或者办结的事项重复",
    NotCheckedGround.NOT_WITHIN_DUTY: "不属于本机制各部门的职责范围",
}


def _move(
    tip_off: TipOff,
    event: str,
    actor: User | None,
    note: str,
    verb: str,
    data: dict[str, object] | None = None,
) -> None:
    apply_event(subject=tip_off, event=event, actor=actor, note=note, data=data, verb=verb)
    tip_off.save()
    if event != "tell_of_filing":
        clocks.follow_step(tip_off=tip_off, actor=actor)


def _announce(tip_off: TipOff, event: str, actor: User, note: str) -> None:
    tip_off_moved.send(sender=TipOff, tip_off=tip_off, event=event, actor=actor, note=note)


def _tell_reporter(actor: User, tip_off: TipOff, body: list[str]) -> EnforcementDocument:
    if actor.department is None:
        raise Refusal(_("Authority: your account belongs to no department that could sign the letter."))
    return issue_document(
        template="告知书",
        subject=tip_off,
        authority=actor.department,
        actor=actor,
        context={
            "to": f"举报人（编号{tip_off.alias}）",
            "fields": {
                "举报登记号": tip_off.number,
                "收到日期": timezone.localdate(tip_off.received_at).isoformat(),
                "涉及项目": tip_off.project_name,
            },
            "body": body,
        },
    )


def _authority(tip_off: TipOff) -> Department:
    assert tip_off.authority is not None  # require_authority saw to it
    return tip_off.authority


def _number(document: EnforcementDocument | None) -> dict[str, object]:
    return {"document": document.document_no} if document else {}


def _last_actor(tip_off: TipOff, event: str) -> int | None:
    step = steps_of(tip_off).filter(event=event).last()
    return step.actor_id if step else None


def _require_reason(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(_("Reason: expected at least ten characters."), field="reason")
