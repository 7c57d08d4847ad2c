"""What the first complainant and the authority write to each other, and one question that waits for an answer."""

from __future__ import annotations

import datetime as dt

from wulian.casework.dialogue.services import ask_supplement, receive_supplement, send_message
from wulian.casework.intake.codes import code_for, code_hash
from wulian.casework.intake.models import Complaint
from wulian.demo.scenes.base import Scene
from wulian.demo.scenes.complaints import SUBMISSION


def ask_for_more(scene: Scene) -> None:
    """The complainant asks, the officer answers and asks for a paper."""
    complaint = _first_complaint()
    if complaint is None or complaint.authority is None:
        return
    officer = scene.cast.of(complaint.authority, "officer1")
    send_message(
        actor=None,
        matter=complaint,
        text="请问投诉办理到哪一步了？我公司还可以补充项目负责人的社保缴纳记录。",
    )
    send_message(
        actor=officer,
        matter=complaint,
        text="您反映的情况正在核实。可以补充，请在本页面上传，并注明记录的起止月份。",
    )
    ask_supplement(
        actor=officer,
        matter=complaint,
        what="项目负责人在其他在建项目任职的证明材料；\n社保缴纳记录（注明起止月份）。",
        due_on=scene.today() + dt.timedelta(days=7),
    )


def hand_in(scene: Scene) -> None:
    """The supplement comes, and with it a question that nobody has answered yet."""
    complaint = _first_complaint()
    if complaint is None:
        return
    receive_supplement(
        matter=complaint,
        text="社保缴纳记录显示，该项目负责人近六个月由另一家公司缴纳社保。材料原件已寄至窗口。",
    )
    send_message(actor=None, matter=complaint, text="补充材料已提交，请问还需要我公司做什么？")


def _first_complaint() -> Complaint | None:
    """The complaint whose number and code the demonstration shows, so that its dialogue can be looked at from both sides."""
    return Complaint.objects.filter(receipt__code_hash=code_hash(code_for(SUBMISSION))).first()
