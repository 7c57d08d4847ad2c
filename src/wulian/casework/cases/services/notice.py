"""事先告知, 陈述申辩, 听证: nothing is decided before the party could speak (行政处罚法 第四十四、四十五、六十二、六十三条)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.cases.models import Case, DocumentDelivery, Statement
from wulian.casework.cases.parameters import HEARING_WORKING_DAYS, STATEMENT_WORKING_DAYS
from wulian.casework.cases.services import papers
from wulian.casework.cases.services.clocks import (
    close_party_period,
    follow_step,
    has_ended,
    start_party_period,
)
from wulian.casework.cases.services.guards import (
    check_not_future,
    check_power,
    check_team,
    require_assigned,
    require_own_authority,
)
from wulian.casework.cases.services.serving import Service, serve_document
from wulian.casework.cases.services.steps import tell_next
from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.clocks.models import Clock
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.documents.models import EnforcementDocument
from wulian.core.documents.selectors import documents_of
from wulian.core.procedures.services import apply_event, check_event

STATEMENT, HEARING = "PC-05", "PC-06"


def notice_of(case: Case) -> EnforcementDocument | None:
    """Return the 事先告知书 in force, or None."""
    return documents_of(case).filter(template="W22", state="issued").first()


def notice_delivery(case: Case) -> DocumentDelivery | None:
    """Return the service of the notice in force, or None while it has not been served."""
    notice = notice_of(case)
    return case.deliveries.filter(document=notice).first() if notice else None


def issue_notice(
    *, actor: User, case: Case, contact_address: str, contact_person: str, contact_phone: str
) -> EnforcementDocument:
    """Issue the 事先告知书 of the latest proposal, with the right to a hearing where one is to be offered.

    Raises Forbidden unless an officer of the case does it, Refusal outside 事先告知, when a notice is in force, when the list names
    no authority, or when fewer than two officers may act today.
    """
    require_assigned(case.lead, actor)
    if case.state != "P09":
        raise Refusal(_("A notice is issued in the state of the advance notice only."), field="state")
    if notice_of(case):
        raise Refusal(_("A notice has been issued already."), field="state")
    proposal = case.proposals.first()
    if proposal is None:
        raise Refusal(_("There is no proposal to notify."), field="state")
    check_power(case)
    team = check_team(case)
    contact = {
        "contact_address": contact_address,
        "contact_person": contact_person,
        "contact_phone": contact_phone,
    }
    with transaction.atomic():
        document = papers.issue(
            case,
            "W22",
            papers.advance_notice(case, proposal, hearing=proposal.hearing_offered, contact=contact),
            actor=actor,
            officers=team,
        )
        record_event(
            actor=actor, verb="cases.notice_issued", subject=case, summary=document.document_no,
            data={"hearing_offered": proposal.hearing_offered, "reason": proposal.hearing_reason},
        )  # fmt: skip
    return document


def serve_notice(*, actor: User, case: Case, service: Service) -> DocumentDelivery:
    """Record that the notice was served; the party's periods run from that day."""
    require_assigned(case.lead, actor)
    check_event(subject=case, event="serve_notice", actor=actor)
    notice = notice_of(case)
    if notice is None:
        raise Refusal(_("The notice has not been issued yet."), field="state")
    if case.deliveries.filter(document=notice).exists():
        raise Refusal(_("The notice has been served already."), field="state")
    with transaction.atomic():
        delivery = serve_document(actor=actor, case=case, document=notice, service=service)
        step = apply_event(
            subject=case, event="serve_notice", actor=actor, data={"served_on": service.served_on.isoformat()},
            verb="cases.notice_served",
        )  # fmt: skip
        follow_step(subject=case, step=step, actor=actor)
        start_party_period(
            subject=case, code=STATEMENT, label="陈述申辩期限", n=STATEMENT_WORKING_DAYS,
            basis="行政处罚法 第四十五条（未定日数，五个工作日为本系统参数）", on=service.served_on, actor=actor,
        )  # fmt: skip
        proposal = case.proposals.first()
        if proposal is not None and proposal.hearing_offered:
            start_party_period(
                subject=case, code=HEARING, label="申请听证期限", n=HEARING_WORKING_DAYS,
                basis="行政处罚法 第六十四条第一项、第八十五条", on=service.served_on, actor=actor,
            )  # fmt: skip
    return delivery


def record_statement(
    *, actor: User, case: Case, content: str, received_on: date, waives_hearing: bool = False
) -> Statement:
    """Record what the party says; it is heard whenever it comes before the decision.

    The case moves on to its review once the right to a hearing is over: its last day passed, or the party waived it in writing.
    """
    require_assigned(case.lead, actor)
    delivery = notice_delivery(case)
    if case.state not in {"P09", "P10"} or delivery is None:
        raise Refusal(
            _("A statement is received after the notice was served and before the decision."), field="state"
        )
    if not content.strip():
        raise Refusal(_("What the party says: expected its words or their substance."), field="content")
    check_not_future(received_on, "received_on")
    if received_on < delivery.served_on:
        raise Refusal(_("Received on: expected a day after the notice was served."), field="received_on")
    with transaction.atomic():
        statement = Statement.objects.create(
            case=case,
            received_on=received_on,
            content=content.strip(),
            waives_hearing=waives_hearing,
            recorded_by=actor,
        )
        record_event(
            actor=actor,
            verb="cases.statement_recorded",
            subject=case,
            data={"waives_hearing": waives_hearing},
        )
        if waives_hearing:
            close_party_period(subject=case, code=HEARING, actor=actor, on=received_on)
        if case.state == "P09" and has_ended(case, HEARING):
            _receive(actor, case, received_on)
    return statement


def record_hearing_request(*, actor: User, case: Case, requested_on: date, note: str) -> Case:
    """Record that the party asks for a hearing in time; the days of the hearing do not count against the 90."""
    require_assigned(case.lead, actor)
    check_event(subject=case, event="receive_hearing_request", actor=actor, note=note)
    delivery = notice_delivery(case)
    proposal = case.proposals.first()
    if delivery is None or proposal is None or not proposal.hearing_offered:
        raise Refusal(_("No hearing was offered in this case."), field="state")
    check_not_future(requested_on, "requested_on")
    clock = _clock(case, HEARING)
    if clock is not None and clock.due is not None and requested_on > clock.due:
        raise Refusal(
            _("Requested on: the period ended on %(day)s.") % {"day": clock.due.isoformat()},
            field="requested_on",
        )
    with transaction.atomic():
        step = apply_event(
            subject=case, event="receive_hearing_request", actor=actor, note=note,
            data={"requested_on": requested_on.isoformat()}, verb="cases.hearing_requested",
        )  # fmt: skip
        follow_step(subject=case, step=step, actor=actor)
        papers.issue_general(
            case,
            "W24",
            actor=actor,
            body=[f"当事人于{requested_on.isoformat()}提出听证申请，予以受理。", note],
        )
        tell_next(case, actor)
    return case


def close_statement_term(*, actor: User, case: Case) -> Case:
    """Go on when the periods of the party have ended: to the review of its statement, or to the decision.

    Raises Refusal before the notice was served or while a period still runs.
    """
    require_assigned(case.lead, actor)
    check_event(subject=case, event="close_statement_term", actor=actor)
    if notice_delivery(case) is None:
        raise Refusal(_("The notice has not been served; nothing may be decided."), field="state")
    for code in (STATEMENT, HEARING):
        clock = _clock(case, code)
        if not has_ended(case, code) and not (code == STATEMENT and case.statements.exists()):
            raise Refusal(
                _("The period “%(label)s” runs until the end of %(day)s; nothing may be decided before.")
                % {"label": clock.label if clock else code, "day": clock.due if clock else "—"},
                field="state",
            )
    with transaction.atomic():
        if case.statements.exists():
            _receive(actor, case, timezone.localdate())
        else:
            step = apply_event(
                subject=case, event="close_statement_term", actor=actor, verb="cases.statement_term_ended"
            )
            follow_step(subject=case, step=step, actor=actor)
            tell_next(case, actor)
    return case


def answer_statement(*, actor: User, case: Case, answer: str, accepted: bool) -> Case:
    """Answer what the party said, with reasons; the penalty may not grow because of it (行政处罚法 第四十五条第二款)."""
    check_event(subject=case, event="finish_statement_review", actor=actor, note=answer)
    if actor.has_role(Role.CASE_OFFICER):
        require_assigned(case.lead, actor)
    else:
        require_own_authority(case, actor)
    if not has_ended(case, HEARING):
        raise Forbidden(_("The right to a hearing still runs."))
    with transaction.atomic():
        case.statements.filter(answered_at=None).update(
            answer=answer.strip(), accepted=accepted, answered_by=actor, answered_at=timezone.now()
        )
        step = apply_event(
            subject=case, event="finish_statement_review", actor=actor, note=answer,
            data={"accepted": accepted}, verb="cases.statement_answered",
        )  # fmt: skip
        follow_step(subject=case, step=step, actor=actor)
        papers.issue_general(
            case, "W27", actor=actor,
            fields={"是否采纳": "采纳" if accepted else "不采纳"},
            body=["当事人陈述、申辩：", *(item.content for item in case.statements.all()), "复核意见：", answer],
        )  # fmt: skip
        tell_next(case, actor)
    return case


def _receive(actor: User, case: Case, on: date) -> None:
    step = apply_event(subject=case, event="receive_statement", actor=actor, verb="cases.statement_received")
    follow_step(subject=case, step=step, actor=actor, on=on)
    tell_next(case, actor)


def _clock(case: Case, code: str) -> Clock | None:
    return Clock.objects.of(case).filter(kind=code).order_by("-pk").first()
