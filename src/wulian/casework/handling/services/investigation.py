"""调查: plan, officers, notices, records of interviews (REFERENCE CH-4 to CH-7; E.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.handling.choices import (
    INVESTIGATING,
    InterviewState,
    NoticeKind,
    RecusalAnswer,
    Stage,
)
from wulian.casework.handling.models import Interview
from wulian.casework.handling.services import clocks, papers
from wulian.casework.handling.services.guards import (
    authority_of,
    check_past,
    check_team,
    check_words,
    investigators,
    require_independent,
    require_investigator,
)
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.services.admission import addressee
from wulian.casework.intake.services.guards import require_authority
from wulian.casework.intake.services.minimising import check_texts
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.documents.catalogue import chinese_date
from wulian.core.files.services import attach_files
from wulian.core.procedures.services import apply_event, check_event
from wulian.core.ui.notifications import notify
from wulian.force.officers.models import Officer
from wulian.force.officers.services import CheckedOfficer

if TYPE_CHECKING:
    from wulian.core.accounts.models import User
    from wulian.core.documents.models import EnforcementDocument


def start_investigation(
    *, actor: User, complaint: Complaint, officers: Iterable[Officer], plan: str
) -> EnforcementDocument:
    """Start the investigation with two officers who may act, and issue the 调查方案 (C05 → C06).

    Raises Forbidden for who is not a case officer of the competent authority, Refusal without a plan, or naming each officer who may
    not act and why (certificate, leave, recusal).
    """
    require_authority(actor, complaint)
    check_event(subject=complaint, event="start_investigation", actor=actor)
    plan = check_words(plan, "plan", _("Plan of the investigation"), at_least=10)
    check_texts(actor=actor, matter=complaint, texts={"plan": plan})
    team = check_team(complaint, officers)
    with transaction.atomic():
        names = _name_officers(complaint, team)
        apply_event(
            subject=complaint,
            event="start_investigation",
            actor=actor,
            note=names,
            verb="handling.investigation_started",
        )
        complaint.save(update_fields=["officers"])
        document = papers.issue_general(
            complaint,
            "调查方案",
            actor=actor,
            body=[plan],
            fields={"收到日期": chinese_date(timezone.localdate(complaint.received_at))},
            officers=team,
        )
        clocks.start(
            complaint,
            clocks.INVESTIGATION,
            "finish_investigation",
            actor,
            on=timezone.localdate(complaint.received_at),
        )
        notify(
            users=[item.officer.user for item in team if item.officer.user_id != actor.pk],
            title=_("You investigate %(number)s") % {"number": complaint.number},
            url=complaint.get_absolute_url(),
        )
    return document


def change_officers(
    *, actor: User, complaint: Complaint, officers: Iterable[Officer], reason: str
) -> Complaint:
    """Name other officers as section head: leave, recusal, end of service; who was one stays barred from deciding.

    Raises Forbidden for another role or authority, Refusal naming each officer who may not act.
    """
    require_independent(actor, complaint)
    checked = check_team(complaint, list(officers))
    before = [one["officer"] for one in complaint.officers]
    with transaction.atomic():
        names = _name_officers(complaint, checked)
        apply_event(
            subject=complaint,
            event="change_officers",
            actor=actor,
            note=f"{names}：{reason.strip()}" if reason.strip() else "",
            data={"before": before, "now": [one.officer.pk for one in checked]},
            verb="handling.officers_changed",
        )
        complaint.save(update_fields=["officers"])
        notify(
            users=[one.officer.user for one in checked],
            title=_("You investigate %(number)s") % {"number": complaint.number},
            url=complaint.get_absolute_url(),
        )
    return complaint


def _name_officers(complaint: Complaint, checked: Iterable[CheckedOfficer]) -> str:
    complaint.officers = [
        {"officer": one.officer.pk, "name": one.name, "certificate_no": one.certificate_no} for one in checked
    ]
    return "、".join(one["name"] for one in complaint.officers)


@dataclass(frozen=True)
class Notice:
    """What a notice says: to whom, about what, when and where, and what to bring."""

    kind: str
    to: str
    content: str
    when: str = ""
    place: str = ""
    materials: str = ""


RIGHTS = "你（单位）有权陈述、申辩，有权申请调查人员回避；应当如实提供有关资料、情况，不得拒绝、隐匿、伪报。"


def send_notice(*, actor: User, complaint: Complaint, notice: Notice) -> EnforcementDocument:
    """Issue a notice of the investigation, signed by both officers; it is served like every other document.

    Raises Forbidden for others than the officers, Refusal when the complaint is not being investigated, the text would give the
    complainant away, or the kind needs a time and a place or a list that is missing.
    """
    require_investigator(actor, complaint)
    _check_stage(complaint)
    kind = NoticeKind(notice.kind)
    to = check_words(notice.to, "to", _("Addressee"))
    content = check_words(notice.content, "content", _("Content of the notice"), at_least=5)
    _check_notice(kind, notice)
    check_texts(
        actor=actor, matter=complaint, texts={"to": to, "content": content, "materials": notice.materials}
    )
    rows = {
        label: text
        for label, text in (("时间", notice.when), ("地点", notice.place), ("需提供的材料", notice.materials))
        if text.strip()
    }
    with transaction.atomic():
        document = papers.issue_general(
            complaint,
            kind.value,
            actor=actor,
            to=to,
            fields=rows,
            body=[*_opening(kind), content, RIGHTS],
            officers=check_team(complaint),
        )
        record_event(
            actor=actor, verb="handling.notice_issued", subject=complaint, summary=document.document_no
        )
    return document


def _opening(kind: NoticeKind) -> list[str]:
    basis = "根据《中华人民共和国招标投标法实施条例》第六十二条的规定，"
    return {
        NoticeKind.DEFENCE: ["本机关已受理对你（单位）的投诉，现将投诉事项送达你（单位），请就下列事项提出书面答辩并提交证据。"],
        NoticeKind.INVESTIGATION: [f"{basis}本机关决定对下列事项进行调查，请予配合。"],
        NoticeKind.INTERVIEW: [f"{basis}本机关需要就下列事项向你询问，请按时到场。"],
        NoticeKind.MATERIALS: [f"{basis}本机关需要调取下列证据材料，请提供原件；提供复制件的，由提供人注明“与原件一致”并签名或者盖章。"],
    }[kind]  # fmt: skip


def _check_notice(kind: NoticeKind, notice: Notice) -> None:
    if kind in (NoticeKind.INTERVIEW, NoticeKind.DEFENCE) and not notice.when.strip():
        raise Refusal(_("Time: expected the day or the last day to answer."), field="when")
    if kind == NoticeKind.INTERVIEW and not notice.place.strip():
        raise Refusal(_("Place: expected where the interview is held."), field="place")
    if kind == NoticeKind.MATERIALS and not notice.materials.strip():
        raise Refusal(_("Materials: expected the list, one a line."), field="materials")


@dataclass(frozen=True)
class Talk:
    """An interview as it went."""

    interviewee: str
    position: str
    began_at: datetime
    ended_at: datetime
    place: str
    recorder: str
    recusal: str
    answers: Sequence[Mapping[str, str]]
    is_complainant: bool = False


def record_interview(*, actor: User, complaint: Complaint, talk: Talk) -> Interview:
    """Write the 询问笔录 (W09) of two officers, to be printed and signed; a complainant stands in it by alias.

    Raises Forbidden for others than the officers, Refusal when the times do not fit, nothing was asked, or the text would give
    the complainant away.
    """
    require_investigator(actor, complaint)
    _check_stage(complaint)
    _check_talk(talk)
    name = addressee(complaint) if talk.is_complainant else talk.interviewee.strip()
    said = "\n".join(f"{one['question']}\n{one['answer']}" for one in talk.answers)
    check_texts(
        actor=actor,
        matter=complaint,
        texts={"interviewee": name, "position": talk.position, "place": talk.place, "answers": said},
    )
    team = check_team(complaint)
    with transaction.atomic():
        document = papers.issue(
            complaint,
            "W09",
            {
                "matter": f"{complaint.number} {complaint.project_name}投诉",
                "interviewee": name,
                "position": talk.position,
                "began": _moment(talk.began_at),
                "ended": _moment(talk.ended_at),
                "place": talk.place,
                "interviewers": "、".join(f"{one.name}（证号：{one.certificate_no}）" for one in team),
                "recorder": talk.recorder,
                "recusal": str(RecusalAnswer(talk.recusal).label),
                "answers": [dict(one) for one in talk.answers],
            },
            actor=actor,
            officers=team,
        )
        values: dict[str, Any] = {**asdict(talk), "interviewee": name[:100], "answers": list(talk.answers)}
        interview = Interview.objects.create(
            complaint=complaint, document=document, recorded_by=actor, **values
        )
        record_event(
            actor=actor, verb="handling.interview_recorded", subject=complaint, summary=document.document_no
        )
    return interview


def sign_interview(
    *, actor: User, interview: Interview, signed_on: Any, refusal_note: str = "", scans: Sequence[Any] = ()
) -> Interview:
    """Keep the scan of the signed record, or why it was not signed and who witnessed that; a complainant's stays on paper.

    Raises Forbidden for others than the officers, Refusal without a scan and without a note, or when it was done before.
    """
    require_investigator(actor, interview.complaint)
    check_past(signed_on, "signed_on")
    if interview.is_complainant and scans:
        raise Refusal(
            _("Scan: the signed record names the complainant; keep the paper in the sealed envelope and do not upload it."),
            field="scans",
        )  # fmt: skip
    if not interview.is_complainant and not scans and not refusal_note.strip():
        raise Refusal(
            _("Scan: expected the signed pages, or a note why they were not signed and who witnessed it."),
            field="scans",
        )
    with transaction.atomic():
        interview = Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
        if interview.state != InterviewState.OPEN:
            raise Refusal(_("This record has been signed already."))
        interview.state = InterviewState.REFUSED if refusal_note.strip() else InterviewState.SIGNED
        interview.signed_on, interview.refusal_note = signed_on, refusal_note.strip()[:300]
        interview.save(update_fields=["state", "signed_on", "refusal_note"])
        if scans:
            attach_files(subject=interview, uploads=scans, actor=actor, anonymous=False, role="interview")
        record_event(
            actor=actor,
            verb="handling.interview_signed",
            subject=interview.complaint,
            summary=f"{interview.document.document_no}：{interview.get_state_display()}",
        )
    return interview


def _check_stage(complaint: Complaint) -> None:
    if complaint.state not in INVESTIGATING:
        raise Refusal(
            _("The complaint is not being investigated; it stands at “%(state)s”.")
            % {"state": complaint.state_title}
        )
    if complaint.state == Stage.INVESTIGATED and len(investigators(complaint)) < 2:
        raise Refusal(_("Two officers have to be named first."), field="officers")
    authority_of(complaint)


def _check_talk(talk: Talk) -> None:
    if not talk.is_complainant:
        check_words(talk.interviewee, "interviewee", _("Interviewed person"), at_least=2)
    if talk.ended_at <= talk.began_at:
        raise Refusal(_("Ended: expected a time after the beginning."), field="ended_at")
    if talk.ended_at > timezone.now():
        raise Refusal(_("Ended: the time is in the future."), field="ended_at")
    if not talk.answers:
        raise Refusal(_("Questions: expected at least one question with its answer."), field="answers")


def _moment(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{chinese_date(local.date())}{local.hour}时{local.minute:02d}分"
