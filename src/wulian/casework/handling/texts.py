"""Sentences of the documents, from what the file holds."""

from __future__ import annotations

from django.utils import timezone

from wulian.casework.handling.models import Commission, Interview, TenderSuspension
from wulian.casework.intake.models import Complaint
from wulian.core.documents.catalogue import chinese_date
from wulian.core.procedures.models import ProcedureStep


def investigation_story(complaint: Complaint) -> list[str]:
    """How the investigation went, one sentence each in the order of time: officers, interviews, experts, suspension."""
    officers = "、".join(f"{one['name']}（证号：{one['certificate_no']}）" for one in complaint.officers)
    steps = ProcedureStep.objects.for_object(complaint)
    began = steps.filter(event="start_investigation").values_list("at", flat=True).first()
    story = []
    if began is not None:
        story.append(f"{chinese_date(timezone.localdate(began))}，本机关指派{officers}进行调查。")
    story += [
        f"{chinese_date(timezone.localdate(one.began_at))}，向{one.interviewee}调查询问并制作笔录。"
        for one in Interview.objects.of(complaint)
    ]
    for item in Commission.objects.of(complaint):
        if item.received_on is None:
            continue
        story.append(
            f"{chinese_date(item.delivered_on)}，委托{item.institute}{item.get_reason_display()}，"
            f"{chinese_date(item.received_on)}收到意见（{item.report_no}），上述期间不计入处理期限。意见：{item.conclusion}"
        )
    for pause in (
        TenderSuspension.objects.of(complaint).select_related("document", "lift_document").order_by("id")
    ):
        ended = f"，{chinese_date(pause.lifted_on)}恢复" if pause.lifted_on else ""
        story.append(
            f"{chinese_date(pause.started_on)}，责令暂停招标投标活动（{pause.document.document_no}）{ended}。"
        )
    return story
