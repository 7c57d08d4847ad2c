"""Sending a matter to a body that is competent: a letter of transfer with minimised content (REFERENCE D.4 CM-3, D.7 L04)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake.choices import ComplaintState, TransferKind
from wulian.casework.intake.models import Complaint, Matter, TipOff
from wulian.casework.intake.services import clocks
from wulian.casework.intake.services.guards import require_authority, require_sight
from wulian.casework.intake.services.minimising import check_outgoing, neutral_summary
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

DISCIPLINE_LETTER = "W39"
LETTER = "移送函"


def transfer_matter(
    *,
    actor: User,
    matter: Matter,
    to: str,
    reason: str,
    summary: str = "",
    kind: str = TransferKind.AUTHORITY,
) -> Matter:
    """Decide that a matter goes to another body (C02/C03 → C10, L02 → L04); the letter goes out with `confirm_transfer`.

    `summary` is all the body will read; without one it is `neutral_summary`. Raises Forbidden for who is neither the dispatcher
    nor, once dispatched, a case officer of the authority; Refusal without the body or the reason, or for a summary that is
    the reporter's letter or could name the reporter.
    """
    event = _event_of(matter)
    if event == "hand_over":
        require_authority(actor, matter)
    else:
        require_sight(actor, matter)
    check_event(subject=matter, event=event, actor=actor, note=reason)
    if not to.strip():
        raise Refusal(_("Receiving body: name the authority it goes to."), field="to")
    if kind not in TransferKind.values:
        raise Refusal(_("Kind of body: choose one of the list."), field="kind")
    said = check_outgoing(actor=actor, matter=matter, text=summary) if summary else neutral_summary(matter)
    with transaction.atomic():
        matter.transfer_kind, matter.transferred_to, matter.transfer_summary = kind, to.strip()[:100], said
        note = f"{matter.transferred_to}：{reason.strip()}"
        apply_event(subject=matter, event=event, actor=actor, note=note, data={"to": matter.transferred_to})
        matter.save()
        clocks.stop(matter, clocks.DISPATCH, actor)
        if isinstance(matter, TipOff):
            clocks.follow_step(tip_off=matter, actor=actor)
        record_event(
            actor=actor, verb="intake.transfer_decided", subject=matter, summary=matter.transferred_to
        )
        tell(matter, roles=[Role.DISPATCHER], title=_("To transfer: %(number)s") % {"number": matter.number})
    return matter


def confirm_transfer(*, actor: User, matter: Matter, note: str = "") -> Matter:
    """Issue the letter of transfer, and to a named reporter the 告知书; our clocks end (C10 → C92, L04 → L92).

    Raises Forbidden for who is not a dispatcher, Refusal in another state.
    """
    require_sight(actor, matter)
    check_event(subject=matter, event="confirm_transfer", actor=actor, note=note)
    with transaction.atomic():
        letter = _issue_letter(actor, matter)
        if not matter.receipt.is_anonymous:
            _issue_information(actor, matter)
        apply_event(
            subject=matter,
            event="confirm_transfer",
            actor=actor,
            note=note,
            data={"document": letter.document_no},
        )
        if isinstance(matter, Complaint):
            clocks.stop(matter, clocks.ADMISSION, actor)
            clocks.void(matter, clocks.DECISION, actor, "已移送有管辖权的机关")
        else:
            clocks.stop(matter, clocks.STEP, actor)
        record_event(actor=actor, verb="intake.transferred", subject=matter, summary=letter.document_no)
    return matter


def _event_of(matter: Matter) -> str:
    if not matter.is_complaint:
        return "transfer"
    return "hand_over" if matter.state == ComplaintState.EXAMINED else "find_not_competent"


def _issue_letter(actor: User, matter: Matter) -> EnforcementDocument:
    received = timezone.localdate(matter.received_at)
    kind = "投诉" if matter.is_complaint else "举报"
    template = DISCIPLINE_LETTER if matter.transfer_kind == TransferKind.DISCIPLINE else LETTER
    return issue_document(
        template=template,
        subject=matter,
        authority=_department(actor),
        actor=actor,
        context={
            "to": matter.transferred_to,
            "fields": {
                "登记号": matter.number,
                "原收到日期": received.isoformat(),
                "招标项目名称": matter.project_name,
                "被反映对象": matter.respondent_names or "无",
            },
            "body": [
                f"现将我单位收到的一件{kind}移送你单位依法处理。该件收到日期为{received.isoformat()}，有关期限请自该日起依法计算。",
                f"反映的主要问题：{matter.transfer_summary}",
                "根据举报人、投诉人保护的有关规定，本函不附原信；确需核对原始材料的，请与我单位联系，按规定程序办理。"
                "请勿将本函内容透露给被反映的单位和个人。",
            ],
        },
    )


def _issue_information(actor: User, matter: Matter) -> None:
    kind = "投诉" if matter.is_complaint else "举报"
    issue_document(
        template="告知书",
        subject=matter,
        authority=_department(actor),
        actor=actor,
        context={
            "to": f"{kind}人（编号{matter.alias}）",
            "fields": {"登记号": matter.number, "招标项目名称": matter.project_name},
            "body": [
                f"你（单位）提出的上述{kind}，经审查不属于本机制各部门的职责范围，已移送{matter.transferred_to}处理。",
                f"你（单位）也可以直接向{matter.transferred_to}提出。",
            ],
        },
    )


def _department(actor: User) -> Department:
    if actor.department is None:
        raise Refusal(_("Authority: your account belongs to no department that could sign the letter."))
    return actor.department
