"""督办: the coordinating office orders a department to act on an alert by a day, and judges its answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import DepartmentKind, Role
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import Department, User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.files.uploads import Upload
from wulian.core.ui.notifications import notify
from wulian.information.alerts.choices import AlertState, OrderState
from wulian.information.alerts.models import Alert, Feedback, SupervisionOrder
from wulian.information.alerts.selectors import judges_of
from wulian.information.alerts.services import clocks
from wulian.information.alerts.services.feedback import ANSWERERS, gather, write_feedback
from wulian.information.alerts.services.guards import may_judge
from wulian.information.alerts.services.notices import issue_notice

ISSUERS = (Role.DISPATCHER, Role.OFFICE_HEAD)
ORDER_CLOCK = "alert.order"
BASIS = "督办时限（本系统参数，由监管办逐件确定）"


def issue_order(
    *,
    alert: Alert,
    actor: User,
    department: Department,
    demand: str,
    reason: str,
    due_on: date,
    person: User | None = None,
) -> SupervisionOrder:
    """Order a department, perhaps one of its people, to act on an alert until a day; its clock runs from today.

    It is issued as a 督办通知 (W40, Word and PDF), whose number it has. Raises Forbidden for others than the coordinating office,
    Refusal when the alert is closed, an order to that department is still open, the department is the office itself, the words are
    missing or the day is not later than today.
    """
    require_role(actor, *ISSUERS)
    _check_order(alert, department, person, demand, reason, due_on)
    with transaction.atomic():
        order = SupervisionOrder.objects.create(
            alert=alert,
            department=department,
            person=person,
            demand=demand.strip(),
            reason=reason.strip(),
            due_on=due_on,
            issued_by=actor,
        )
        order.number = issue_notice(order).document_no
        order.save(update_fields=["number"])
        clocks.start_until(order, ORDER_CLOCK, "督办反馈", BASIS, due_on, actor)
        _record(actor, "alerts.order_issued", order, order.demand, {"department": department.pk})
        people = [person] if person else judges_of(department.pk)
        _tell(people, _("Supervision order %(order)s: answer by %(day)s"), order)
    return order


def answer_order(
    *,
    order: SupervisionOrder,
    actor: User,
    text: str,
    files: Iterable[Upload] = (),
    papers: Iterable[str] = (),
) -> Feedback:
    """Answer an order with what was done and the papers; raises Forbidden for another department or person."""
    require_role(actor, *ANSWERERS)
    _check_addressee(order, actor)
    _check_state(order, OrderState.ISSUED)
    proof = gather(order.alert.project, files, papers)
    with transaction.atomic():
        _move(order, OrderState.ANSWERED, answered_by=actor, answered_at=timezone.now())
        clocks.stop_of(order, ORDER_CLOCK, actor)
        answer = write_feedback(alert=order.alert, actor=actor, text=text, proof=proof, order=order)
        _record(actor, "alerts.order_answered", order, text.strip(), {"feedback": answer.pk})
        _tell([order.issued_by], _("Supervision order %(order)s was answered; judge the answer"), order)
    return answer


def accept_answer(*, order: SupervisionOrder, actor: User, note: str = "") -> SupervisionOrder:
    """Agree that the order has been carried out."""
    _check_judge(order, actor)
    with transaction.atomic():
        _move(order, OrderState.DONE, ended_by=actor, ended_at=timezone.now())
        _record(actor, "alerts.order_done", order, note.strip(), {})
        _tell([order.answered_by], _("Supervision order %(order)s is done"), order)
    return order


def return_answer(*, order: SupervisionOrder, actor: User, reason: str, due_on: date) -> SupervisionOrder:
    """Send the answer back with a reason; a new clock runs until the new day."""
    _check_judge(order, actor)
    if not reason.strip():
        raise Refusal(_("Reason: say what is missing in the answer."), field="reason")
    _check_day(due_on)
    with transaction.atomic():
        before = str(order.due_on)
        _move(order, OrderState.ISSUED, due_on=due_on, overdue_told_at=None)
        clocks.start_until(order, ORDER_CLOCK, "督办反馈", BASIS, due_on, actor)
        _record(actor, "alerts.order_returned", order, reason.strip(), {"due_on": [before, str(due_on)]})
        _tell([order.answered_by], _("Supervision order %(order)s came back; answer by %(day)s"), order)
    return order


def withdraw_order(*, order: SupervisionOrder, actor: User, reason: str) -> SupervisionOrder:
    """Withdraw an order that nobody needs to answer any more."""
    require_role(actor, *ISSUERS)
    if not reason.strip():
        raise Refusal(_("Reason: say why the order is withdrawn."), field="reason")
    if order.state not in (OrderState.ISSUED, OrderState.ANSWERED):
        raise Refusal(_("The order has ended already."), field="state")
    with transaction.atomic():
        _move(order, OrderState.WITHDRAWN, ended_by=actor, ended_at=timezone.now())
        clocks.void_of(order, reason.strip())
        _record(actor, "alerts.order_withdrawn", order, reason.strip(), {})
        _tell(judges_of(order.department_id), _("Supervision order %(order)s was withdrawn"), order)
    return order


def _check_order(
    alert: Alert, department: Department, person: User | None, demand: str, reason: str, due_on: date
) -> None:
    if alert.state in (AlertState.CLOSED, AlertState.CLEARED):
        raise Refusal(_("The alert has ended; there is nothing to order."), field="state")
    if department.kind in (DepartmentKind.COORDINATING_OFFICE, DepartmentKind.OVERSIGHT):
        raise Refusal(_("Department: an order goes to a competent authority."), field="department")
    if person is not None and not may_judge(person, department):
        raise Refusal(
            _("Person: %(person)s is not a case officer of %(department)s.")
            % {"person": person, "department": department},
            field="person",
        )
    if not demand.strip():
        raise Refusal(_("Demand: say what is to be done."), field="demand")
    if not reason.strip():
        raise Refusal(_("Reason: say why it is ordered."), field="reason")
    _check_day(due_on)
    if SupervisionOrder.objects.open().filter(alert=alert, department=department).exists():
        raise Refusal(_("An order to this department about this alert is still open."), field="department")


def _check_day(due_on: date) -> None:
    if due_on <= timezone.localdate():
        raise Refusal(_("Until: expected a day after today."), field="due_on")


def _check_state(order: SupervisionOrder, *expected: OrderState) -> None:
    if order.state not in expected:
        raise Refusal(
            _("This is not possible while the order is “%(state)s”.") % {"state": order.get_state_display()},
            field="state",
        )


def _check_addressee(order: SupervisionOrder, actor: User) -> None:
    if actor.department_id != order.department_id:
        raise Forbidden(_("This order is answered by %(department)s.") % {"department": order.department})
    if order.person_id not in (None, actor.pk) and not actor.has_role(Role.SECTION_HEAD):
        raise Forbidden(_("This order was given to %(person)s.") % {"person": order.person})


def _check_judge(order: SupervisionOrder, actor: User) -> None:
    require_role(actor, *ISSUERS)
    _check_state(order, OrderState.ANSWERED)
    if actor.pk == order.answered_by_id:
        raise Forbidden(_("An answer is judged by another person than who gave it."))


def _move(order: SupervisionOrder, state: OrderState, **values: object) -> None:
    """Set the state; somebody who moved the order meanwhile is found out, not overwritten."""
    moved = SupervisionOrder.objects.filter(pk=order.pk, state=order.state).update(state=state, **values)
    if not moved:
        raise Refusal(_("Somebody else has handled this in the meantime; reload the page."), field="state")
    for name, value in {"state": state, **values}.items():
        setattr(order, name, value)


def _record(actor: User, verb: str, order: SupervisionOrder, words: str, data: dict[str, object]) -> None:
    summary = f"{order.number} {words}"[:300]
    record_event(
        actor=actor, verb=verb, subject=order.alert, summary=summary, data={"order": order.pk, **data}
    )


def _tell(people: Iterable[User | None], title: str, order: SupervisionOrder) -> None:
    words = title % {"order": order.number, "day": order.due_on}
    notify(users=[person for person in people if person], title=words, url=order.get_absolute_url())
