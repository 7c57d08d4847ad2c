"""What inspections put on worklists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import Role
from wulian.core.ui.worklist import Duty, Rest, pressing

from .choices import DrawState, TaskState
from .models import Draw, InspectionTask

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from wulian.core.accounts.models import User

UNDER_WAY = (
    TaskState.NOTICE, TaskState.VISIT, TaskState.FINDING, TaskState.NOTHING, TaskState.CORRECTION, TaskState.RECHECK,
)  # fmt: skip


def inspection_duties(user: User) -> Iterator[Duty | Rest]:
    """Draws that wait, inspections to submit or approve, and one's own inspections."""
    tasks = InspectionTask.objects.exclude(draw__state=DrawState.WITHDRAWN).select_related("draw", "party")
    if user.has_role(Role.DISPATCHER):
        for draw in Draw.objects.filter(state__in=(DrawState.FROZEN, DrawState.SEEDED)).select_related(
            "plan"
        ):
            yield Duty(
                title=draw.get_state_display(),
                subject_label=str(draw),
                url=draw.get_absolute_url(),
                kind=_("Inspection"),
            )
        yield from _duties(tasks.filter(state=TaskState.DRAWN), _("Submit for approval"))
    if user.department_id and user.has_role(Role.AUTHORITY_HEAD):
        waiting = tasks.filter(state=TaskState.APPROVAL, authority=user.department_id)
        yield from _duties(waiting, _("Approve"))
    if user.has_role(Role.CASE_OFFICER):
        yield from _duties(tasks.filter(state__in=UNDER_WAY, inspectors__officer__user=user), _("Continue"))


def _duties(tasks: QuerySet[InspectionTask], action: str) -> Iterator[Duty | Rest]:
    found, rest = pressing(
        tasks, lambda task: task.state_title, kind=_("Inspection"), url=reverse("inspection:tasks")
    )
    for task, state in found:
        yield Duty(
            title=_("Inspection: %(state)s") % {"state": state},
            subject_label=str(task),
            url=task.get_absolute_url(),
            action=action,
            kind=_("Inspection"),
        )
    yield from rest
