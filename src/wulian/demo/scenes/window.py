"""The window: a letter with two matters that another body handed on, and an entry made while the line was down."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from wulian.casework.intake.choices import MatterKind, ReceivedVia, Relation, ReporterKind, Topic
from wulian.casework.intake.services import MatterContent, ReporterDetails
from wulian.casework.window.services import Delay, TransferDetails, enter_submission
from wulian.demo.scenes.base import Scene
from wulian.demo.scenes.complaints import projects


def receive_transfer(scene: Scene) -> None:
    """The petition office hands on one letter that holds a complaint and a tip-off: one receipt, two matters."""
    found = list(projects("transport")[1:3])
    if len(found) < 2:
        return
    first, second = found
    complaint = MatterContent(
        topic=Topic.EVALUATION,
        relation=Relation.BIDDER,
        project=first,
        respondent_name=first.owner.name if first.owner else "招标人",
        facts="评标委员会未按招标文件载明的业绩标准评分，我公司两项有效业绩未予计分，影响中标候选人排序。",
        request="请求责令原评标委员会按招标文件规定的标准复核。",
        evidence="业绩合同及竣工验收证明复印件各两份。",
        knew_on=scene.today() - dt.timedelta(days=7),
        objection_on=scene.today() - dt.timedelta(days=6),
        objection_replied_on=scene.today() - dt.timedelta(days=4),
        materials="投诉书 1份 原件\n业绩合同 2份 复印件\n异议书及答复 1份 复印件\n信访转送单 1份 原件",
    )
    tip_off = MatterContent(
        topic=Topic.PERFORMANCE,
        relation=Relation.BIDDER,
        project=second,
        facts="该项目中标后现场项目经理与投标文件所列人员不一致，施工班组称由另一家公司组织施工。",
    )
    enter_submission(
        actor=scene.cast["window"],
        contents=[(MatterKind.COMPLAINT, complaint), (MatterKind.TIP_OFF, tip_off)],
        reporter=ReporterDetails(
            kind=ReporterKind.UNIT,
            name="湖北鄂北路桥工程有限公司",
            phone="13700003579",
            address="湖北省襄阳市襄城区檀溪路118号",
        ),
        received_via=ReceivedVia.TRANSFERRED,
        transfer=TransferDetails("随州市信访局", "随信转〔2026〕57号", scene.today() - dt.timedelta(days=2)),
    )


def receive_offline(scene: Scene) -> None:
    """Somebody came while the line was down; the entry was sent forty minutes later."""
    project = projects("water").last()
    if project is None:
        return
    now = timezone.now()
    entered = timezone.localtime(now - dt.timedelta(minutes=40))
    content = MatterContent(
        topic=Topic.INTERFERENCE,
        relation=Relation.PUBLIC,
        project=project,
        facts="开标前一日，有人在项目部门口向几家投标企业的人员打听报名情况，并称可以代为安排。",
        materials="手机拍摄照片 2份 复印件",
    )
    enter_submission(
        actor=scene.cast["window"],
        contents=[(MatterKind.TIP_OFF, content)],
        reporter=ReporterDetails(kind=ReporterKind.PERSON, name="刘长河", phone="13600001357"),
        received_via=ReceivedVia.WINDOW,
        delay=Delay(f"LS{entered:%Y%m%d-%H%M}-7C20E1", entered, now),
    )
