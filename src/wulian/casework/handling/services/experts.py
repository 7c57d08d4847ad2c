"""检验、检测、鉴定、专家评审: the time that does not count (实施条例 第六十一条第二款; REFERENCE CH-1, CH-3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from wulian.casework.handling.models import (
    Commission,
)
from wulian.casework.handling.services import clocks, papers
from wulian.casework.handling.services.guards import (
    check_past,
    check_team,
    check_words,
    require_investigator,
)
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.services.minimising import check_texts
from wulian.core.clocks.choices import NEEDS_DOCUMENT, SuspensionReason
from wulian.core.config.errors import Refusal
from wulian.core.documents.catalogue import chinese_date
from wulian.core.files.services import attach_files
from wulian.core.procedures.services import apply_event

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def commission_experts(
    *,
    actor: User,
    complaint: Complaint,
    reason: str,
    institute: str,
    question: str,
    materials: str,
    delivered_on: date,
    agreed_on: date,
) -> Commission:
    """Commission testing, appraisal or review with a letter (W15); the periods stand still from the delivery (C06 → C08).

    `reason` is one of the four grounds of 实施条例 第六十一条第二款; nothing else stops the 30 working days. Raises Forbidden for
    others than the officers, Refusal naming the field.
    """
    require_investigator(actor, complaint)
    if reason not in NEEDS_DOCUMENT:
        raise Refusal(
            _(
                "Reason: expected inspection, testing, appraisal or expert review; nothing else stops the period."
            ),
            field="reason",
        )
    institute = check_words(institute, "institute", _("Institute"), at_least=2)
    question = check_words(question, "question", _("Question put to the experts"), at_least=5)
    materials = check_words(materials, "materials", _("Materials"), at_least=2)
    check_past(delivered_on, "delivered_on")
    if agreed_on <= delivered_on:
        raise Refusal(_("Report agreed for: expected a day after the delivery."), field="agreed_on")
    check_texts(actor=actor, matter=complaint, texts={"question": question, "materials": materials})
    with transaction.atomic():
        letter = papers.issue_general(
            complaint,
            "W15",
            actor=actor,
            to=institute,
            fields={
                "委托事由": str(SuspensionReason(reason).label),
                "移交材料": materials,
                "送达日期": chinese_date(delivered_on),
                "约定完成日期": chinese_date(agreed_on),
            },
            body=["为查明投诉事项，现委托你单位就下列问题提出书面意见：", question],
            officers=check_team(complaint),
        )
        apply_event(
            subject=complaint,
            event="commission_expert",
            actor=actor,
            note=question,
            data={"document": letter.document_no, "institute": institute},
            verb="handling.experts_commissioned",
        )
        clocks.suspend_for_experts(
            complaint,
            actor,
            on=delivered_on,
            reason=SuspensionReason(reason),
            document_no=letter.document_no,
            institute=institute,
        )
        return Commission.objects.create(
            complaint=complaint, reason=reason, institute=institute, question=question, materials=materials,
            delivered_on=delivered_on, agreed_on=agreed_on, document=letter, commissioned_by=actor,
        )  # fmt: skip


def receive_expertise(
    *,
    actor: User,
    complaint: Complaint,
    received_on: date,
    report_no: str,
    conclusion: str,
    files: Sequence[Any] = (),
) -> Commission:
    """Record the report of the experts (C08 → C06); the periods go on with the day after it came."""
    require_investigator(actor, complaint)
    conclusion = check_words(conclusion, "conclusion", _("Opinion of the experts"), at_least=5)
    report_no = check_words(report_no, "report_no", _("Number of the report"))
    check_past(received_on, "received_on")
    with transaction.atomic():
        open_ones = Commission.objects.select_for_update(of=("self",)).filter(complaint=complaint)
        commission = open_ones.filter(received_on=None).first()
        if commission is None:
            raise Refusal(_("No experts are at work on this complaint."))
        if received_on < commission.delivered_on:
            raise Refusal(_("Report received: expected a day from the delivery."), field="received_on")
        apply_event(
            subject=complaint,
            event="receive_expertise",
            actor=actor,
            note=conclusion,
            verb="handling.expertise_received",
        )
        clocks.resume_after_experts(complaint, actor, on=received_on)
        commission.received_on, commission.report_no = received_on, report_no[:80]
        commission.conclusion = conclusion
        commission.save(update_fields=["received_on", "report_no", "conclusion"])
        if files:
            attach_files(subject=commission, uploads=files, actor=actor, anonymous=False, role="expertise")
    return commission
