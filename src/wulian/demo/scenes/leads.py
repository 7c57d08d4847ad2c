"""Leads are examined, given to two officers, checked; one ends unfounded, two are proposed for a case, one waits."""

from __future__ import annotations

from wulian.casework.cases.choices import EvidenceKind
from wulian.casework.cases.models import Evidence, Lead
from wulian.casework.cases.services import (
    add_evidence,
    assign_lead,
    examine_lead,
    take_lead_step,
    verify_evidence,
)
from wulian.core.accounts.models import User
from wulian.demo.scenes.base import Scene
from wulian.information.alerts.models import Alert
from wulian.information.registry.models import Party


def examine_and_assign(scene: Scene, *stories: str) -> None:
    """The dispatcher completes each lead and gives it to the authority that the list names."""
    dispatcher = scene.cast["dispatcher"]
    for story in stories:
        alert = scene.alerts.get(story)
        lead = Lead.objects.filter(source_key=f"alerts.alert:{alert.pk}").first() if alert else None
        if alert is None or lead is None:
            continue
        party = lead.party or bidder_paid_by_another(alert) or (lead.project.owner if lead.project else None)
        examine_lead(
            actor=dispatcher,
            lead=lead,
            violation_code=lead.violation_code,
            sector=lead.sector,
            region_code=lead.region_code,
            party=party,
            conduct_date=lead.conduct_date,
        )
        assert lead.authority is not None
        assign_lead(
            actor=dispatcher,
            lead=lead,
            officers=scene.officers(lead.authority),
            note="请依法核查并按期反馈。",
        )
        scene.leads[story] = lead


PAPERS = {
    "bond": ("投标保证金银行电子回单", "两家投标人的投标保证金由同一账户支付"),
    "period": ("交易平台操作日志", "招标文件发出时间与投标截止时间"),
    "security": ("招标文件前附表", "招标文件规定的投标保证金金额与项目估算价"),
}


def check(scene: Scene, story: str) -> None:
    """The officers gather what they need and verify it."""
    lead = scene.leads.get(story)
    if lead is None:
        return
    title, proves = PAPERS[story]
    officer, second = _officers(scene, lead)
    add_evidence(
        actor=officer,
        lead=lead,
        kind=EvidenceKind.DOCUMENTARY,
        title=title,
        proves=proves,
        origin="随州市公共资源交易中心提供，盖章确认",
        obtained_on=scene.today(),
        content=f"{title}：与档案数据核对一致。{lead.facts}",
    )
    for item in Evidence.objects.filter(lead=lead, struck_at=None):
        verify_evidence(actor=second, evidence=item, how="与原件核对一致，经两名执法人员查验。")


def conclude_one(scene: Scene) -> None:
    """One lead has nothing in it: the officers say so, the section head confirms."""
    lead = scene.leads.get("media")
    if lead is None:
        return
    officer, _second = _officers(scene, lead)
    take_lead_step(
        actor=officer,
        lead=lead,
        event="conclude_unfounded",
        note="经向国家公共服务平台调取发布记录，该公告已于同日由省级平台推送发布，名称写法不同，未发现违法事实。",
    )
    assert lead.authority is not None
    take_lead_step(
        actor=scene.cast.of(lead.authority, "section"),
        lead=lead,
        event="confirm_unfounded",
        note="同意，反馈监管办并督促规范媒介名称。",
    )


def bidder_paid_by_another(alert: Alert) -> Party | None:
    """The tenderer of the alert's lot whose security came from another's account."""
    if alert.lot is None:
        return None
    for bid in alert.lot.bids.filter(ended_at=None).select_related("tenderer").order_by("pk"):
        if bid.security_payer and bid.security_payer != bid.tenderer.name:
            return bid.tenderer
    return None


def _officers(scene: Scene, lead: Lead) -> tuple[User, User]:
    assert lead.authority is not None
    return scene.cast.of(lead.authority, "officer1"), scene.cast.of(lead.authority, "officer2")
