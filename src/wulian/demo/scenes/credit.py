"""What follows the decision: points for the party, and the public record that the province takes."""

from __future__ import annotations

from wulian.casework.credit.choices import Gravity
from wulian.casework.credit.models import OutboxRecord, PointEvent
from wulian.casework.credit.services import (
    answer_objection,
    approve_publication,
    confirm_points,
    notify_points,
    propose_points,
    record_objection,
    record_receipt,
)
from wulian.casework.credit.services.files import write_file
from wulian.demo.scenes.base import Scene


def propose(scene: Scene) -> None:
    """An officer of the case proposes points and notifies the party."""
    case = scene.cases.get("bond")
    if case is None:
        return
    assert case.authority is not None
    officer = scene.cast.of(case.authority, "officer1")
    for event in propose_points(actor=officer, case=case):
        notify_points(actor=officer, event=event)


def publish(scene: Scene) -> None:
    """The dispatcher approves the publication; the file for the province is written."""
    for record in OutboxRecord.objects.order_by("pk"):
        approve_publication(
            actor=scene.cast["dispatcher"], record=record, gravity=Gravity.ORDINARY, note="同意公示。"
        )
        for file in record.files.all():
            write_file(file=file)


def hear(scene: Scene) -> None:
    """The party speaks against the points and is answered; the director confirms."""
    for event in PointEvent.objects.order_by("pk"):
        record_objection(actor=scene.cast["dispatcher"], event=event, content="我单位已整改，请求少记分。")
        answer_objection(
            actor=scene.cast["director"],
            event=event,
            answer="记分按规则条目确定，整改情况可在信用修复时提出。",
        )
        confirm_points(actor=scene.cast["director"], event=event)


def receive_answer(scene: Scene) -> None:
    """The province has taken the record."""
    for record in OutboxRecord.objects.order_by("pk"):
        record_receipt(
            actor=scene.cast["dispatcher"], record=record, accepted=True, receipt_no="HBXY-2026-000918"
        )
