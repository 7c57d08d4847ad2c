"""Four complaints in hand: one followed to its published result, one with its tender suspended, one withdrawn, one with experts."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from wulian.casework.cases.choices import EvidenceKind, ServiceMode
from wulian.casework.cases.services.serving import Service
from wulian.casework.dialogue.services import request_withdrawal
from wulian.casework.handling import services as handling
from wulian.casework.handling.choices import Measure, Recipient, RecusalAnswer, Result
from wulian.casework.handling.models import EvidenceItem, Interview, TenderSuspension
from wulian.casework.handling.services.finding import Finding
from wulian.casework.handling.services.investigation import Talk
from wulian.casework.handling.services.publishing import proposed_text
from wulian.casework.intake.choices import Relation, ReporterKind, Topic
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.services import (
    MatterContent,
    ReporterDetails,
    accept_complaint,
    receive_complaint,
)
from wulian.core.accounts.models import User
from wulian.core.clocks.choices import SuspensionReason
from wulian.demo.scenes.base import Act, Scene
from wulian.demo.scenes.complaints import projects, register_and_dispatch
from wulian.information.registry.models import Project

COMPLAINANTS = {
    "decided": ("湖北鼎力市政工程有限公司", "13900002301", "湖北省随州市高新区交通大道206号"),
    "suspended": ("孝感恒通建设有限公司", "13900002302", "湖北省孝感市孝南区长征路58号"),
    "withdrawn": ("随州众诚建筑劳务有限公司", "13900002303", "湖北省随州市曾都区沿河大道91号"),
    "experts": ("黄冈长兴建设集团有限公司", "13900002304", "湖北省黄冈市黄州区赤壁大道33号"),
}
PLANS = {
    "decided": "一、调取评标报告、评委个人评审记录；\n二、询问招标人代表和代理机构项目负责人；\n三、核对业绩合同与竣工验收资料。",
    "suspended": "一、调取招标文件及澄清修改记录；\n二、核实资格条件与项目实际需要是否相适应；\n三、必要时依法责令暂停。",
    "withdrawn": "一、核实开标记录；\n二、询问招标人和代理机构。",
    "experts": "一、调取投标报价电子文件；\n二、委托造价专业机构鉴定工程量清单相似程度。",
}
Told = tuple[Project, Complaint, list[User]]


def _receive(scene: Scene, story: str, project: Project, **content: str) -> None:
    """A unit complains online; the authority accepts and two officers begin on the same day."""
    name, phone, address = COMPLAINANTS[story]
    today = scene.today()
    owner = project.owner.name if project.owner else "招标人"
    matter = receive_complaint(
        actor=None,
        content=MatterContent(
            topic=content["topic"],
            relation=Relation.BIDDER,
            project=project,
            respondent_name=owner,
            facts=content["facts"],
            request=content["request"],
            evidence=content["evidence"],
            knew_on=today - dt.timedelta(days=4),
            objection_on=today - dt.timedelta(days=6) if content.get("objection") else None,
            objection_replied_on=today - dt.timedelta(days=4) if content.get("objection") else None,
        ),
        reporter=ReporterDetails(kind=ReporterKind.UNIT, name=name, phone=phone, address=address),
        submission=f"wulian demonstration {story}".encode(),
    ).matter
    register_and_dispatch(scene, matter, project)
    assert isinstance(matter, Complaint) and matter.authority is not None
    officer = scene.cast.of(matter.authority, "officer1")
    accept_complaint(
        actor=officer, complaint=matter, contact_person=officer.full_name, contact_phone=officer.phone
    )
    handling.start_investigation(
        actor=officer, complaint=matter, officers=scene.officers(matter.authority), plan=PLANS[story]
    )
    scene.complaints[story] = matter


def receive_to_decide(scene: Scene) -> None:
    """A bidder complains that points were given for a performance that does not count."""
    project = projects("transport")[1:2].first() or projects("housing")[3:4].first()
    if project is None:
        return
    _receive(
        scene, "decided", project, topic=Topic.EVALUATION, objection="yes",
        facts="评标委员会将第一中标候选人一项未完成竣工验收的业绩计入类似工程业绩并给予加分，与招标文件评分标准不符。",
        request="请求责令原评标委员会对业绩评审错误进行复核。",
        evidence="招标文件评分办法页、该业绩项目公示信息截图；异议函及答复。",
    )  # fmt: skip


def investigate_to_decide(scene: Scene) -> None:
    """An interview and two pieces of evidence."""
    told = _told(scene, "decided")
    if told is None:
        return
    _project, complaint, (officer, second) = told
    owner = complaint.respondent_name
    now = dt.datetime.combine(scene.today(), dt.time(9), dt.timezone(dt.timedelta(hours=8)))
    handling.record_interview(
        actor=officer,
        complaint=complaint,
        talk=Talk(
            interviewee="孙立新",
            position=f"{owner}工程管理部负责人",
            began_at=now - dt.timedelta(minutes=50),
            ended_at=now - dt.timedelta(minutes=5),
            place=complaint.authority.name if complaint.authority else "",
            recorder=second.full_name,
            recusal=RecusalAnswer.NO,
            answers=[
                {"question": "招标文件对类似工程业绩的认定标准是什么？", "answer": "以竣工验收证明载明的日期为准，未竣工的不计分。"},
                {"question": "第一中标候选人的该项业绩是否已竣工验收？", "answer": "评标时未核对竣工验收证明，事后核实尚未验收。"},
            ],
        ),
    )  # fmt: skip
    for interview in Interview.objects.of(complaint):
        handling.sign_interview(
            actor=officer, interview=interview, signed_on=scene.today(), refusal_note="被询问人当日外出，次日补签；见证人：代理机构项目负责人。"
        )  # fmt: skip
    for title, proves, origin in (
        ("评标报告及评委个人评审表", "该业绩计3分", "随州市公共资源交易中心"),
        ("工程质量监督机构查询回函", "该业绩项目尚未办理竣工验收", "项目所在地工程质量监督机构"),
    ):
        item = handling.add_evidence(
            actor=officer, complaint=complaint, kind=EvidenceKind.DOCUMENTARY, title=title, proves=proves, origin=origin,
            obtained_on=scene.today(),
        )  # fmt: skip
        handling.hand_over(actor=officer, item=item, to_holder=second.full_name, purpose="核对原件")
        handling.verify_evidence(actor=second, item=item, how="与原件核对一致")


def propose_decision(scene: Scene) -> None:
    """Upheld: the original committee re-checks an objective error."""
    told = _told(scene, "decided")
    if told is None or not EvidenceItem.objects.of(told[1]).exists():
        return
    _project, complaint, (officer, _second) = told
    handling.finish_investigation(
        actor=officer,
        complaint=complaint,
        finding=Finding(
            respondent_address=(complaint.respondent.address if complaint.respondent else "") or "湖北省随州市曾都区",
            defence="被投诉人称评标由评标委员会独立完成，对业绩是否竣工验收未作核对。",
            facts="评标委员会将第一中标候选人尚未竣工验收的一项业绩计入类似工程业绩，计3分；招标文件规定以竣工验收证明载明的日期为准。",
            opinion="该项评分属于客观评审错误，不符合招标文件规定的评分标准，投诉事项属实；错误可以通过复核纠正。",
            basis="《中华人民共和国招标投标法实施条例》第六十一条第三款",
            result=Result.UPHELD,
            measures=[Measure.RECHECK],
            orders="责令招标人组织原评标委员会对类似工程业绩的评分错误进行复核，复核不得改变其他评审内容。\n招标人应当将复核结果重新公示。",
        ),
    )  # fmt: skip


def decide(scene: Scene) -> None:
    """Section head, legal review and the head of the authority, each another person."""
    told = _told(scene, "decided")
    if told is None or told[1].state != "C12":
        return
    complaint = told[1]
    assert complaint.authority is not None
    of = scene.cast.of
    handling.endorse_opinion(
        actor=of(complaint.authority, "section"), complaint=complaint, note="同意承办人意见。"
    )
    handling.review_legality(
        actor=of(complaint.authority, "legal"), complaint=complaint, note="职权合法，程序合法，事实清楚，证据充分，适用依据正确。"
    )  # fmt: skip
    handling.decide(
        actor=of(complaint.authority, "head"),
        complaint=complaint,
        note="同意。",
        review_authority="随州市人民政府",
        court="随州市曾都区人民法院",
    )


def serve(scene: Scene) -> None:
    """Both parties get it."""
    told = _told(scene, "decided")
    if told is None or told[1].state != "C13":
        return
    _project, complaint, (officer, _second) = told
    for recipient, receiver in ((Recipient.COMPLAINANT, "代理人"), (Recipient.RESPONDENT, "孙立新")):
        handling.serve_document(
            actor=officer,
            complaint=complaint,
            document=complaint.decision.document,  # type: ignore[attr-defined]
            recipient=recipient,
            recipient_name="",
            service=Service(
                mode=ServiceMode.DIRECT,
                receiver=receiver,
                place="随州市综合监管服务窗口",
                served_on=scene.today(),
            ),
        )


def publish(scene: Scene) -> None:
    """The masked text is checked against the vault, approved and published."""
    told = _told(scene, "decided")
    if told is None or told[1].state != "C15":
        return
    _project, complaint, (officer, _second) = told
    assert complaint.authority is not None
    title, text = proposed_text(complaint)
    handling.draft_publication(actor=officer, complaint=complaint, title=title, text=text)
    handling.approve_publication(
        actor=scene.cast.of(complaint.authority, "section"), complaint=complaint, note="已核对，同意公开。"
    )
    handling.publish(actor=scene.cast["dispatcher"], complaint=complaint)


def receive_to_suspend(scene: Scene) -> None:
    """A bidder complains about requirements that shut others out."""
    project = projects("housing")[4:5].first()
    if project is None:
        return
    _receive(
        scene, "suspended", project, topic=Topic.INTERFERENCE,
        facts="招标人在澄清文件中增加必须具备本市纳税记录的要求，并在开标前一日才通知部分投标人，涉嫌限制、排斥外地投标人。",
        request="请求责令暂停招标投标活动并纠正。",
        evidence="澄清文件打印件一份；通知短信截图两张。",
    )  # fmt: skip


def suspend(scene: Scene) -> None:
    """The head orders the tender to be suspended."""
    if (told := _told(scene, "suspended")) is None:
        return
    complaint = told[1]
    assert complaint.authority is not None
    handling.suspend_tendering(
        actor=scene.cast.of(complaint.authority, "head"),
        complaint=complaint,
        reason="初步核实澄清文件确有限制性要求，继续推进可能造成难以纠正的后果。",
    )


def review(scene: Scene) -> None:
    """Five working days later it is still necessary."""
    complaint = scene.complaints.get("suspended")
    suspension = TenderSuspension.objects.of(complaint).in_force().first() if complaint else None
    if complaint is None or suspension is None or complaint.authority is None:
        return
    handling.review_suspension(
        actor=scene.cast.of(complaint.authority, "head"),
        suspension=suspension,
        reason="招标人尚未提交整改后的澄清文件，暂停的原因没有消除。",
    )


def receive_to_withdraw(scene: Scene) -> None:
    """A bidder complains about the opening and later thinks better of it."""
    project = projects("housing")[5:6].first() or projects("housing").first()
    if project is None:
        return
    _receive(
        scene, "withdrawn", project, topic=Topic.OPENING, objection="yes",
        facts="开标时代理机构未按招标文件规定的顺序解密投标文件，部分投标人的解密时间被延长。",
        request="请求核实开标程序。",
        evidence="开标现场录像截图两张；当场异议记录。",
    )  # fmt: skip


def withdraw(scene: Scene) -> None:
    """The complainant has seen the record of the opening and asks to withdraw; nothing stands against it."""
    if (told := _told(scene, "withdrawn")) is None:
        return
    complaint = told[1]
    request_withdrawal(
        matter=complaint,
        reason="经查看开标记录，解密延长系平台故障并已公告，我单位对此无异议，申请撤回投诉。",
    )


def permit(scene: Scene) -> None:
    """The officer examines, the head permits."""
    if (told := _told(scene, "withdrawn")) is None:
        return
    _project, complaint, (officer, _second) = told
    assert complaint.authority is not None
    handling.examine_withdrawal(
        actor=officer,
        complaint=complaint,
        illegality_found=False,
        harms_others=False,
        opinion="开标记录和平台故障公告相互印证，未发现违法行为，建议准予撤回。",
    )
    handling.permit_withdrawal(
        actor=scene.cast.of(complaint.authority, "head"),
        complaint=complaint,
        note="同意承办人意见，准予撤回。",
    )


def receive_for_experts(scene: Scene) -> None:
    """A bidder complains of bids that look alike."""
    project = projects("water")[1:2].first() or projects("housing")[6:7].first()
    if project is None:
        return
    _receive(
        scene, "experts", project, topic=Topic.COLLUSION,
        facts="三家投标人的工程量清单报价呈规律性差异，多处组价错误完全相同，疑似由同一人编制。",
        request="请求调查并依法认定。",
        evidence="开标一览表复印件；三家报价对比分析表。",
    )  # fmt: skip


def commission(scene: Scene) -> None:
    """An institute compares the bills of quantities; the thirty working days stand still."""
    if (told := _told(scene, "experts")) is None:
        return
    _project, complaint, (officer, _second) = told
    handling.commission_experts(
        actor=officer,
        complaint=complaint,
        reason=SuspensionReason.APPRAISAL,
        institute="湖北正信工程造价咨询有限公司",
        question="三份投标工程量清单的组价错误是否一致，一致的程度能否以偶然解释。",
        materials="三份投标报价电子文件（光盘一张）\n招标工程量清单一份",
        delivered_on=scene.today(),
        agreed_on=scene.today() + dt.timedelta(days=20),
    )


def _told(scene: Scene, story: str) -> Told | None:
    """The project, the complaint and its two officers; None when the city has no project for the story."""
    kept = scene.complaints.get(story)
    if kept is None:
        return None
    complaint = Complaint.objects.select_related("project", "authority", "receipt", "respondent").get(
        pk=kept.pk
    )
    assert complaint.project is not None and complaint.authority is not None
    people = [scene.cast.of(complaint.authority, post) for post in ("officer1", "officer2")]
    return complaint.project, complaint, people


ACTS = (
    Act(_("A complaint to be decided"), 28, 10, receive_to_decide),
    Act(_("Its investigation"), 24, 10, investigate_to_decide),
    Act(_("The proposal of a decision"), 18, 10, propose_decision),
    Act(_("A complaint that will be withdrawn"), 17, 10, receive_to_withdraw),
    Act(_("The complaint is decided"), 15, 10, decide),
    Act(_("A complaint for experts"), 14, 10, receive_for_experts),
    Act(_("The decision on the complaint is served"), 13, 10, serve),
    Act(_("A wish to withdraw"), 12, 10, withdraw),
    Act(_("The withdrawal is permitted"), 11, 10, permit),
    Act(_("A complaint with a suspension"), 10, 10, receive_to_suspend),
    Act(_("The tender is suspended"), 9, 10, suspend),
    Act(_("The result is published"), 8, 10, publish),
    Act(_("Experts are commissioned"), 7, 10, commission),
    Act(_("The suspension is reviewed"), 4, 10, review),
)
