"""What leads and cases ask of whom, for the worklist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.models import Case, Lead
from wulian.casework.cases.permissions import (
    CASE_EVENTS,
    LEAD_EVENTS,
    Involvement,
    case_abilities,
    involvement_of,
    lead_abilities,
)
from wulian.core.clocks.selectors import NO_CLOCK, by_first_due, first_statuses
from wulian.core.ui.templatetags.ui import severity_code
from wulian.core.ui.worklist import Duty, Rest, pressing

if TYPE_CHECKING:
    from wulian.casework.cases.permissions import Ability
    from wulian.core.accounts.models import User
    from wulian.core.procedures.models import Staged

QUIET = frozenset(
    {"order_correction", "suspend", "withdraw_case", "return_investigation", "finish_publicity"}
)
"""Steps that are possible but that nobody is expected to take."""


def duties(user: User) -> Iterator[Duty | Rest]:
    """Yield the leads and cases whose next step is this user's."""
    who = involvement_of(user)
    yield from _of_leads(user, who)
    yield from _of_cases(user, who)


def _states(model: type[Staged], user: User, events: frozenset[str]) -> list[str]:
    """The states in which one of the user's roles has a step to take."""
    roles = {str(role.value) for role in user.role_set}
    return sorted(
        {
            state
            for transition in model.get_procedure().transitions
            if transition.event in events and roles.intersection(transition.roles)
            for state in transition.sources
        }
    )


def _list(name: str, states: list[str]) -> str:
    """The list of what is in these states; it filters by one state or none."""
    return reverse(name) + (f"?state={states[0]}" if len(states) == 1 else "")


def _of_leads(user: User, who: Involvement) -> Iterator[Duty | Rest]:
    states = _states(Lead, user, frozenset(LEAD_EVENTS))
    if not states:
        return
    rows = by_first_due(Lead.objects.visible_to(user).filter(state__in=states))
    leads, rest = pressing(
        rows, lambda lead: lead_abilities(lead, who) or None, kind=_("Lead"), url=_list("cases:leads", states)
    )
    clocks = first_statuses(Lead, [lead.pk for lead, _able in leads])
    for lead, able in leads:
        clock, status = clocks.get(lead.pk, NO_CLOCK)
        yield Duty(
            title=f"{lead.state_title}：{lead.title}",
            subject_label=lead.lead_no,
            url=lead.get_absolute_url(),
            due=clock.due if clock else None,
            clock=status,
            action=able[0].title,
            severity=severity_code(lead.severity),
            kind=_("Lead"),
        )
    yield from rest


def _of_cases(user: User, who: Involvement) -> Iterator[Duty | Rest]:
    states = _states(Case, user, frozenset(CASE_EVENTS) - QUIET)
    if not states:
        return

    def expected(case: Case) -> list[Ability] | None:
        return [item for item in case_abilities(case, who) if item.key not in QUIET] or None

    rows = by_first_due(Case.objects.visible_to(user).filter(state__in=states))
    rows = rows.select_related("lead", "authority")
    cases, rest = pressing(rows, expected, kind=_("Case"), url=_list("cases:cases", states))
    clocks = first_statuses(Case, [case.pk for case, _able in cases])
    for case, able in cases:
        clock, status = clocks.get(case.pk, NO_CLOCK)
        yield Duty(
            title=f"{case.state_title}：{case.cause}",
            subject_label=f"{case.case_no or case.lead.lead_no} · {case.authority}",
            url=case.get_absolute_url(),
            due=clock.due if clock else None,
            clock=status,
            action=able[0].title,
            severity=severity_code(case.lead.severity),
            kind=_("Case"),
        )
    yield from rest
