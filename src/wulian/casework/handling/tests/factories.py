"""A complaint of Suizhou on its way from the investigation to the archive, each step through its service."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from wulian.casework.cases.choices import EvidenceKind, ServiceMode
from wulian.casework.cases.services.serving import Service
from wulian.casework.handling import services
from wulian.casework.handling.choices import Measure, RecusalAnswer, Result
from wulian.casework.handling.models import ComplaintDecision
from wulian.casework.handling.services.finding import Finding
from wulian.casework.handling.services.investigation import Notice, Talk
from wulian.casework.intake.services import accept_complaint
from wulian.casework.intake.tests import factories as intake

PLAN = "一、调取开标记录和投标文件电子数据；二、询问三家投标人授权代表；三、向平台核实上传设备信息。"
NOTE = "事实清楚，证据确凿，适用依据正确，程序合法。"
TEXT = (
    "经调查，三家投标人的投标文件由同一设备编制，相互串通投标属实。处理结论：投诉属实，中标无效。"
    "依据：《中华人民共和国招标投标法实施条例》第四十条、第八十一条。"
)


def accepted(people, *, project=None, **changes):
    """A complaint in C05 at 市住更局."""
    matter = intake.complaint(project=project, **changes)
    intake.dispatched(matter, people.clerk, people.dispatcher)
    accept_complaint(
        actor=people.officer, complaint=matter, contact_person="张卫东", contact_phone="0722-3590001"
    )
    return matter


def investigated(people, officers, **changes):
    """A complaint in C06 with two officers."""
    matter = accepted(people, **changes)
    services.start_investigation(actor=people.officer, complaint=matter, officers=officers, plan=PLAN)
    return matter


def scan(name="笔录扫描件.txt", text="以上笔录我已看过，与我说的一致。"):
    return SimpleUploadedFile(name, text.encode(), content_type="text/plain")


def evidence(people, complaint, *, verified=True, **changes):
    """An item without a file, verified unless said otherwise."""
    values = {
        "kind": EvidenceKind.ELECTRONIC,
        "title": "投标文件电子数据上传设备信息",
        "proves": "三家投标文件由同一设备上传",
        "origin": "随州市公共资源交易中心",
        "obtained_on": timezone.localdate(),
    }
    item = services.add_evidence(actor=people.officer, complaint=complaint, **{**values, **changes})
    if verified:
        services.verify_evidence(actor=people.officer, item=item, how="与交易平台日志核对一致")
    return item


def notice(**changes):
    values = {"kind": "W07", "to": intake.RESPONDENT, "content": "对你单位涉嫌串通投标的事项进行调查。"}
    return Notice(**{**values, **changes})


def talk(**changes):
    now = timezone.now()
    values = {
        "interviewee": "周文斌",
        "position": "湖北楚源建设工程有限公司授权代表",
        "began_at": now - timedelta(hours=2),
        "ended_at": now - timedelta(hours=1),
        "place": "随州市住房和城市更新局203室",
        "recorder": "李红梅",
        "recusal": RecusalAnswer.NO,
        "answers": [{"question": "投标文件由谁编制？", "answer": "由我公司经营部编制。"}],
    }
    return Talk(**{**values, **changes})


def finding(**changes):
    values = {
        "respondent_address": "湖北省随州市高新区交通大道518号",
        "defence": "被投诉人称投标文件由本公司独立编制。",
        "facts": "经核实，三家投标文件上传设备的网卡地址相同，工程量清单错误一致。",
        "opinion": "三家投标人的行为属于《中华人民共和国招标投标法实施条例》第四十条规定的情形，影响中标结果且不能采取补救措施。",
        "basis": "《中华人民共和国招标投标法实施条例》第四十条\n《中华人民共和国招标投标法实施条例》第八十一条",
        "result": Result.UPHELD,
        "orders": "中标无效。\n招标人应当依法重新招标或者评标。",
        "measures": [Measure.AWARD_VOID],
        "uncorrectable": True,
    }
    return Finding(**{**values, **changes})


def dismissal(**changes):
    values = {
        "result": Result.DISMISSED,
        "ground": "no_basis",
        "orders": "驳回投诉。",
        "opinion": "投诉事项缺乏事实根据。",
        "basis": "《中华人民共和国招标投标法实施条例》第六十一条第三款",
        "measures": (),
        "uncorrectable": False,
    }
    return finding(**{**values, **changes})


def proposed(people, complaint, **changes):
    """The complaint in C12."""
    if not complaint.evidence_items.exists():
        evidence(people, complaint)
    services.finish_investigation(actor=people.officer, complaint=complaint, finding=finding(**changes))
    return complaint


def reviewed(people, complaint):
    """Endorsed and reviewed, still in C12."""
    services.endorse_opinion(actor=people.section, complaint=complaint, note=NOTE)
    services.review_legality(actor=people.lawyer, complaint=complaint, note=NOTE)
    return complaint


def decided(people, complaint, **changes):
    """The complaint in C13."""
    reviewed(people, proposed(people, complaint, **changes))
    services.decide(
        actor=people.head,
        complaint=complaint,
        note="同意。",
        review_authority="随州市人民政府",
        court="随州市曾都区人民法院",
    )
    return complaint


def handing(**changes):
    values = {
        "mode": ServiceMode.DIRECT,
        "receiver": "本人",
        "place": "随州市综合监管服务窗口",
        "served_on": timezone.localdate(),
    }
    return Service(**{**values, **changes})


def serve(people, complaint, recipient, *, name="", **changes):
    return services.serve_document(
        actor=people.officer,
        complaint=complaint,
        document=ComplaintDecision.objects.get(complaint=complaint).document,
        recipient=recipient,
        recipient_name=name,
        service=handing(**changes),
    )


def served(people, complaint):
    """The complaint in C15."""
    serve(people, complaint, "complainant")
    serve(people, complaint, "respondent", receiver="周文斌")
    return complaint


def published(people, complaint):
    """The result is public; the complaint still stands in C15."""
    services.draft_publication(
        actor=people.officer, complaint=complaint, title="关于府河南岸道路改造工程投诉的处理结果", text=TEXT
    )
    services.approve_publication(actor=people.section, complaint=complaint, note="同意公开。")
    services.publish(actor=people.dispatcher, complaint=complaint)
    return complaint


def moment(day, hour=9):
    return datetime.combine(day, datetime.min.time(), intake.BEIJING) + timedelta(hours=hour)


def day(text):
    return date.fromisoformat(text)
