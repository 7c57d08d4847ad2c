"""What a user may do now with points and credit records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wulian.casework.cases.services.guards import is_assigned
from wulian.casework.credit.choices import TO_PUSH, OutboxState, PointState
from wulian.casework.credit.services.points import CONFIRMERS
from wulian.core.accounts.choices import Role

if TYPE_CHECKING:
    from wulian.casework.cases.models import Case
    from wulian.casework.credit.models import OutboxRecord, PointEvent
    from wulian.core.accounts.models import User


def may_propose(case: Case, user: User) -> bool:
    """Whether points may be proposed on the decision of a case."""
    decision = getattr(case, "decision", None)
    return (
        decision is not None
        and decision.is_penalty
        and decision.served_on is not None
        and decision.revoked_on is None
        and (user.has_role(Role.DISPATCHER) or is_assigned(case.lead, user))
    )


def event_abilities(event: PointEvent, user: User) -> list[str]:
    """Return the keys of what the user may do with a point event, the likely one first."""
    head = user.has_role(*CONFIRMERS)
    worker = head or is_assigned(event.case.lead, user)
    if event.state == PointState.PROPOSED:
        return (["notify"] if worker else []) + (["dismiss"] if head else [])
    if event.state != PointState.NOTIFIED:
        return []
    found = []
    if head and user.pk != event.proposed_by_id:
        found.append("confirm")
    if worker:
        found.append("objection")
    if head:
        found += ["answer"] if event.objection and not event.objection_result else []
        found.append("dismiss")
    return found


def record_abilities(record: OutboxRecord, user: User) -> list[str]:
    """Return the keys of what the user may do with a credit record."""
    if not user.has_role(Role.DISPATCHER):
        return []
    if record.state in {OutboxState.DRAFT, OutboxState.RETURNED} and user.pk != record.prepared_by_id:
        return ["approve"]
    if record.state in TO_PUSH:
        file = record.files.first()
        return ["receipt"] if file is not None and file.written_at else ["retry"]
    return ["correct"] if record.state == OutboxState.PUSHED else []
