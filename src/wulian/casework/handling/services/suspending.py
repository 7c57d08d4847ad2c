"""责令暂停招标投标活动: ordered, reviewed, lifted (招标投标法实施条例 第六十二条第一款; REFERENCE CH-4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.handling.models import (
    SuspensionReview,
    TenderSuspension,
)
from wulian.casework.handling.services import clocks, papers
from wulian.casework.handling.services.guards import (
    check_team,
    check_words,
    require_independent,
)
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.services.minimising import check_texts
from wulian.core.config.errors import Refusal
from wulian.core.documents.catalogue import chinese_date
from wulian.core.procedures.services import apply_event, check_event

if TYPE_CHECKING:
    from wulian.core.accounts.models import User
    from wulian.core.documents.models import EnforcementDocument


def suspend_tendering(*, actor: User, complaint: Complaint, reason: str) -> TenderSuspension:
    """Order the procuring entity to suspend (W17); reviewed every five working days (实施条例 第六十二条第一款).

    Raises Forbidden for others than the head of the authority, Refusal without a dossier, a reason, or while it is suspended.
    """
    require_independent(actor, complaint)
    reason = check_words(reason, "reason", _("Reason"), at_least=10)
    check_event(subject=complaint, event="suspend_tendering", actor=actor, note=reason)
    if complaint.project is None:
        raise Refusal(_("Project: link the dossier first; the notice names the tender."), field="reason")
    if TenderSuspension.objects.of(complaint).in_force().exists():
        raise Refusal(_("The tender is suspended already."), field="reason")
    check_texts(actor=actor, matter=complaint, texts={"reason": reason})
    with transaction.atomic():
        suspension = TenderSuspension(
            complaint=complaint, project=complaint.project, lot=complaint.lot, reason=reason, ordered_by=actor
        )
        suspension.document = _suspension_notice(suspension, actor)
        suspension.save()
        apply_event(
            subject=complaint,
            event="suspend_tendering",
            actor=actor,
            note=reason,
            data={"document": suspension.document.document_no},
            verb="handling.tender_suspended",
        )
        clocks.restart_review(suspension, complaint, actor)
    return suspension


def review_suspension(*, actor: User, suspension: TenderSuspension, reason: str) -> SuspensionReview:
    """Look again whether the suspension is still necessary, and let it go on for five working days more."""
    complaint = suspension.complaint
    require_independent(actor, complaint)
    _check_in_force(suspension)
    with transaction.atomic():
        apply_event(
            subject=complaint,
            event="review_suspension",
            actor=actor,
            note=reason,
            verb="handling.suspension_reviewed",
        )
        review = SuspensionReview.objects.create(suspension=suspension, by=actor, reason=reason.strip())
        clocks.restart_review(suspension, complaint, actor)
    return review


def resume_tendering(*, actor: User, suspension: TenderSuspension, reason: str) -> TenderSuspension:
    """Lift the suspension and tell the procuring entity (恢复通知书); the cause may have gone, or the decision has been made."""
    complaint = suspension.complaint
    require_independent(actor, complaint)
    _check_in_force(suspension)
    check_event(subject=complaint, event="resume_tendering", actor=actor, note=reason)
    check_texts(actor=actor, matter=complaint, texts={"reason": reason})
    with transaction.atomic():
        suspension.lifted_on, suspension.lifted_by = timezone.localdate(), actor
        suspension.lift_reason = reason.strip()
        suspension.lift_document = papers.issue_general(
            complaint,
            "恢复通知书",
            actor=actor,
            to=_procurer(suspension),
            fields=_suspension_rows(suspension),
            body=[
                f"本机关《责令暂停招标投标活动通知书》（{suspension.document.document_no}）责令暂停的招标投标活动，现予恢复。",
                f"理由：{reason.strip()}",
                "请自收到本通知书之日起依法恢复有关招标投标活动，并将有关时间安排的调整告知所有投标人。",
            ],
        )
        suspension.save()
        apply_event(
            subject=complaint,
            event="resume_tendering",
            actor=actor,
            note=reason,
            data={"document": suspension.lift_document.document_no},
            verb="handling.tender_resumed",
        )
        clocks.stop_review(suspension, actor)
    return suspension


def _check_in_force(suspension: TenderSuspension) -> None:
    if suspension.lifted_on is not None:
        raise Refusal(_("The suspension has been lifted already."))


def _procurer(suspension: TenderSuspension) -> str:
    lot, project = suspension.lot, suspension.project
    entity = (lot.tender.procuring_entity if lot else None) or project.owner
    return entity.name if entity else f"“{project.name}”招标人"


def _suspension_rows(suspension: TenderSuspension) -> dict[str, str]:
    return {
        "标段": str(suspension.lot) if suspension.lot else "全部标段",
        "抄送": "公共资源交易平台运行服务机构",
    }


def _suspension_notice(suspension: TenderSuspension, actor: User) -> EnforcementDocument:
    return papers.issue_general(
        suspension.complaint,
        "W17",
        actor=actor,
        to=_procurer(suspension),
        fields={**_suspension_rows(suspension), "暂停起始日": chinese_date(suspension.started_on)},
        body=[
            f"本机关正在处理对“{suspension.project.name}”招标投标活动的投诉。{suspension.reason}",
            "根据《中华人民共和国招标投标法实施条例》第六十二条第一款的规定，责令你单位自上述日期起暂停该招标投标活动，"
            "未经本机关书面通知不得恢复。",
            "本机关每五个工作日复核一次暂停的必要性；暂停的原因消除的，及时书面通知恢复。",
        ],
        officers=check_team(suspension.complaint),
    )
