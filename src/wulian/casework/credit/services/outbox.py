"""双公示: a record waits for a second person, is written as a file, and ends with what the receiver answered."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.cases.models import Case, Decision
from wulian.casework.cases.services import papers
from wulian.casework.cases.services.execution import record_publication
from wulian.casework.credit.choices import TO_PUSH, Gravity, OutboxState
from wulian.casework.credit.models import OutboxFile, OutboxRecord
from wulian.casework.credit.services.records import build_record
from wulian.core.accounts.choices import Role
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.clocks.models import Clock
from wulian.core.clocks.services import start_clock, stop_clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.ui.notifications import notify
from wulian.exchange.credit_record import COLUMNS
from wulian.law.periods import Unit

WITHDRAWAL = "PC-21"
PUSH, CORRECT, WITHDRAW = "push", "correct", "withdraw"


def prepare_record(*, actor: User, case: Case, decision: Decision) -> OutboxRecord:
    """Put a penalty decision into the outbox, once for its authority and number; it waits for approval."""
    with transaction.atomic():
        record, created = OutboxRecord.objects.get_or_create(
            authority_code=case.authority.uscc or case.authority.code,
            decision_no=decision.document_no,
            defaults={"case": case, "prepared_by": actor},
        )
        if created:
            record_event(actor=actor, verb="credit.record_prepared", subject=record, summary=str(record))
            dispatchers = User.objects.with_role(Role.DISPATCHER)
            title = _("A decision waits for its publication: %(record)s") % {"record": record}
            notify(users=dispatchers, title=title, url=record.get_absolute_url())
    return record


@transaction.atomic
def approve_publication(*, actor: User, record: OutboxRecord, gravity: str, note: str = "") -> OutboxRecord:
    """Approve the publication as the second person (行政处罚信息公示审批单) and have the file written.

    Information of the class 轻微 is not publicised for credit. Raises Forbidden for others than the dispatcher and for who prepared
    it; Refusal when the record is not waiting, the decision was revoked, or a field is missing or wrong.
    """
    require_role(actor, Role.DISPATCHER)
    if actor.pk == record.prepared_by_id:
        raise Forbidden(_("The publication is approved by another person than the one who decided."))
    _require(record, {OutboxState.DRAFT, OutboxState.RETURNED})
    if record.case.decision.revoked_on is not None:
        raise Refusal(_("The decision has been revoked."), field="state")
    if gravity not in Gravity.values:
        raise Refusal(_("Class: choose the class of the information."), field="gravity")
    minor = gravity == Gravity.MINOR
    payload = {} if minor else build_record(record.case, gravity).row()
    before = record.state
    record.gravity, record.payload = gravity, payload
    record.approved_by, record.approved_at, record.return_reason = actor, timezone.now(), ""
    record.state = OutboxState.NOT_PUBLISHED if minor else OutboxState.PENDING
    _issue_approval(actor, record, note)
    if not minor:
        _new_file(record, PUSH)
    record.save()
    record_publication(actor=actor, case=record.case, note=f"{Gravity(gravity).label} {note}".strip())
    _note(actor, record, "credit.publication_approved", before)
    return record


@transaction.atomic
def record_receipt(
    *,
    actor: User,
    record: OutboxRecord,
    accepted: bool,
    receipt_no: str = "",
    reason: str = "",
    answered_on: date | None = None,
) -> OutboxRecord:
    """Enter what the provincial platform answered: taken (with its receipt) or returned (with the reason)."""
    require_role(actor, Role.DISPATCHER)
    _require(record, TO_PUSH)
    file = record.files.first()
    if file is None or file.written_at is None:
        raise Refusal(_("The file has not been written yet, so there can be no answer."), field="accepted")
    if accepted and not receipt_no.strip():
        raise Refusal(_("Receipt: expected the number that the platform gave."), field="receipt_no")
    if not accepted and not reason.strip():
        raise Refusal(_("Reason: expected why the record was returned."), field="reason")
    day = answered_on or timezone.localdate()
    if day > timezone.localdate():
        raise Refusal(_("The day %(day)s is in the future.") % {"day": day}, field="answered_on")
    before = record.state
    file.accepted, file.receipt_no = accepted, receipt_no.strip()
    file.answered_on, file.answered_by = day, actor
    file.save(update_fields=["accepted", "receipt_no", "answered_on", "answered_by"])
    if accepted:
        gone = record.state == OutboxState.WITHDRAWING
        record.state = OutboxState.WITHDRAWN if gone else OutboxState.PUSHED
        _stop_withdrawal(actor, record, day)
    elif record.state != OutboxState.WITHDRAWING:
        record.state = OutboxState.RETURNED
    record.return_reason = "" if accepted else reason.strip()[:300]
    record.save(update_fields=["state", "return_reason"])
    if not accepted and before == OutboxState.WITHDRAWING:
        _new_file(record, WITHDRAW)
        record.save(update_fields=["version"])
    _note(actor, record, "credit.receipt_recorded", before)
    return record


@transaction.atomic
def correct_record(*, actor: User, record: OutboxRecord, reason: str) -> OutboxRecord:
    """Push a corrected version of a record that was taken; it is built anew from the file."""
    require_role(actor, Role.DISPATCHER)
    _require(record, {OutboxState.PUSHED})
    if not reason.strip():
        raise Refusal(_("Reason: expected what is corrected."), field="reason")
    payload = build_record(record.case, record.gravity).row()
    if payload == record.payload:
        raise Refusal(_("Nothing has changed since it was pushed."), field="reason")
    before = record.state
    record.payload, record.state = payload, OutboxState.CORRECTING
    _new_file(record, CORRECT)
    record.save()
    _note(actor, record, "credit.record_corrected", before, reason)
    return record


@transaction.atomic
def withdraw_record(*, actor: User, record: OutboxRecord, reason: str) -> OutboxRecord:
    """Withdraw a record because its decision lost its effect: within three working days (行政处罚法 第四十八条第二款)."""
    if record.case.decision.revoked_on is None:
        raise Refusal(_("The decision is in force; its publication is not withdrawn."), field="state")
    if record.state in {OutboxState.WITHDRAWING, OutboxState.WITHDRAWN}:
        return record
    if not reason.strip():
        raise Refusal(_("Reason: expected why the record is withdrawn."), field="reason")
    before = record.state
    if record.version == 0:
        record.state = OutboxState.WITHDRAWN
    else:
        record.state = OutboxState.WITHDRAWING
        _new_file(record, WITHDRAW)
        start_clock(
            actor=actor, subject=record, kind=WITHDRAWAL, label="撤回公示",
            basis="行政处罚法 第四十八条第二款、第八十五条", started_on=record.case.decision.revoked_on, n=3,
            unit=Unit.WORKING_DAY, rule="DT-5",
        )  # fmt: skip
    record.save()
    _note(actor, record, "credit.record_withdrawn", before, reason)
    return record


def retry_file(*, actor: User | None, file: OutboxFile) -> OutboxFile:
    """Have a file written that was not, such as after a full disk; one that was written stays as it is."""
    from wulian.casework.credit.tasks import write_outbox_file

    if actor is not None:
        require_role(actor, Role.DISPATCHER)
    if file.written_at is not None:
        raise Refusal(_("The file has been written."), field="state")
    with transaction.atomic():
        file.attempts += 1
        file.save(update_fields=["attempts"])
        write_outbox_file.enqueue(file.pk)
        record_event(actor=actor, verb="credit.file_retried", subject=file.record, summary=str(file))
    return file


def _new_file(record: OutboxRecord, action: str) -> OutboxFile:
    """Add the next version and enqueue its writing in the same transaction."""
    from wulian.casework.credit.tasks import write_outbox_file

    record.version += 1
    file = OutboxFile.objects.create(
        record=record, version=record.version, action=action, payload=record.payload, attempts=1
    )
    write_outbox_file.enqueue(file.pk)
    return file


def _issue_approval(actor: User, record: OutboxRecord, note: str) -> None:
    gravity = Gravity(record.gravity)
    shown = {
        f"{COLUMNS[name]}（{name}）": value
        for name, value in record.payload.items()
        if value and name not in {"CF_FR_ZJHM", "CF_XDR_ZJHM"}
    }
    words = {
        "minor": "轻微失信信息，原则上不作信用公示",
        "ordinary": "一般失信信息",
        "serious": "严重失信信息",
    }
    papers.issue_general(
        record.case,
        "W45",
        actor=actor,
        fields={"处罚决定书文号": record.decision_no, "信息类别": words[gravity.value], **shown},
        body=[
            f"审批意见：{'不作信用公示，依法公告处理决定' if record.gravity == Gravity.MINOR else '同意公示并推送'}。{note}",
            "依据：《中华人民共和国行政处罚法》第四十八条；《中华人民共和国招标投标法实施条例》第七十八条；"
            "《信用修复管理办法》（国家发展改革委令第36号，来源待核）。",
        ],
    )


def _require(record: OutboxRecord, states: set[OutboxState] | frozenset[OutboxState]) -> None:
    """Hold the row, and refuse when it stands in another state."""
    state = OutboxRecord.objects.select_for_update().values_list("state", flat=True).get(pk=record.pk)
    if state not in states:
        raise Refusal(
            _("The record is in the state “%(state)s”; this is not possible now.")
            % {"state": OutboxState(state).label},
            field="state",
        )


def _note(actor: User, record: OutboxRecord, verb: str, before: str, reason: str = "") -> None:
    record_event(
        actor=actor,
        verb=verb,
        subject=record,
        summary=" ".join(filter(None, [str(record), reason])),
        changes={"state": [before, record.state]} if before != record.state else {},
        data={"version": record.version},
    )


def _stop_withdrawal(actor: User, record: OutboxRecord, day: date) -> None:
    for clock in Clock.objects.of(record).running().filter(kind=WITHDRAWAL):
        stop_clock(actor=actor, clock=clock, stopped_on=max(day, clock.started_on))
