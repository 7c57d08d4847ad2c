"""What leads and cases ask of whom, for the worklist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

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
from wulian.casework.cases.selectors import first_clocks
from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.selectors import clock_status
from wulian.core.ui.templatetags.ui import severity_code
from wulian.core.ui.worklist import Duty

if TYPE_CHECKING:
    from wulian.core.accounts.models import User
    from wulian.core.procedures.models import Staged

LIMIT = 200
QUIET = frozenset(
    {"order_correction", "suspend", "withdraw_case", "return_investigation", "finish_publicity"}
)
"""Steps that are possible but that nobody is expected to take."""


def duties(user: User) -> Iterator[Duty]:
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


def _of_leads(user: User, who: Involvement) -> Iterator[Duty]:
    states = _states(Lead, user, frozenset(LEAD_EVENTS))
    if not states:
        return
    leads = list(Lead.objects.visible_to(user).filter(state__in=states)[:LIMIT])
    clocks = first_clocks(Lead, [lead.pk for lead in leads])
    in_force = calendar() if clocks else None
    for lead in leads:
        able = lead_abilities(lead, who)
        if not able:
            continue
        clock = clocks.get(lead.pk)
        yield Duty(
            title=f"{lead.state_title}：{lead.title}",
            subject_label=lead.lead_no,
            url=lead.get_absolute_url(),
            due=clock.due if clock else None,
            clock=clock_status(clock, in_force=in_force) if clock else None,
            action=able[0].title,
            severity=severity_code(lead.severity),
            kind=_("Lead"),
        )


def _of_cases(user: User, who: Involvement) -> Iterator[Duty]:
    states = _states(Case, user, frozenset(CASE_EVENTS) - QUIET)
    if not states:
        return
    rows = Case.objects.visible_to(user).filter(state__in=states).select_related("lead", "authority")
    cases = list(rows[:LIMIT])
    clocks = first_clocks(Case, [case.pk for case in cases])
    in_force = calendar() if clocks else None
    for case in cases:
        able = [item for item in case_abilities(case, who) if item.key not in QUIET]
        if not able:
            continue
        clock = clocks.get(case.pk)
        yield Duty(
            title=f"{case.state_title}：{case.cause}",
            subject_label=f"{case.case_no or case.lead.lead_no} · {case.authority}",
            url=case.get_absolute_url(),
            due=clock.due if clock else None,
            clock=clock_status(clock, in_force=in_force) if clock else None,
            action=able[0].title,
            severity=severity_code(case.lead.severity),
            kind=_("Case"),
        )
