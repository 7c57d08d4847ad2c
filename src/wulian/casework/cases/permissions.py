"""What a user may do now with a lead or a case: decided once, read by pages and worklist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from wulian.casework.cases.models import Assignment, Case, Lead
from wulian.core.accounts.choices import Role
from wulian.core.procedures.selectors import available_events

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


@dataclass(frozen=True)
class Involvement:
    """The leads a user works on now, and those the user ever investigated: asked for once, used for many records."""

    user: User
    current: frozenset[int]
    ever: frozenset[int]


@dataclass(frozen=True)
class Ability:
    """Something the user may do: `key` names its page, `title` is the Chinese title of the event or empty."""

    key: str
    title: str
    style: str = "btn-outline-primary"


def involvement_of(user: User) -> Involvement:
    """Read the assignments of a user."""
    rows = Assignment.objects.filter(officer__user_id=user.pk).values_list("lead_id", "ended_on")
    found = list(rows)
    return Involvement(
        user, frozenset(pk for pk, ended in found if ended is None), frozenset(pk for pk, _ended in found)
    )


Test = Callable[[Case, Involvement], bool]


def _assigned(case: Case, who: Involvement) -> bool:
    return case.lead_id in who.current


def _own(case: Case, who: Involvement) -> bool:
    return case.authority_id == who.user.department_id


def _independent(case: Case, who: Involvement) -> bool:
    return _own(case, who) and case.lead_id not in who.ever


def _leader(case: Case, who: Involvement) -> bool:
    return who.user.has_role(Role.OFFICE_HEAD) or _independent(case, who)


def _statement(case: Case, who: Involvement) -> bool:
    return _assigned(case, who) if who.user.has_role(Role.CASE_OFFICER) else _own(case, who)


CASE_EVENTS: Final[dict[str, tuple[Test, str]]] = {
    "endorse_filing": (_own, "btn-primary"),
    "approve_filing": (_independent, "btn-primary"),
    "reject_filing": (_independent, "btn-outline-danger"),
    "finish_investigation": (_assigned, "btn-primary"),
    "order_correction": (_own, ""),
    "finish_correction": (_assigned, "btn-primary"),
    "suspend": (_independent, ""),
    "resume": (_independent, "btn-primary"),
    "submit_report": (_assigned, "btn-primary"),
    "return_investigation": (_independent, "btn-outline-danger"),
    "submit_legal_review": (_independent, "btn-primary"),
    "waive_legal_review": (_independent, ""),
    "pass_legal_review": (_independent, "btn-primary"),
    "conclude_discussion": (_leader, "btn-primary"),
    "waive_discussion": (_independent, ""),
    "serve_notice": (_assigned, "btn-primary"),
    "receive_hearing_request": (_assigned, ""),
    "close_statement_term": (_assigned, ""),
    "finish_statement_review": (_statement, "btn-primary"),
    "finish_hearing": (_independent, "btn-primary"),
    "decide_penalty": (_independent, "btn-primary"),
    "decide_no_penalty": (_independent, ""),
    "withdraw_case": (_independent, "btn-outline-danger"),
    "seal_decision": (_own, "btn-primary"),
    "record_service": (_assigned, "btn-primary"),
    "record_payment": (_assigned, "btn-primary"),
    "approve_closing": (_independent, "btn-primary"),
    "archive": (_assigned, "btn-primary"),
}
"""Event → who of those with the role, and how its button looks. An event that is not here has no button."""

LEAD_EVENTS: Final[dict[str, str]] = {
    "assign_check": "btn-primary",
    "transfer": "",
    "decline_check": "btn-outline-danger",
    "archive_unchecked": "btn-primary",
    "confirm_transfer": "btn-primary",
    "propose_filing": "btn-primary",
    "conclude_unfounded": "",
    "confirm_unfounded": "btn-primary",
    "give_feedback": "btn-primary",
}
_OF_OFFICERS = frozenset({"propose_filing", "conclude_unfounded"})
_OF_AUTHORITY = frozenset({"confirm_unfounded"})


def case_abilities(case: Case, who: Involvement) -> list[Ability]:
    """Return what the user may do with a case now, the likely next step first."""
    found = []
    for transition in available_events(case, who.user):
        test, style = CASE_EVENTS.get(transition.event, (None, ""))
        if test is not None and test(case, who):
            found.append(Ability(transition.event, transition.title, style or "btn-outline-primary"))
    found = _refine(case, found)
    return sorted(found, key=lambda item: item.style != "btn-primary")


def _refine(case: Case, found: list[Ability]) -> list[Ability]:
    """Leave out what the facts of the case do not allow yet; the services refuse it all the same."""
    keys = {item.key for item in found}
    drop: set[str] = set()
    if "approve_filing" in keys and case.endorsed_by_id is None:
        drop.add("approve_filing")
    if "endorse_filing" in keys and case.endorsed_by_id is not None:
        drop.add("endorse_filing")
    if "submit_report" in keys and case.state == "P02":
        drop.add("submit_report")
    if "serve_notice" in keys:
        drop |= _notice_steps(case, found)
    return [item for item in found if item.key not in drop]


def _notice_steps(case: Case, found: list[Ability]) -> set[str]:
    from wulian.casework.cases.services.notice import notice_of

    notice = notice_of(case)
    if notice is None:
        found.append(Ability("issue_notice", "制作事先告知书", "btn-primary"))
        return {"serve_notice", "receive_hearing_request", "close_statement_term"}
    if not case.deliveries.filter(document=notice).exists():
        return {"receive_hearing_request", "close_statement_term"}
    found.append(Ability("record_statement", "登记陈述申辩", "btn-primary"))
    proposal = case.proposals.first()
    offered = bool(proposal and proposal.hearing_offered)
    return {"serve_notice"} | (set() if offered else {"receive_hearing_request"})


def lead_abilities(lead: Lead, who: Involvement) -> list[Ability]:
    """Return what the user may do with a lead now."""
    found = []
    for transition in available_events(lead, who.user):
        if transition.event not in LEAD_EVENTS:
            continue
        if transition.event in _OF_OFFICERS and lead.pk not in who.current:
            continue
        if transition.event in _OF_AUTHORITY and lead.authority_id != who.user.department_id:
            continue
        style = LEAD_EVENTS[transition.event] or "btn-outline-primary"
        found.append(Ability(transition.event, transition.title, style))
    return sorted(found, key=lambda item: item.style != "btn-primary")


def may_edit_lead(lead: Lead, who: Involvement) -> bool:
    """Whether the user may complete what is known of a lead: the dispatcher before it is given out, its officers after."""
    if lead.state == "L02":
        return who.user.has_role(Role.DISPATCHER)
    return lead.state == "L05" and lead.pk in who.current


def may_add_evidence(lead: Lead, who: Involvement, case: Case | None = None) -> bool:
    """Whether the user may add, verify and strike evidence: an officer of the matter, until it is decided."""
    if lead.pk not in who.current:
        return False
    if case is None or case.state == "PX1":
        return lead.state in {"L05", "L09"}
    return case.state in {"P01", "P02", "P03", "P04", "P05", "P10", "P11"}


def may_change_officers(case: Case, user: User) -> bool:
    """Whether the user may change who works on a case."""
    return (
        user.has_role(Role.SECTION_HEAD)
        and user.department_id == case.authority_id
        and not case.is_finished
        and case.endorsed_by_id is not None
    )


def may_revoke(case: Case, user: User) -> bool:
    """Whether the user may withdraw the effect of the decision of a case."""
    decision = getattr(case, "decision", None)
    return (
        decision is not None
        and decision.revoked_on is None
        and user.has_role(Role.AUTHORITY_HEAD)
        and user.department_id == case.authority_id
    )
