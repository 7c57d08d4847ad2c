"""The plain steps of a case: role, authority, independence, a reason, and the document the table asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.cases.models import Case
from wulian.casework.cases.services import papers
from wulian.casework.cases.services.clocks import follow_step
from wulian.casework.cases.services.guards import (
    check_team,
    require_assigned,
    require_not_investigator,
    require_own_authority,
)
from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import User
from wulian.core.config.errors import Refusal
from wulian.core.procedures.services import apply_event, check_event
from wulian.core.ui.notifications import notify

Guard = Callable[[Case, User], None]


def _assigned(case: Case, user: User) -> None:
    require_assigned(case.lead, user)


def _independent(case: Case, user: User) -> None:
    require_own_authority(case, user)
    require_not_investigator(case.lead, user)


def _leader(case: Case, user: User) -> None:
    """The head of the coordinating office takes part in the consultation of any authority's case; it decides nothing."""
    if not user.has_role(Role.OFFICE_HEAD):
        _independent(case, user)


@dataclass(frozen=True)
class PlainStep:
    """Who takes it, the document it leaves (empty: none), and whether two officers stand behind it."""

    guard: Guard
    document: str = ""
    touches_party: bool = False


PLAIN_STEPS: Final[dict[str, PlainStep]] = {
    "submit_report": PlainStep(_assigned),
    "return_investigation": PlainStep(_independent),
    "submit_legal_review": PlainStep(_independent),
    "waive_legal_review": PlainStep(_independent),
    "pass_legal_review": PlainStep(_independent, "W20"),
    "conclude_discussion": PlainStep(_leader, "W21"),
    "waive_discussion": PlainStep(_independent),
    "order_correction": PlainStep(require_own_authority, "W16", touches_party=True),
    "finish_correction": PlainStep(_assigned, "W18", touches_party=True),
    "suspend": PlainStep(_independent),
    "resume": PlainStep(_independent),
    "finish_hearing": PlainStep(_independent, "W26"),
    "withdraw_case": PlainStep(_independent, "W42"),
    "approve_closing": PlainStep(_independent, "W41"),
    "archive": PlainStep(_assigned),
}
"""Events without a form of their own. Transfer to the police and court enforcement are not among them yet."""

NEEDS_WORDS = frozenset({"finish_correction", "approve_closing"})
"""Their document has no other content than the words of the step."""


def take_step(*, actor: User, case: Case, event: str, note: str = "") -> Case:
    """Take a plain step (PLAIN_STEPS); its document is issued in the name of the authority.

    Raises Forbidden for another role, another authority, or who investigated where another person has to judge; Refusal when the
    state does not allow it or the words are missing.
    """
    if event not in PLAIN_STEPS:
        raise Refusal(_("This step has a page of its own."), field="event")
    check_event(subject=case, event=event, actor=actor, note=note)
    plain = PLAIN_STEPS[event]
    plain.guard(case, actor)
    if event in NEEDS_WORDS and not note.strip():
        raise Refusal(_("Note: expected the words for the document."), field="note")
    if event == "approve_closing":
        _check_executed(case)
    if plain.touches_party:
        check_team(case)
    with transaction.atomic():
        step = apply_event(subject=case, event=event, actor=actor, note=note, verb="cases.step_taken")
        follow_step(subject=case, step=step, actor=actor)
        if event == "approve_closing":
            case.closed_on, case.closing_summary = timezone.localdate(), note.strip()
            case.save(update_fields=["closed_on", "closing_summary"])
        if plain.document:
            # W21 of a coordinating head is still the authority's record of its own discussion.
            papers.issue_general(
                case, plain.document, actor=actor, body=[note], fields={"日期": str(step.at.date())}
            )
        tell_next(case, actor)
    return case


def _check_executed(case: Case) -> None:
    decision = getattr(case, "decision", None)
    if decision is not None and decision.fine and decision.paid_on is None and decision.revoked_on is None:
        raise Refusal(
            _("The fine has not been paid; record the payment before the case is closed."), field="state"
        )


def tell_next(case: Case, actor: User) -> None:
    """Notify those of the authority whose step it is now."""
    roles = {
        Role(role)
        for transition in case.get_procedure().transitions_from(case.state)
        if not transition.stays
        for role in transition.roles
        if role != "system"
    }
    heads = roles - {Role.CASE_OFFICER, Role.DISPATCHER, Role.OFFICE_HEAD, Role.CLERK}
    people = set(User.objects.with_role(*heads).filter(department=case.authority)) if heads else set()
    if Role.CASE_OFFICER in roles:
        people |= {
            item.officer.user for item in case.lead.assignments.current().select_related("officer__user")
        }
    people.discard(actor)
    title = _("%(state)s: %(case)s") % {"state": case.state_title, "case": case}
    notify(users=people, title=title, url=case.get_absolute_url())
