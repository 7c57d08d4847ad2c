"""What a user may do with an alert now: decided once, read by page, list and interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wulian.core.accounts.choices import Role
from wulian.core.procedures.selectors import available_events
from wulian.information.alerts.choices import AlertState
from wulian.information.alerts.models import Alert
from wulian.information.alerts.services.handling import REVIEWERS_OF_RED

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

_REFERRALS = {"refer_to_lead", "refer_to_inspection", "refer_to_complaint"}


def abilities(alert: Alert, user: User) -> dict[str, bool]:
    """Return accept, exclude, confirm, return, refer, close, dispatch: what the services would allow."""
    events = {transition.event for transition in available_events(alert, user)}
    own = alert.department_id is not None and user.department_id == alert.department_id
    given = alert.assignee_id in (None, user.pk) or user.has_role(Role.SECTION_HEAD)
    second = user.pk != alert.first_officer_id and (own or user.has_role(Role.OFFICE_HEAD))
    reviews = second and (not alert.is_red or user.has_role(*REVIEWERS_OF_RED))
    return {
        "accept": "accept" in events and own and given,
        "exclude": "propose_exclusion" in events and own,
        "confirm": "confirm_exclusion" in events and reviews,
        "return": "return_exclusion" in events and reviews,
        "refer": bool(_REFERRALS & events) and own,
        "close": "close" in events and second,
        "dispatch": "dispatch" in events,
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
    if may["close"]:
        return "close"
    return "dispatch" if may["dispatch"] and alert.state == AlertState.NEW else ""
