"""What alerts, supervision orders and controlled projects ask of whom, for the worklist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.choices import Role
from wulian.core.clocks.calendars import calendar
from wulian.core.clocks.models import Clock
from wulian.core.clocks.selectors import clock_status
from wulian.core.ui.templatetags.ui import severity_code
from wulian.core.ui.worklist import Duty
from wulian.information.alerts.choices import (
    HINTS,
    AlertState,
    ControlLevel,
    ControlState,
    MeasureState,
    OrderState,
)
from wulian.information.alerts.models import Alert, ControlledProject, ControlMeasure, SupervisionOrder
from wulian.information.alerts.permissions import (
    control_abilities,
    measure_abilities,
    next_action,
    order_abilities,
)
from wulian.information.alerts.services.referring import REFERRED

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

LIMIT = 200
_LEVELS = {ControlLevel.KEY: "red", ControlLevel.GENERAL: "orange", ControlLevel.WATCH: "yellow"}
_TITLES = {
    "review": _("Review an exclusion"),
    "accept": _("Accept an alert"),
    "judge": _("Judge an alert"),
    "close": _("Close a referred alert"),
    "dispatch": _("Dispatch an alert"),
}
_BUTTONS = {
    "review": _("Review the exclusion"),
    "accept": _("Accept the alert"),
    "judge": _("Judge the alert"),
    "close": _("Close the alert"),
    "dispatch": _("Dispatch the alert"),
}


def duties(user: User) -> Iterator[Duty]:
    """Yield the alerts that wait for this user, the gravest first."""
    alerts = list(_waiting(user).select_related("department")[:LIMIT])
    clocks = _first_clocks(Alert, [alert.pk for alert in alerts])
    in_force = calendar() if clocks else None
    for alert in alerts:
        action = next_action(alert, user)
        if not action:
            continue
        clock = clocks.get(alert.pk)
        yield Duty(
            title=_TITLES[action],
            subject_label=str(alert),
            url=alert.get_absolute_url(),
            due=(clock.due_at or clock.due) if clock else None,
            clock=clock_status(clock, in_force=in_force) if clock else None,
            action=_BUTTONS[action],
            severity=severity_code(alert.severity),
            kind=_("Alert"),
        )


def _waiting(user: User) -> QuerySet[Alert]:
    """The alerts whose next step may be this user's, by indexed columns only."""
    mine = Q(pk__in=())
    own = Q(department_id=user.department_id) if user.department_id else Q(pk__in=())
    if user.has_role(Role.CASE_OFFICER):
        mine |= own & Q(state=AlertState.DISPATCHED, assignee=None)
        mine |= Q(state__in=(AlertState.DISPATCHED, AlertState.JUDGING), assignee=user)
    if user.has_role(Role.SECTION_HEAD, Role.AUTHORITY_HEAD):
        mine |= own & Q(state=AlertState.REVIEW)
    if user.has_role(Role.SECTION_HEAD):
        mine |= own & Q(state=AlertState.JUDGING, assignee=user)
    if user.has_role(Role.SECTION_HEAD, Role.AUTHORITY_HEAD):
        mine |= own & Q(state__in=REFERRED) & ~Q(outcome="")
    if user.has_role(Role.DISPATCHER):
        mine |= Q(state=AlertState.NEW) & ~HINTS
    return Alert.objects.visible_to(user).filter(mine)


def order_duties(user: User) -> Iterator[Duty]:
    """Yield the orders the user's department has to answer, and for the office the answers it has to judge."""
    mine = Q(pk__in=())
    if user.department_id and user.has_role(Role.CASE_OFFICER, Role.SECTION_HEAD):
        mine |= Q(state=OrderState.ISSUED, department=user.department_id)
    if user.has_role(Role.DISPATCHER, Role.OFFICE_HEAD):
        mine |= Q(state=OrderState.ANSWERED)
    orders = list(SupervisionOrder.objects.filter(mine).select_related("alert").order_by("due_on")[:LIMIT])
    clocks = _first_clocks(SupervisionOrder, [order.pk for order in orders])
    in_force = calendar() if clocks else None
    for order in orders:
        may = order_abilities(order, user)
        if not (may["answer"] or may["judge"]):
            continue
        clock = clocks.get(order.pk)
        yield Duty(
            title=_("Answer a supervision order") if may["answer"] else _("Judge the answer to an order"),
            subject_label=f"{order.number} {order.alert}",
            url=order.get_absolute_url(),
            due=order.due_on if may["answer"] else None,
            clock=clock_status(clock, in_force=in_force) if clock else None,
            action=_("Answer the order") if may["answer"] else _("Judge the answer"),
            severity=severity_code(order.alert.severity),
            kind=_("Supervision order"),
        )


def control_duties(user: User) -> Iterator[Duty]:
    """Yield the measures the user owes or has to judge, and the releases that wait for a second person."""
    visible = ControlledProject.objects.visible_to(user)
    mine = Q(state=MeasureState.REPORTED, control__in=visible)
    if user.department_id:
        mine |= Q(state=MeasureState.OPEN, department=user.department_id)
    related = ("control__project", "department")
    measures = list(ControlMeasure.objects.filter(mine).select_related(*related).order_by("due_on")[:LIMIT])
    clocks = _first_clocks(ControlMeasure, [measure.pk for measure in measures])
    in_force = calendar() if clocks else None
    for measure in measures:
        may = measure_abilities(measure, user)
        if not (may["report"] or may["judge"]):
            continue
        clock = clocks.get(measure.pk)
        yield Duty(
            title=_("Carry out a control measure") if may["report"] else _("Judge a control measure"),
            subject_label=f"{measure.control}：{measure}",
            url=measure.get_absolute_url(),
            due=measure.due_on if may["report"] else None,
            clock=clock_status(clock, in_force=in_force) if clock else None,
            action=_("Report the measure") if may["report"] else _("Judge the measure"),
            severity=_LEVELS[ControlLevel(measure.control.level)],
            kind=_("Project under control"),
        )
    for control in visible.filter(state=ControlState.PROPOSED).select_related("project")[:LIMIT]:
        if control_abilities(control, user)["release"]:
            yield Duty(
                title=_("Review a release from control"),
                subject_label=str(control),
                url=control.get_absolute_url(),
                action=_("Review the release"),
                severity=_LEVELS[ControlLevel(control.level)],
                kind=_("Project under control"),
            )


def _first_clocks(model: type[Model], ids: list[int]) -> dict[int, Clock]:
    running = Clock.objects.running().filter(
        content_type=ContentType.objects.get_for_model(model), object_id__in=ids
    )
    found: dict[int, Clock] = {}
    for clock in running.prefetch_related("suspensions"):
        found.setdefault(clock.object_id, clock)
    return found
