"""Alerts are judged: some excluded by two people, some referred to leads, one to an inspection, some still waiting."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from wulian.core.accounts.models import User
from wulian.demo.scenes.base import Scene
from wulian.information.alerts.choices import AlertState, Destination
from wulian.information.alerts.models import Alert
from wulian.information.alerts.services import (
    accept_alert,
    confirm_exclusion,
    dispatch_alert,
    exclude_alert,
    refer_alert,
)

RECENT = dt.timedelta(days=640)
"""Facts older than that are barred by limitation soon (行政处罚法 第三十六条)."""
STORIES = {
    "bond": ("TB-07",),
    "period": ("WJ-01", "CQ-01"),
    "security": ("WJ-02",),
    "media": ("ZB-01",),
    "committee": ("PB-01", "TB-02"),
}
"""Lead of the demonstration → rules whose newest alert begins it."""
_REASONS = {
    "bond": "经核对银行回单，两家投标人的保证金自同一账户转出，且无担保、联合体等排除情形，建议转线索核查。",
    "period": "经核对平台日志，招标文件自发出之日至投标截止不足法定期限，未见顺延公告，建议转线索核查。",
    "security": "经核对招标文件前附表和项目估算价，投标保证金超过估算价的百分之二，建议转线索核查。",
    "media": "在指定媒介检索未见该招标公告，网页截图已留存，建议转线索核查。",
    "committee": "经核对抽取记录和签到表，事实存在，建议转线索核查。",
}


def open_alerts(scene: Scene, *rules: str) -> QuerySet[Alert]:
    """Alerts nobody has judged that have an authority, the newest conduct first."""
    chosen = Alert.objects.filter(state=AlertState.DISPATCHED, department__isnull=False)
    if rules:
        chosen = chosen.filter(rule_id__in=rules, conduct_date__gte=scene.today() - RECENT)
    return chosen.select_related("department", "project", "lot").order_by("-conduct_date", "-pk")


LAST = "committee"
"""The story that begins late: its lead still waits for its examination."""


def refer_to_leads(scene: Scene) -> None:
    """The officers accept the newest alert of each story and refer it."""
    for story in STORIES:
        if story != LAST:
            _refer(scene, story)


def refer_last(scene: Scene) -> None:
    """One more alert becomes a lead."""
    _refer(scene, LAST)


def _refer(scene: Scene, story: str) -> None:
    rules = STORIES[story]
    alert = open_alerts(scene, *rules).exclude(violation_code="").first()
    if alert is None:
        return
    officer = _officer(scene, alert)
    accept_alert(alert=alert, actor=officer)
    refer_alert(alert=alert, actor=officer, reason=_REASONS[story])
    scene.alerts[story] = alert


def exclude_some(scene: Scene) -> None:
    """Two exclusions agreed by the head, one that waits for the second person."""
    fates = ("confirmed", "confirmed", "waiting")
    for fate, alert in zip(fates, open_alerts(scene)[: len(fates)], strict=False):
        officer = _officer(scene, alert)
        accept_alert(alert=alert, actor=officer)
        exclude_alert(
            alert=alert,
            actor=officer,
            opinion="经调取交易平台日志和书面材料，所涉时间系补录造成，实际办理时间符合规定。",
            basis="排除情形：数据录入有误，已附平台操作日志和更正函",
        )
        if fate == "confirmed":
            assert alert.department is not None
            confirm_exclusion(
                alert=alert, actor=scene.cast.of(alert.department, "head"), note="同意排除，督促更正数据。"
            )


def send_to_inspection(scene: Scene) -> None:
    """One alert is better looked at on the spot; another is being judged."""
    waiting = list(open_alerts(scene)[:2])
    for alert in waiting:
        accept_alert(alert=alert, actor=_officer(scene, alert))
    if waiting:
        refer_alert(
            alert=waiting[0],
            actor=_officer(scene, waiting[0]),
            reason="需结合现场检查核实，建议列入联合检查事项。",
            destination=Destination.INSPECTION,
        )


def give_to_a_person(scene: Scene) -> None:
    """The dispatcher gives one alert to one officer by name."""
    alert = open_alerts(scene).filter(~Q(state=AlertState.JUDGING)).first()
    if alert is not None and alert.department is not None:
        dispatch_alert(
            alert=alert,
            actor=scene.cast["dispatcher"],
            department=alert.department,
            assignee=scene.cast.of(alert.department, "officer2"),
            note="请于两日内提出研判意见。",
        )


def _officer(scene: Scene, alert: Alert) -> User:
    assert alert.department is not None
    return scene.cast.of(alert.department, "officer1")
