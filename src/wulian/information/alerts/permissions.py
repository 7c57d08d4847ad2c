"""What a user may do with an alert now: decided once, read by page, list and interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wulian.core.accounts.choices import Role
from wulian.core.procedures.selectors import available_events
from wulian.information.alerts.choices import FINAL, AlertState, ControlState, MeasureState, OrderState
from wulian.information.alerts.models import (
    Alert,
    Attachment,
    ControlledProject,
    ControlMeasure,
    Feedback,
    SupervisionOrder,
)
from wulian.information.alerts.services.guards import REVIEWERS_OF_RED

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

_REFERRALS = {"refer_to_lead", "refer_to_inspection", "refer_to_complaint"}
_WAITING = (AlertState.TO_INSPECTION, AlertState.TO_COMPLAINT, AlertState.TO_LEAD)


def abilities(alert: Alert, user: User) -> dict[str, bool]:
    """Return what the services would allow this user to do with the alert now."""
    events = {transition.event for transition in available_events(alert, user)}
    own = alert.department_id is not None and user.department_id == alert.department_id
    given = alert.assignee_id in (None, user.pk) or user.has_role(Role.SECTION_HEAD)
    second = user.pk != alert.first_officer_id and (own or user.has_role(Role.OFFICE_HEAD))
    reviews = second and (not alert.is_red or user.has_role(*REVIEWERS_OF_RED))
    judges = own and user.has_role(Role.CASE_OFFICER, Role.SECTION_HEAD)
    return {
        "accept": "accept" in events and own and given,
        "exclude": "propose_exclusion" in events and own,
        "confirm": "confirm_exclusion" in events and reviews,
        "return": "return_exclusion" in events and reviews,
        "refer": bool(_REFERRALS & events) and own,
        "close": "close" in events and reviews,
        "dispatch": "dispatch" in events,
        "feedback": judges and alert.state != AlertState.CLOSED,
        "join": alert.state in _WAITING and (judges or user.has_role(Role.DISPATCHER)),
        "order": user.has_role(Role.DISPATCHER, Role.OFFICE_HEAD) and alert.state not in FINAL,
    }


def next_action(alert: Alert, user: User) -> str:
    """Return the one thing this user should do next: accept, judge, review, close, dispatch, or nothing."""
    may = abilities(alert, user)
    if may["confirm"]:
        return "review"
    if may["accept"]:
        return "accept"
    if may["exclude"] or may["refer"]:
        return "judge"
    if may["close"] and alert.outcome and alert.state != AlertState.EXCLUDED:
        return "close"
    return "dispatch" if may["dispatch"] and alert.state == AlertState.NEW else ""


def order_abilities(order: SupervisionOrder, user: User) -> dict[str, bool]:
    """Return answer, judge (agree or send back) and withdraw: what the services would allow."""
    office = user.has_role(Role.DISPATCHER, Role.OFFICE_HEAD)
    addressed = user.department_id == order.department_id
    given = order.person_id in (None, user.pk) or user.has_role(Role.SECTION_HEAD)
    judges = user.has_role(Role.CASE_OFFICER, Role.SECTION_HEAD)
    return {
        "answer": order.state == OrderState.ISSUED and addressed and given and judges,
        "judge": order.state == OrderState.ANSWERED and office and user.pk != order.answered_by_id,
        "withdraw": order.state in (OrderState.ISSUED, OrderState.ANSWERED) and office,
    }


def keeps(control: ControlledProject, user: User) -> bool:
    """Whether the user orders measures for a controlled project: the office, and the heads of the department in charge."""
    if user.has_role(Role.DISPATCHER, Role.OFFICE_HEAD):
        return True
    return (
        user.has_role(Role.SECTION_HEAD, Role.AUTHORITY_HEAD) and user.department_id == control.department_id
    )


def control_abilities(control: ControlledProject, user: User) -> dict[str, bool]:
    """Return measure, level, propose and release (agree or refuse): what the services would allow."""
    keeper = keeps(control, user)
    under = control.state == ControlState.OPEN
    head = user.has_role(Role.OFFICE_HEAD) or (
        user.has_role(Role.AUTHORITY_HEAD) and user.department_id == control.department_id
    )
    return {
        "measure": keeper and under,
        "level": keeper and under,
        "propose": keeper and under,
        "release": control.state == ControlState.PROPOSED and head and user.pk != control.proposed_by_id,
    }


def measure_abilities(measure: ControlMeasure, user: User) -> dict[str, bool]:
    """Return report, judge (agree or send back) and drop: what the services would allow."""
    owes = user.department_id == measure.department_id and user.has_role(
        Role.CASE_OFFICER, Role.SECTION_HEAD, Role.LIAISON
    )
    given = measure.person_id in (None, user.pk) or user.has_role(Role.SECTION_HEAD)
    keeper = keeps(measure.control, user)
    return {
        "report": measure.state == MeasureState.OPEN and owes and given,
        "judge": measure.state == MeasureState.REPORTED and keeper and user.pk != measure.reported_by_id,
        "drop": measure.state in (MeasureState.OPEN, MeasureState.REPORTED) and keeper,
    }


def may_read(attachment: Attachment, user: User) -> bool:
    """Whether the user sees what a file is attached to: the alert of an answer (or its order), the control of a measure."""
    subject = attachment.subject
    if isinstance(subject, Feedback):
        orders = SupervisionOrder.objects.visible_to(user).filter(pk=subject.order_id or 0)
        return Alert.objects.visible_to(user).filter(pk=subject.alert_id).exists() or orders.exists()
    if isinstance(subject, ControlMeasure):
        return ControlledProject.objects.visible_to(user).filter(pk=subject.control_id).exists()
    return False
