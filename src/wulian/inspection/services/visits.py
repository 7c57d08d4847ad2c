"""Each step of an inspection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.cases.choices import Source
from wulian.casework.cases.services.leads import create_lead
from wulian.core.config.errors import Forbidden, Refusal
from wulian.core.procedures.services import apply_event, check_event
from wulian.force.officers.services import check_officers
from wulian.inspection.choices import DrawState, TaskState
from wulian.inspection.models import InspectionTask
from wulian.inspection.selectors import inspections_this_year

if TYPE_CHECKING:
    from wulian.core.accounts.models import User
    from wulian.core.procedures.models import ProcedureStep

BECOMES_A_LEAD = frozenset({"refer_to_lead", "fail_recheck"})
"""Events after which the casework goes on with what was found."""


TOUCHES_THE_PARTY = frozenset(
    {"give_notice", "start_unannounced", "finish_visit", "order_correction", "start_recheck"}
)
"""Events that need two officers who may act on that day (行政处罚法 第四十二条; REFERENCE IN-09)."""


def take_step(*, actor: User, task: InspectionTask, event: str, note: str = "") -> ProcedureStep:
    """Move an inspection by one event of its procedure.

    The head approves for the own authority and within the frequency cap; the inspectors of the task do the rest, and what touches
    the party needs two of them who may act today.
    """
    check_event(subject=task, event=event, actor=actor, note=note)
    if task.draw.state == DrawState.WITHDRAWN:
        raise Refusal(_("The draw of this inspection is withdrawn."))
    if task.state == TaskState.APPROVAL and actor.department_id != task.authority_id:
        raise Forbidden(
            _("Only the head of %(name)s decides on its inspection.") % {"name": task.authority.name}
        )
    inspectors = list(task.inspectors.select_related("officer"))
    if task.state not in (TaskState.DRAWN, TaskState.APPROVAL) and actor.pk not in {
        item.officer.user_id for item in inspectors
    }:
        raise Forbidden(_("Only the inspectors of this task may do this."))
    if event == "approve":
        _check_cap(task)
    if event in TOUCHES_THE_PARTY:
        check_officers(
            officers=[item.officer for item in inspectors],
            authority=task.authority,
            sector=task.draw.sector,
            region_code=task.draw.region_code,
            on=timezone.localdate(),
            parties=[task.party],
        )
    with transaction.atomic():
        step = apply_event(subject=task, event=event, actor=actor, note=note)
        if event in BECOMES_A_LEAD:
            create_lead(
                actor=actor,
                source=Source.INSPECTION,
                title=f"检查发现：{task.party.name}",
                facts=note,
                origin=task,
                party=task.party,
                sector=task.draw.sector,
                region_code=task.draw.region_code,
            )
    return step


def _check_cap(task: InspectionTask) -> None:
    cap, count = task.draw.plan.frequency_cap, inspections_this_year(task.year).get(task.party_id, 0)
    if count > cap:
        raise Refusal(
            _("%(party)s already has %(count)d inspections in %(year)d; the cap is %(cap)d.")
            % {"party": task.party.name, "count": count, "year": task.year, "cap": cap}
        )
