"""What alerts, supervision orders and controlled projects ask of whom, for the worklist."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wulian.core.accounts.choices import Role
from wulian.core.accounts.scopes import sees_business
from wulian.core.clocks.selectors import NO_CLOCK, first_statuses
from wulian.core.ui.templatetags.ui import severity_code
from wulian.core.ui.worklist import Duty, Rest, pressing
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


def duties(user: User) -> Iterator[Duty | Rest]:
    """Yield the alerts that wait for this user, the gravest first."""
    if not sees_business(user):
        return
    for rows, url in _waiting(user):
        alerts, rest = pressing(
            rows.select_related("department"),
            lambda alert: next_action(alert, user) or None,
            kind=_("Alert"),
            url=f"{reverse('alerts:list')}?{url}",
        )
        clocks = first_statuses(Alert, [alert.pk for alert, _action in alerts])
        for alert, action in alerts:
            clock, status = clocks.get(alert.pk, NO_CLOCK)
            yield Duty(
                title=_TITLES[action],
                subject_label=str(alert),
                url=alert.get_absolute_url(),
                due=(clock.due_at or clock.due) if clock else None,
                clock=status,
                action=_BUTTONS[action],
                severity=severity_code(alert.severity),
                kind=_("Alert"),
            )
        yield from rest


def _waiting(user: User) -> Iterator[tuple[QuerySet[Alert], str]]:
    """The alerts whose next step may be this user's, in sets that share none, each with the address of its list.

    One set would be asked for as "this or that", for which no index holds the order.
    """
    # What is given to one's own department is visible to it (AlertQuerySet.visible_to).
    own = Alert.objects.filter(department=user.department_id or 0)
    url = f"department={user.department_id}&state="
    if user.department_id and user.has_role(Role.CASE_OFFICER):
        yield own.filter(state=AlertState.DISPATCHED, assignee=None), f"{url}{AlertState.DISPATCHED}"
    if user.department_id and user.has_role(Role.SECTION_HEAD, Role.AUTHORITY_HEAD):
        yield own.filter(state=AlertState.REVIEW), f"{url}{AlertState.REVIEW}"
        ended = own.filter(state__in=REFERRED).exclude(outcome="")
        yield ended, "&state=".join([f"department={user.department_id}", *REFERRED])
    given = Alert.objects.filter(assignee=user, state__in=(AlertState.DISPATCHED, AlertState.JUDGING))
    judging = Alert.objects.visible_to(user).filter(pk__in=given.order_by().values("pk"))
    if user.has_role(Role.CASE_OFFICER):
        yield judging, "scope=mine"
    elif user.has_role(Role.SECTION_HEAD) and user.department_id:
        in_own = judging.filter(state=AlertState.JUDGING, department_id=user.department_id)
        yield in_own, "scope=mine"
    if user.has_role(Role.DISPATCHER):
        yield Alert.objects.visible_to(user).filter(~HINTS, state=AlertState.NEW), f"state={AlertState.NEW}"


def order_duties(user: User) -> Iterator[Duty | Rest]:
    """Yield the orders the user's department has to answer, and for the office the answers it has to judge."""
    mine = Q(pk__in=())
    if user.department_id and user.has_role(Role.CASE_OFFICER, Role.SECTION_HEAD):
        mine |= Q(state=OrderState.ISSUED, department=user.department_id)
    if user.has_role(Role.DISPATCHER, Role.OFFICE_HEAD):
        mine |= Q(state=OrderState.ANSWERED)
    rows = SupervisionOrder.objects.filter(mine).select_related("alert").order_by("due_on", "pk")
    orders, rest = pressing(
        rows,
        lambda order: _able(order_abilities(order, user), "answer", "judge"),
        kind=_("Supervision order"),
        url=reverse("alerts:orders"),
    )
    clocks = first_statuses(SupervisionOrder, [order.pk for order, _may in orders])
    for order, may in orders:
        _clock, status = clocks.get(order.pk, NO_CLOCK)
        yield Duty(
            title=_("Answer a supervision order") if may["answer"] else _("Judge the answer to an order"),
            subject_label=f"{order.number} {order.alert}",
            url=order.get_absolute_url(),
            due=order.due_on if may["answer"] else None,
            clock=status,
            action=_("Answer the order") if may["answer"] else _("Judge the answer"),
            severity=severity_code(order.alert.severity),
            kind=_("Supervision order"),
        )
    yield from rest


def _able(may: dict[str, bool], *steps: str) -> dict[str, bool] | None:
    return may if any(may[step] for step in steps) else None


def control_duties(user: User) -> Iterator[Duty | Rest]:
    """Yield the measures the user owes or has to judge, and the releases that wait for a second person."""
    visible = ControlledProject.objects.visible_to(user)
    mine = Q(state=MeasureState.REPORTED, control__in=visible)
    if user.department_id:
        mine |= Q(state=MeasureState.OPEN, department=user.department_id)
    related = ("control__project", "department")
    rows = ControlMeasure.objects.filter(mine).select_related(*related).order_by("due_on", "pk")
    measures, rest = pressing(
        rows,
        lambda measure: _able(measure_abilities(measure, user), "report", "judge"),
        kind=_("Project under control"),
        url=reverse("alerts:controls"),
    )
    clocks = first_statuses(ControlMeasure, [measure.pk for measure, _may in measures])
    for measure, may in measures:
        _clock, status = clocks.get(measure.pk, NO_CLOCK)
        yield Duty(
            title=_("Carry out a control measure") if may["report"] else _("Judge a control measure"),
            subject_label=f"{measure.control}：{measure}",
            url=measure.get_absolute_url(),
            due=measure.due_on if may["report"] else None,
            clock=status,
            action=_("Report the measure") if may["report"] else _("Judge the measure"),
            severity=_LEVELS[ControlLevel(measure.control.level)],
            kind=_("Project under control"),
        )
    yield from rest
    releases, rest = pressing(
        visible.filter(state=ControlState.PROPOSED).select_related("project"),
        lambda control: _able(control_abilities(control, user), "release"),
        kind=_("Project under control"),
        url=f"{reverse('alerts:controls')}?state={ControlState.PROPOSED}",
    )
    for control, _may in releases:
        yield Duty(
            title=_("Review a release from control"),
            subject_label=str(control),
            url=control.get_absolute_url(),
            action=_("Review the release"),
            severity=_LEVELS[ControlLevel(control.level)],
            kind=_("Project under control"),
        )
    yield from rest
