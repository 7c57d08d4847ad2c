"""撤回审查 (投诉处理办法 第十九条 [M]; REFERENCE CH-10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.dialogue.choices import WithdrawalState
from wulian.casework.dialogue.models import WithdrawalRequest
from wulian.casework.dialogue.services import decide_withdrawal
from wulian.casework.handling.choices import Stage
from wulian.casework.handling.models import (
    Withdrawal,
)
from wulian.casework.handling.services import clocks, papers
from wulian.casework.handling.services.guards import (
    authority_of,
    check_past,
    check_words,
    require_independent,
    require_investigator,
)
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.services.admission import addressee
from wulian.casework.intake.services.guards import require_authority
from wulian.casework.intake.services.notices import tell
from wulian.core.accounts.choices import Role
from wulian.core.config.errors import Refusal
from wulian.core.documents.catalogue import chinese_date
from wulian.core.procedures.services import apply_event, check_event

if TYPE_CHECKING:
    from wulian.core.accounts.models import User
    from wulian.core.documents.models import EnforcementDocument


def waiting_request(complaint: Complaint) -> WithdrawalRequest | None:
    """Return the wish to withdraw that waits for an answer, or None."""
    return WithdrawalRequest.objects.of(complaint).filter(state=WithdrawalState.ASKED).first()


def examine_withdrawal(
    *,
    actor: User,
    complaint: Complaint,
    illegality_found: bool,
    harms_others: bool,
    opinion: str,
    received_on: date | None = None,
    reason: str = "",
) -> Withdrawal:
    """Put a written wish to withdraw before the head, with what the investigation has shown so far (→ C09).

    The wish is the one sent online, or a letter (`received_on` and its `reason`). Raises Forbidden for others than the officers
    (the case officers of the authority before there are any), Refusal without a wish or opinion.
    """
    if complaint.state == Stage.ACCEPTED:
        require_authority(actor, complaint)
    else:
        require_investigator(actor, complaint)
    opinion = check_words(opinion, "opinion", _("Opinion on it"), at_least=5)
    request = waiting_request(complaint)
    if request is not None:
        received_on, reason = timezone.localdate(request.requested_at), request.reason
    if received_on is None or not reason.strip():
        raise Refusal(
            _("Withdrawal: expected the day and the reasons of the written request."), field="reason"
        )
    check_past(received_on, "received_on")
    with transaction.atomic():
        apply_event(
            subject=complaint,
            event="request_withdrawal",
            actor=actor,
            note=opinion,
            verb="handling.withdrawal_examined",
        )
        examined = Withdrawal.objects.create(
            complaint=complaint, request=request, received_on=received_on, reason=reason.strip(),
            illegality_found=illegality_found, harms_others=harms_others, opinion=opinion, examined_by=actor,
        )  # fmt: skip
        clocks.start(complaint, clocks.WITHDRAWAL, "permit_withdrawal", actor)
        _tell_head(complaint, _("A withdrawal waits for your decision: %(number)s"))
    return examined


def permit_withdrawal(*, actor: User, complaint: Complaint, note: str) -> EnforcementDocument:
    """Permit the withdrawal (准予撤回决定, C09 → C91): the procedure ends, and may not begin anew on the same facts and reasons.

    Raises Refusal when clear illegality has been found or others would be harmed (投诉处理办法 第十九条 [M]).
    """
    require_independent(actor, complaint)
    examined = _examined(complaint)
    if examined.illegality_found:
        raise Refusal(
            _(
                "Clear illegality has been found, so the withdrawal is not permitted and the handling goes on."
            ),
            field="note",
        )
    if examined.harms_others:
        raise Refusal(
            _("It would harm the state, the public or others, so the withdrawal is not permitted."),
            field="note",
        )
    words = "经审查，未发现损害国家利益、社会公共利益或者他人合法权益的违法行为，本机关决定准予撤回，投诉处理过程终止。"
    ending = "你（单位）不得以同一事实和理由再提出投诉。"
    return _decide_withdrawal(actor, complaint, examined, note, permitted=True, body=[words, ending])


def refuse_withdrawal(*, actor: User, complaint: Complaint, note: str) -> EnforcementDocument:
    """Do not permit the withdrawal (不准予撤回决定, C09 → C06): the investigation goes on."""
    require_independent(actor, complaint)
    words = "经审查，本机关决定不准予撤回，继续调查处理。"
    return _decide_withdrawal(actor, complaint, _examined(complaint), note, permitted=False, body=[words])


def permit_before_acceptance(*, actor: User, complaint: Complaint, note: str) -> WithdrawalRequest:
    """Let a complaint go that has not been accepted yet (C03 → C91); nothing has been investigated, so nothing stands against it."""
    require_authority(actor, complaint)
    request = waiting_request(complaint)
    if request is None or complaint.state != Stage.EXAMINED:
        raise Refusal(_("No wish to withdraw waits for a complaint that is still being examined."))
    with transaction.atomic():
        apply_event(
            subject=complaint,
            event="permit_withdrawal",
            actor=actor,
            note=note,
            verb="handling.withdrawal_decided",
        )
        clocks.stop(complaint, clocks.WITHDRAWAL, actor)
        _end(complaint, actor)
        return decide_withdrawal(actor=actor, request=request, permitted=True, note=note)


def _examined(complaint: Complaint) -> Withdrawal:
    found = Withdrawal.objects.of(complaint).filter(permitted=None).first()
    if found is None:
        raise Refusal(_("No withdrawal is being examined."))
    return found


def _decide_withdrawal(
    actor: User, complaint: Complaint, examined: Withdrawal, note: str, *, permitted: bool, body: Sequence[str]
) -> EnforcementDocument:  # fmt: skip
    event = "permit_withdrawal" if permitted else "refuse_withdrawal"
    check_event(subject=complaint, event=event, actor=actor, note=note)
    with transaction.atomic():
        examined.document = papers.issue_general(
            complaint,
            "准予撤回决定" if permitted else "不准予撤回决定",
            actor=actor,
            to=addressee(complaint),
            fields={"撤回申请收到日期": chinese_date(examined.received_on)},
            body=[f"你（单位）对“{complaint.project_name}”的投诉申请撤回。", *body, f"理由：{note.strip()}"],
        )
        examined.permitted, examined.decided_by = permitted, actor
        examined.decided_on, examined.decision_note = timezone.localdate(), note.strip()
        examined.save()
        apply_event(
            subject=complaint,
            event=event,
            actor=actor,
            note=note,
            data={"document": examined.document.document_no},
            verb="handling.withdrawal_decided",
        )
        clocks.stop(complaint, clocks.WITHDRAWAL, actor)
        if permitted:
            _end(complaint, actor)
        if examined.request is not None:
            decide_withdrawal(actor=actor, request=examined.request, permitted=permitted, note=note)
    return examined.document


def _end(complaint: Complaint, actor: User) -> None:
    for kind in (clocks.DECISION, clocks.INVESTIGATION, "complaint.admission"):
        clocks.void(complaint, kind, actor, "投诉人撤回，程序终止")
    clocks.start(complaint, clocks.ARCHIVE, "archive", actor)


def _tell_head(complaint: Complaint, title: str) -> None:
    tell(
        complaint,
        roles=[Role.AUTHORITY_HEAD],
        department=authority_of(complaint),
        title=title % {"number": complaint.number},
    )
