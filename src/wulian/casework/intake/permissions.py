"""What a user may do with a matter now: decided once, read by pages and worklists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wulian.casework.intake.choices import ComplaintState, OpeningState
from wulian.casework.intake.models import IdentityOpening, Matter, TipOff
from wulian.casework.intake.services.linking import LINKERS
from wulian.casework.intake.services.referring import BESIDE_THE_COMPLAINT
from wulian.casework.intake.services.vault import APPROVERS, REQUESTERS
from wulian.core.accounts.choices import Role
from wulian.core.procedures.selectors import available_events

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

WINDOW = (Role.CLERK,)
"""Who enters what comes in at the window."""
OFFICE_EVENTS = (
    "register", "assign", "assign_check", "find_not_competent", "transfer", "confirm_transfer", "reassign",
    "decline_check", "archive_unchecked", "guide_to_complaint", "become_complaint", "give_feedback",
    "tell_of_filing",
)  # fmt: skip
AUTHORITY_EVENTS = (
    "accept",
    "ask_completion",
    "dispute_competence",
    "propose_leniency",
    "review_leniency",
    "return_leniency",
    "conclude_leniency",
    "refuse_admission",
    "hand_over",
    "sign_refusal",
    "keep_as_lead",
)


def abilities(matter: Matter, user: User) -> dict[str, bool]:
    """Return for each thing the pages offer whether the services would allow it; `matter` is one the user may see."""
    events = {transition.event for transition in available_events(matter, user)}
    own = matter.authority_id is not None and user.department_id == matter.authority_id
    second = getattr(matter, "admission_by_id", None) != user.pk
    found = {event: event in events for event in OFFICE_EVENTS}
    found |= {event: event in events and own for event in AUTHORITY_EVENTS}
    found["sign_refusal"] &= second
    keeps = found["keep_as_lead"] and second
    beside = matter.state in BESIDE_THE_COMPLAINT and user.has_role(*REQUESTERS)
    found["refer"] = matter.is_complaint and matter.referred_at is None and own and (keeps or beside)
    found["transfer"] |= found["find_not_competent"] or found["hand_over"]
    found["link"] = user.has_role(*LINKERS) and not matter.is_finished
    if isinstance(matter, TipOff):
        found |= _tip_off_abilities(matter, user, found)
    found["request_identity"] = own and not matter.receipt.is_anonymous and user.has_role(*REQUESTERS)
    found["decide_identity"] = user.has_role(*APPROVERS)
    return found


def _tip_off_abilities(tip_off: TipOff, user: User, found: dict[str, bool]) -> dict[str, bool]:
    """What the state alone does not decide: the second person, the legal review, and that a reporter is told once."""
    reviewed, untold = tip_off.lenient_reviewed_by_id is not None, tip_off.feedback_at is None
    return {
        "review_leniency": found["review_leniency"] and not reviewed,
        "conclude_leniency": found["conclude_leniency"] and reviewed,
        "become_complaint": found["become_complaint"] and not tip_off.receipt.is_anonymous,
        "give_feedback": untold and (found["give_feedback"] or found["tell_of_filing"]),
    }


def may_decide(opening: IdentityOpening, user: User) -> bool:
    """Whether this user may be the second person of an opening."""
    waits = opening.state == OpeningState.REQUESTED
    return waits and opening.requested_by_id != user.pk and user.has_role(*APPROVERS)


def next_action(matter: Matter, user: User) -> str:
    """Return the one thing this user should do next with a matter: an event name, or nothing."""
    may = abilities(matter, user)
    if matter.state == ComplaintState.REFUSED:
        return "sign_refusal" if may["sign_refusal"] else ""
    order = (
        "register", "assign", "assign_check", "accept", "confirm_transfer", "archive_unchecked",
        "become_complaint", "review_leniency", "conclude_leniency", "give_feedback",
    )  # fmt: skip
    return next((event for event in order if may[event]), "")
