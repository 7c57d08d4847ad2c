"""Alerts are judged: some excluded by two people, some referred to leads, one to an inspection, some still waiting."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

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
    "late bid": ("TB-02",),
}
"""Lead of the demonstration → rules whose newest alert begins it."""
_REASONS = {
    "bond": "经核对银行回单，两家投标人的保证金自同一账户转出，且无担保、联合体等排除情形，建议转线索核查。",
    "period": "经核对平台日志，招标文件自发出之日至投标截止不足法定期限，未见顺延公告，建议转线索核查。",
    "security": "经核对招标文件前附表和项目估算价，投标保证金超过估算价的百分之二，建议转线索核查。",
    "media": "在指定媒介检索未见该招标公告，网页截图已留存，建议转线索核查。",
    "late bid": "经核对平台接收日志，投标文件上传时间晚于截止时间而被接收，未见延期公告，建议转线索核查。",
}


def open_alerts(scene: Scene, *rules: str) -> QuerySet[Alert]:
    """Alerts nobody has judged that have an authority, the newest conduct first."""
    chosen = Alert.objects.filter(state=AlertState.DISPATCHED, department__isnull=False)
    if rules:
        chosen = chosen.filter(rule_id__in=rules, conduct_date__gte=scene.today() - RECENT)
    return chosen.select_related("department", "project", "lot").order_by("-conduct_date", "-pk")


def refer(scene: Scene, story: str) -> None:
    """An officer accepts the newest alert of the story and refers it: it becomes a lead."""
    alert = open_alerts(scene, *STORIES[story]).exclude(violation_code="").first()
    if alert is None:
        return
    officer = _officer(scene, alert)
    accept_alert(alert=alert, actor=officer)
    refer_alert(alert=alert, actor=officer, reason=_REASONS[story])
    scene.alerts[story] = alert


def refer_two(scene: Scene) -> None:
    """Two more leads: one will end as a case, the other without a violation."""
    refer(scene, "security")
    refer(scene, "media")


def exclude_some(scene: Scene) -> None:
    """Three exclusions agreed by the head, one that waits for the second person."""
    fates = ("confirmed", "confirmed", "confirmed", "waiting")
    told = [rule for rules in STORIES.values() for rule in rules]
    others = open_alerts(scene).exclude(rule_id__in=told)[: len(fates)]
    for fate, alert in zip(fates, others, strict=False):
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
    """What is better looked at on the spot: the other bonds from one account, and a late clarification."""
    for alert in open_alerts(scene).filter(rule_id__in=("TB-07", "CQ-01")):
        officer = _officer(scene, alert)
        accept_alert(alert=alert, actor=officer)
        refer_alert(
            alert=alert,
            actor=officer,
            reason="需结合现场检查调取原始凭证核实，建议列入联合检查事项。",
            destination=Destination.INSPECTION,
        )


def begin_today(scene: Scene) -> None:
    """Of today's alerts two are being judged, and one is given to an officer by name."""
    waiting = list(open_alerts(scene).order_by("rank", "pk")[:3])
    for alert in waiting[:2]:
        accept_alert(alert=alert, actor=_officer(scene, alert))
    for alert in waiting[2:]:
        assert alert.department is not None
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
