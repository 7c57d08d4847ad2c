"""What consultations put on worklists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import Role
from wulian.core.ui.worklist import Duty, Rest, pressing

from .choices import State
from .models import Consultation, ConsultationTask

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

SPEAKERS = (Role.LIAISON, Role.SECTION_HEAD, Role.AUTHORITY_HEAD, Role.LEGAL_REVIEWER)
BY_ROLE = {
    Role.OFFICE_HEAD: (State.PROPOSED, State.RECUSAL, State.HELD, State.MINUTED),
    Role.DISPATCHER: (State.APPROVED, State.CONCLUDED),
}


def consultation_duties(user: User) -> Iterator[Duty | Rest]:
    """Steps that wait for the office, opinions that wait for the department, tasks without feedback."""
    states = {state for role, own in BY_ROLE.items() if user.has_role(role) for state in own}
    if states:
        rows = Consultation.objects.visible_to(user).filter(state__in=states)
        yield from _duties(rows, lambda item: item.state_title)
    if user.department_id and user.has_role(*SPEAKERS):
        spoken = Consultation.objects.filter(
            opinions__is_current=True, opinions__member__department=user.department_id
        )
        waiting = Consultation.objects.filter(
            state=State.HELD,
            members__department=user.department_id,
            members__recused_at=None,
            members__is_observer=False,
        ).exclude(pk__in=spoken)
        yield from _duties(waiting, lambda _item: _("Give the opinion of your department"))
    if user.department_id and user.has_role(Role.LIAISON, Role.CASE_OFFICER, Role.SECTION_HEAD):
        tasks = ConsultationTask.objects.filter(
            department=user.department_id, receipt_at=None, consultation__state=State.FOLLOWED
        ).select_related("consultation")
        titled, rest = pressing(
            tasks,
            lambda task: _("Report on the task: %(task)s") % {"task": task.content},
            kind=_("Consultation"),
            url=reverse("consultations:list"),
        )
        for task, title in titled:
            yield Duty(
                title=title,
                subject_label=str(task.consultation),
                url=task.consultation.get_absolute_url(),
                due=task.due,
                action=_("Send feedback"),
                kind=_("Consultation"),
            )
        yield from rest


def _duties(rows: QuerySet[Consultation], title: Callable[[Consultation], str]) -> Iterator[Duty | Rest]:
    found, rest = pressing(rows, title, kind=_("Consultation"), url=reverse("consultations:list"))
    yield from (_duty(item, words) for item, words in found)
    yield from rest


def _duty(item: Consultation, title: str) -> Duty:
    return Duty(
        title=title,
        subject_label=str(item),
        url=item.get_absolute_url(),
        due=item.held_at if item.state in (State.APPROVED, State.RECUSAL, State.HELD) else None,
        kind=_("Consultation"),
    )
