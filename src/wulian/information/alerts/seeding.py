"""A believable control list and supervision orders for a city that has alerts already; the demonstration calls it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from wulian.core.accounts.models import Department, User
from wulian.information.alerts.choices import FINAL, ControlLevel
from wulian.information.alerts.groups import KINDS, groups_of
from wulian.information.alerts.models import Alert, ControlledProject, SupervisionOrder
from wulian.information.alerts.services import (
    add_measure,
    answer_order,
    confirm_measure,
    confirm_release,
    issue_order,
    place_project,
    propose_release,
    report_measure,
)
from wulian.information.registry.models import Project

PersonOf = Callable[[Department], User]
_FATES = ("reported", "open", "released")
_MEASURES = (
    "对照预警所列事实逐条自查，书面报送核查情况和佐证材料。",
    "约请招标人和代理机构说明情况，限期改正并公告。",
)
_REPORT = "已完成自查并改正，情况说明见附件。"


def seed_control_list(
    *, dispatcher: User, office_head: User, officer_of: PersonOf, projects: int = 3
) -> list[ControlledProject]:
    """Put the projects with the highest index under control: one with a measure reported, one waiting, one released.

    `officer_of` names the case officer of a department. Projects that are controlled, or whose alerts have no department, are left out.
    """
    placed: list[ControlledProject] = []
    free = (
        groups_of(KINDS["project"], dispatcher).filter(project__controls=None).order_by("-index", "project")
    )
    chosen = [row["project"] for row in free[: projects * 3]]
    found = Project.objects.in_bulk(chosen)
    for project in (found[pk] for pk in chosen):
        alerts = list(Alert.objects.filter(project=project).exclude(state__in=FINAL).order_by("rank", "pk"))
        department = next((alert.department for alert in alerts if alert.department), None)
        if department is None or len(placed) == projects:
            continue
        control = place_project(
            project=project,
            actor=dispatcher,
            level=ControlLevel.KEY if alerts[0].is_red else ControlLevel.GENERAL,
            reason=f"疑点较集中（{len(alerts)}条未结预警），需逐条核查并督促整改。",
            department=department,
            alerts=alerts[:5],
        )
        _play(control, _FATES[len(placed) % len(_FATES)], dispatcher, office_head, officer_of(department))
        placed.append(control)
    return placed


def seed_orders(*, office_head: User, officer_of: PersonOf, orders: int = 2) -> list[SupervisionOrder]:
    """Order the departments to judge the gravest alerts that nobody has judged; every second order is answered."""
    waiting = Alert.objects.open().filter(department__isnull=False, orders=None).order_by("rank", "pk")
    issued: list[SupervisionOrder] = []
    for alert in waiting[:orders]:
        assert alert.department is not None
        order = issue_order(
            alert=alert,
            actor=office_head,
            department=alert.department,
            demand="请核实预警所列事实，提出研判意见，书面反馈并附佐证材料。",
            reason="预警临近办理时限，尚未提出研判意见。",
            due_on=_in_days(5),
        )
        if len(issued) % 2:
            answer_order(
                order=order,
                actor=officer_of(alert.department),
                text="已调取交易平台日志，正在核对。",
                files=[_note()],
            )
        issued.append(order)
    return issued


def _play(control: ControlledProject, fate: str, dispatcher: User, office_head: User, officer: User) -> None:
    for demand in _MEASURES[: 2 if fate == "reported" else 1]:
        measure = add_measure(
            control=control,
            actor=dispatcher,
            demand=demand,
            department=control.department,
            due_on=_in_days(14),
        )
    if fate == "open":
        return
    report_measure(measure=measure, actor=officer, report=_REPORT, files=[_note()])
    if fate == "released":
        confirm_measure(measure=measure, actor=dispatcher, note="材料齐全。")
        propose_release(control=control, actor=dispatcher, reason="措施均已落实，未发现新的问题。")
        confirm_release(control=control, actor=office_head, note="同意解除。")


def _in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def _note() -> Any:
    return SimpleUploadedFile("情况说明.txt", f"{_REPORT}\n".encode())
