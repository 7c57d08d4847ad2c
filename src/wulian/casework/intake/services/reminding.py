"""Reminders: each step of each period once, to who owes it; to the heads when it has passed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.intake.choices import ComplaintState, ReminderStep, TipOffState
from wulian.casework.intake.models import Complaint, Matter, Reminder, TipOff
from wulian.core.accounts.choices import Role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.models import Clock
from wulian.core.clocks.projection import remaining_budget
from wulian.core.ui.notifications import notify

if TYPE_CHECKING:
    from wulian.law.calendar import LegalCalendar

Recipients = Callable[[models.Model, bool], list[User]]
"""Given a record and whether its heads are to be told as well, who is told; only those who may see the record."""

_RECIPIENTS: dict[type[models.Model], Recipients] = {}
_AT_OFFICE: Final = {
    ComplaintState.RECEIVED: Role.CLERK,
    ComplaintState.REGISTERED: Role.DISPATCHER,
    ComplaintState.TRANSFER: Role.DISPATCHER,
    TipOffState.RECEIVED: Role.CLERK,
    TipOffState.REVIEWED: Role.DISPATCHER,
    TipOffState.TRANSFER: Role.DISPATCHER,
    TipOffState.NOT_CHECKED: Role.OFFICE_HEAD,
    TipOffState.FEEDBACK: Role.CLERK,
    TipOffState.FILED: Role.CLERK,
}
"""States in which the coordinating office owes the next step; in all others the competent authority does."""


def register(model: type[models.Model], recipients: Recipients) -> None:
    """Let the clocks of another kind of record be reminded of as well."""
    _RECIPIENTS[model] = recipients


def remind_of_clocks() -> int:
    """Tell of every step that a running clock of a registered kind has reached; returns how many clocks were told of.

    A step that was missed while nobody looked is taken as told with the next one: one message a clock and run. Two runs at
    the same time tell once: the row of the step decides.
    """
    kinds = ContentType.objects.get_for_models(*_RECIPIENTS).values()
    last = Reminder.objects.filter(clock=OuterRef("pk"), step=max(ReminderStep))
    running = Clock.objects.running().filter(~Exists(last), content_type__in=kinds, due__isnull=False)
    clocks = list(running.prefetch_related("suspensions"))
    told: dict[int, set[int]] = {}
    for clock_id, step in Reminder.objects.filter(clock__in=clocks).values_list("clock_id", "step"):
        told.setdefault(clock_id, set()).add(step)
    in_force = calendar() if clocks else None
    count = 0
    for clock in clocks:
        assert in_force is not None
        new = [step for step in reached(clock, in_force) if step not in told.get(clock.pk, ())]
        if new:
            count += _tell(clock, new)
    return count


def reached(clock: Clock, in_force: LegalCalendar) -> list[ReminderStep]:
    """Return the steps a clock with a date has reached today, excluded time not counted, first first."""
    today = timezone.localdate()
    used = clock.n - remaining_budget(clock, in_force, today)
    assert clock.due is not None
    found = [step for step in (ReminderStep.HALF, ReminderStep.MOST) if used * 100 >= clock.n * step]
    if today >= clock.due:
        found = [ReminderStep.HALF, ReminderStep.MOST, ReminderStep.LAST_DAY]
    if today > clock.due:
        found.append(ReminderStep.OVERDUE)
        if used * 100 >= clock.n * ReminderStep.LONG_OVERDUE:
            found.append(ReminderStep.LONG_OVERDUE)
    return found


def _tell(clock: Clock, steps: list[ReminderStep]) -> int:
    last, subject = steps[-1], clock.subject
    if subject is None:
        return 0
    with transaction.atomic():
        made = [
            Reminder.objects.get_or_create(clock=clock, step=step, defaults={"told": 0}) for step in steps
        ]
        row, is_new = made[-1]
        if not is_new:
            return 0  # another process was quicker
        people = _RECIPIENTS[type(subject)](subject, last >= ReminderStep.OVERDUE)
        row.told = notify(
            users=people,
            title=_("%(number)s: %(period)s, %(step)s")
            % {"number": subject, "period": clock.label, "step": last.label},
            url=subject.get_absolute_url(),
            body=_("Due on %(day)s.") % {"day": clock.due},
        )
        row.save(update_fields=["told"])
        record_event(
            actor=None,
            verb="intake.reminded",
            subject=subject,
            summary=f"{clock.label}：{last.label}",
            data={"clock": clock.pk, "step": int(last), "told": row.told},
        )
    return 1


def recipients_of_matter(matter: Matter, with_heads: bool) -> list[User]:
    """Who owes the next step of a matter, and when it has passed the heads of the section and of the office."""
    people = User.objects.filter(is_active=True).prefetch_related("role_grants")
    role = _AT_OFFICE.get(matter.state)  # type: ignore[call-overload]
    if role is not None or matter.authority_id is None:
        found = list(people.with_role(role or Role.DISPATCHER))
    else:
        own = people.filter(department=matter.authority_id)
        named = [item["officer"] for item in getattr(matter, "officers", [])]
        found = list(own.filter(officer__in=named)) if named else list(own.with_role(Role.CASE_OFFICER))
        if with_heads:
            found += own.with_role(Role.SECTION_HEAD)
    if with_heads:
        found += people.with_role(Role.OFFICE_HEAD)
    rows = type(matter)._default_manager.filter(pk=matter.pk)
    return [user for user in found if rows.visible_to(user).exists()]  # type: ignore[attr-defined]


for _model in (Complaint, TipOff):
    register(_model, recipients_of_matter)  # type: ignore[arg-type]
