"""After the decision: service, payment, publication."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from wulian.casework.cases import signals
from wulian.casework.cases.models import Case, DocumentDelivery
from wulian.casework.cases.services.clocks import follow_step
from wulian.casework.cases.services.guards import check_not_future, require_assigned
from wulian.casework.cases.services.serving import Service, serve_document
from wulian.casework.cases.services.steps import tell_next
from wulian.core.accounts.models import User
from wulian.core.config.errors import Refusal
from wulian.core.procedures.services import apply_event, check_event


def record_service(*, actor: User, case: Case, service: Service) -> DocumentDelivery:
    """Record that the decision was served; the fifteen days to pay run from that day (行政处罚法 第六十一条、第六十七条)."""
    require_assigned(case.lead, actor)
    check_event(subject=case, event="record_service", actor=actor)
    with transaction.atomic():
        delivery = serve_document(actor=actor, case=case, document=case.decision.document, service=service)
        case.decision.served_on = service.served_on
        case.decision.save(update_fields=["served_on"])
        step = apply_event(
            subject=case, event="record_service", actor=actor, data={"served_on": service.served_on.isoformat()},
            verb="cases.decision_served",
        )  # fmt: skip
        follow_step(subject=case, step=step, actor=actor, on=service.served_on)
        signals.decision_served.send(sender=Case, case=case, decision=case.decision, actor=actor)
    return delivery


def record_payment(*, actor: User, case: Case, paid_on: date, receipt_no: str) -> Case:
    """Record that the party has performed: the day and the number of the receipt of the bank (行政处罚法 第六十七条第三款)."""
    require_assigned(case.lead, actor)
    check_event(subject=case, event="record_payment", actor=actor)
    check_not_future(paid_on, "paid_on")
    decision = case.decision
    if decision.served_on and paid_on < decision.decided_on:
        raise Refusal(_("Paid on: expected a day after the decision."), field="paid_on")
    if decision.fine and not receipt_no.strip():
        raise Refusal(_("Receipt: expected the number of the bank's receipt."), field="receipt_no")
    with transaction.atomic():
        decision.paid_on, decision.receipt_no = paid_on, receipt_no.strip()
        decision.save(update_fields=["paid_on", "receipt_no"])
        step = apply_event(
            subject=case, event="record_payment", actor=actor, data={"paid_on": paid_on.isoformat()},
            verb="cases.payment_recorded",
        )  # fmt: skip
        follow_step(subject=case, step=step, actor=actor, on=max(paid_on, decision.served_on or paid_on))
        tell_next(case, actor)
    return case


def record_publication(*, actor: User | None, case: Case, note: str = "") -> Case:
    """Note in the case that its decision goes to publication (招标投标法实施条例 第七十八条); the room of the credit record calls it."""
    with transaction.atomic():
        step = apply_event(
            subject=case, event="publish_decision", actor=actor, note=note, verb="cases.decision_published"
        )
        follow_step(subject=case, step=step, actor=actor)
    return case
