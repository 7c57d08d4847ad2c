"""Complaints and tip-offs: one late in its thirty days, one refused, one in its three days, one just come in from the portal."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from wulian.casework.handling.services import start_investigation
from wulian.casework.intake.choices import ReceivedVia, Relation, ReporterKind, Topic
from wulian.casework.intake.codes import code_for, code_hash
from wulian.casework.intake.models import Complaint, Receipt
from wulian.casework.intake.models import Matter as AnyMatter
from wulian.casework.intake.services import (
    MatterContent,
    ReporterDetails,
    accept_complaint,
    dispatch_matter,
    receive_complaint,
    receive_tip_off,
    refuse_complaint,
    register_matter,
    sign_refusal,
)
from wulian.casework.intake.services.registering import Classification
from wulian.core.accounts.choices import CITY_REGION
from wulian.demo.scenes.base import Scene
from wulian.information.registry.models import Project

SUBMISSION = b"wulian demonstration complaint"
"""Known bytes in place of random ones: the receipt code of this complaint can be shown with the logins."""


def projects(sector: str) -> QuerySet[Project]:
    """Projects of the city itself with an opened lot, the newest first."""
    return (
        Project.objects.filter(sector=sector, region_code=CITY_REGION, stage__gte="N10")
        .select_related("owner")
        .order_by("-approved_on", "-pk")
    )


def receipt_to_show() -> tuple[str, str] | None:
    """Number and code of a receipt of the demonstration, to try the public page with."""
    code = code_for(SUBMISSION)
    receipt = Receipt.objects.filter(code_hash=code_hash(code)).first()
    return (receipt.number, code) if receipt else None


def receive_first(scene: Scene) -> None:
    """A bidder complains online about the evaluation, after an objection that was answered."""
    project = projects("housing").first()
    if project is None or project.owner is None:
        return
    today = scene.today()
    content = MatterContent(
        topic=Topic.EVALUATION,
        relation=Relation.BIDDER,
        project=project,
        respondent_name=project.owner.name,
        facts="评标委员会对第一中标候选人项目负责人在建工程的认定有误，该项目负责人在其他在建项目上任职，不符合招标文件第二章的要求。",
        request="请求责令招标人组织复核，依法重新确定中标候选人。",
        evidence="全国建筑市场监管公共服务平台查询截图三页；异议函及答复各一份。",
        happened_on=today - dt.timedelta(days=8),
        knew_on=today - dt.timedelta(days=3),
        objection_on=today - dt.timedelta(days=5),
        objection_replied_on=today - dt.timedelta(days=3),
    )
    reporter = ReporterDetails(
        kind=ReporterKind.UNIT,
        name="随州恒信建筑工程有限公司",
        phone="13900001234",
        address="湖北省随州市曾都区烈山大道118号",
        representative="刘明远",
    )
    issued = receive_complaint(actor=None, content=content, reporter=reporter, submission=SUBMISSION)
    register_and_dispatch(scene, issued.matter, project)


def accept_first(scene: Scene) -> None:
    """The authority accepts it and two officers begin."""
    complaint = _newest(state="C03")
    if complaint is None or complaint.authority is None:
        return
    officer = scene.cast.of(complaint.authority, "officer1")
    accept_complaint(
        actor=officer, complaint=complaint, contact_person=officer.full_name, contact_phone=officer.phone
    )
    start_investigation(
        actor=officer,
        complaint=complaint,
        officers=scene.officers(complaint.authority),
        plan="一、核实项目负责人任职情况；\n二、调取评标报告和评委个人评审意见；\n三、询问招标人、代理机构和评标委员会成员。",
    )


def refuse_second(scene: Scene) -> None:
    """A complaint about the documents without an objection first: the officer proposes, the head signs."""
    project = projects("transport").first()
    if project is None or project.owner is None:
        return
    today = scene.today()
    content = MatterContent(
        topic=Topic.DOCUMENTS,
        relation=Relation.BIDDER,
        project=project,
        respondent_name=project.owner.name,
        facts="招标文件要求提供类似工程业绩三项，我公司认为业绩数量要求过高。",
        request="请求修改招标文件。",
        knew_on=today - dt.timedelta(days=4),
    )
    reporter = ReporterDetails(
        kind=ReporterKind.UNIT, name="湖北路畅工程有限公司", phone="13900005678", address="湖北省武汉市东湖高新区光谷大道77号"
    )  # fmt: skip
    issued = receive_complaint(
        actor=scene.cast["window"], content=content, reporter=reporter, received_via=ReceivedVia.WINDOW
    )
    complaint = issued.matter
    register_and_dispatch(scene, complaint, project)
    assert isinstance(complaint, Complaint)
    assert complaint.authority is not None
    refuse_complaint(
        actor=scene.cast.of(complaint.authority, "officer1"),
        complaint=complaint,
        ground="objection_first",
        reason="投诉事项属于对招标文件的异议，投诉人未先向招标人提出异议。",
    )
    sign_refusal(
        actor=scene.cast.of(complaint.authority, "head"), complaint=complaint, note="同意不予受理，依法告知。"
    )


def receive_third(scene: Scene) -> None:
    """A letter that must be decided on within three working days, given to the water authority."""
    project = projects("water").first()
    if project is None:
        return
    content = MatterContent(
        topic=Topic.COLLUSION,
        relation=Relation.INTERESTED,
        project=project,
        respondent_name="某投标联合体",
        facts="开标记录显示四家投标人报价依次相差约千分之四，呈规律性差异，疑似相互串通投标。",
        request="请求调查并依法处理。",
        evidence="开标记录复印件一份。",
        knew_on=scene.today() - dt.timedelta(days=6),
    )
    reporter = ReporterDetails(
        kind=ReporterKind.PERSON, name="张德才", phone="13800002468", address="湖北省随州市广水市应山街道解放路9号"
    )  # fmt: skip
    issued = receive_complaint(
        actor=scene.cast["window"], content=content, reporter=reporter, received_via=ReceivedVia.LETTER
    )
    register_and_dispatch(scene, issued.matter, project)


def receive_tip_off_with_name(scene: Scene) -> None:
    """A tip-off by name that becomes a lead."""
    project = projects("land").first() or projects("housing").first()
    if project is None:
        return
    content = MatterContent(
        topic=Topic.PERFORMANCE,
        relation=Relation.PUBLIC,
        project=project,
        respondent_name="项目施工单位",
        facts="工地现场长期由另一家公司的人员管理，疑似中标后整体转给他人施工。",
        request="请查一查是不是转包。",
    )
    reporter = ReporterDetails(kind=ReporterKind.PERSON, name="王秀英", phone="13700001357")
    issued = receive_tip_off(actor=None, content=content, reporter=reporter)
    register_and_dispatch(scene, issued.matter, project, violation_code="WF-19")


def receive_anonymous(scene: Scene) -> None:
    """Anonymous, online, not yet registered."""
    project = projects("housing")[1:2].first()
    receive_tip_off(
        actor=None,
        content=MatterContent(
            topic=Topic.FRAUD,
            project=project,
            project_text="" if project else "某小学新建工程",
            relation=Relation.PUBLIC,
            respondent_name="第二中标候选人",
            facts="投标文件中的业绩合同和中标通知书是伪造的，对方单位根本没有这个项目。",
        ),
    )


def receive_today(scene: Scene) -> None:
    """The newest complaint from the portal: the window registers it today."""
    project = projects("housing")[2:3].first() or projects("water").first()
    if project is None or project.owner is None:
        return
    today = scene.today()
    receive_complaint(
        actor=None,
        content=MatterContent(
            topic=Topic.INTERFERENCE,
            relation=Relation.BIDDER,
            project=project,
            respondent_name=project.owner.name,
            facts="评标委员会成员中有一名专家近三年曾在第一中标候选人处任职，应当回避而没有回避。",
            request="请求认定评标无效，重新评标。",
            evidence="社会保险参保查询结果一份。",
            knew_on=today - dt.timedelta(days=2),
        ),
        reporter=ReporterDetails(
            kind=ReporterKind.UNIT, name="襄阳同创建设有限公司", phone="13600009753", address="湖北省襄阳市樊城区人民路66号"
        ),
    )  # fmt: skip


def register_and_dispatch(
    scene: Scene, matter: AnyMatter, project: Project, violation_code: str = ""
) -> None:
    """The window registers a matter and the office gives it to the competent authority."""
    register_matter(
        actor=scene.cast["window"],
        matter=matter,
        classification=Classification(
            topic=matter.topic,
            sector=project.sector,
            region_code=project.region_code,
            project=project,
            violation_code=violation_code,
        ),
    )
    dispatch_matter(actor=scene.cast["dispatcher"], matter=matter, note="请按时限办理。")


def _newest(state: str) -> Complaint | None:
    return Complaint.objects.filter(state=state).order_by("-pk").first()
