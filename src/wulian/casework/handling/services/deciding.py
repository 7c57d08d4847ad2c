"""From the end of the investigation to the decision (实施条例 第六十一条; REFERENCE CH-1, CH-11 to CH-13, CH-16, CH-19)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.cases.models import Case, Lead
from wulian.casework.handling.choices import (
    DISMISSAL_BASIS,
    DismissalGround,
    Result,
)
from wulian.casework.handling.models import ComplaintDecision, Interview, Report
from wulian.casework.handling.services import clocks, papers
from wulian.casework.handling.services.evidence import evidence_lines
from wulian.casework.handling.services.finding import Finding, check_finding
from wulian.casework.handling.services.guards import (
    authority_of,
    check_team,
    check_words,
    require_independent,
    require_investigator,
)
from wulian.casework.handling.services.papers import lines
from wulian.casework.handling.texts import investigation_story
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.naming import masked
from wulian.casework.intake.services.admission import addressee
from wulian.casework.intake.services.minimising import check_texts
from wulian.casework.intake.services.notices import tell
from wulian.casework.intake.services.referring import send_referral
from wulian.core.accounts.choices import Role
from wulian.core.config.errors import Refusal
from wulian.core.procedures.services import apply_event, check_event

if TYPE_CHECKING:
    from wulian.core.accounts.models import User
    from wulian.core.documents.models import EnforcementDocument

NO_CASE = ("PX1",)
"""States of a case that was never filed."""


def finish_investigation(*, actor: User, complaint: Complaint, finding: Finding) -> Report:
    """End the investigation with 调查报告 and the proposal (C06 → C12).

    Raises Forbidden for others than the officers, Refusal without verified evidence, while a record is unsigned, when the finding
    contradicts itself, or when the text would give the complainant away.
    """
    require_investigator(actor, complaint)
    check_event(subject=complaint, event="finish_investigation", actor=actor)
    check_finding(finding)
    _check_ripe(complaint)
    texts = ("defence", "facts", "opinion", "orders", "summary", "malicious_grounds", "respondent_address")
    check_texts(actor=actor, matter=complaint, texts={name: getattr(finding, name) for name in texts})
    with transaction.atomic():
        version = Report.objects.of(complaint).count() + 1
        document = papers.issue(
            complaint,
            "调查报告",
            {
                "complaint_no": complaint.number,
                "complainant": addressee(complaint),
                "respondent": complaint.respondent_names or "见投诉事项",
                "project_name": complaint.project_name,
                "source": lines(
                    masked(complaint.receipt, complaint.facts),
                    f"请求：{masked(complaint.receipt, complaint.request)}",
                ),
                "process": investigation_story(complaint),
                "defence": finding.defence,
                "facts": lines(finding.facts),
                "evidence": evidence_lines(complaint),
                "opinion": lines(finding.opinion, finding.orders),
                "basis": lines(finding.basis),
            },
            actor=actor,
            officers=check_team(complaint),
        )
        values: dict[str, Any] = {**asdict(finding), "measures": list(finding.measures)}
        report = Report.objects.create(
            complaint=complaint, version=version, made_by=actor, document=document, **values
        )
        apply_event(
            subject=complaint,
            event="finish_investigation",
            actor=actor,
            note=report.result_words,
            data={"report": report.pk, "document": document.document_no},
            verb="handling.investigation_finished",
        )
        clocks.stop(complaint, clocks.INVESTIGATION, actor)
        _tell(complaint, Role.SECTION_HEAD, _("A proposal waits for your opinion: %(number)s"))
    return report


def _check_ripe(complaint: Complaint) -> None:
    if not evidence_lines(complaint):
        raise Refusal(_("Evidence: a report rests on verified evidence; verify at least one item."))
    if Interview.objects.of(complaint).filter(state="open").exists():
        raise Refusal(_("Interviews: a record waits for its signature."))


def live_report(complaint: Complaint) -> Report:
    """Return the report that is being reviewed; raises Refusal when there is none."""
    report = Report.objects.of(complaint).filter(returned_by=None).first()
    if report is None:
        raise Refusal(_("There is no report to look at; the investigation has to be finished first."))
    return report


def endorse_opinion(*, actor: User, complaint: Complaint, note: str) -> Report:
    """Give the opinion of the section head (承办机构审核); a person who did not investigate."""
    require_independent(actor, complaint)
    report = live_report(complaint)
    if report.endorsed_by_id is not None:
        raise Refusal(_("The section head has given an opinion already."))
    with transaction.atomic():
        apply_event(
            subject=complaint, event="endorse_opinion", actor=actor, note=note, verb="handling.opinion_endorsed"
        )  # fmt: skip
        report.endorsed_by, report.endorsement = actor, note.strip()
        report.save(update_fields=["endorsed_by", "endorsement"])
        _tell(complaint, Role.LEGAL_REVIEWER, _("A proposal waits for legal review: %(number)s"))
    return report


def review_legality(*, actor: User, complaint: Complaint, note: str) -> EnforcementDocument:
    """Give the opinion of the legal review (W20); a third person (REFERENCE D.6 C12)."""
    require_independent(actor, complaint)
    report = live_report(complaint)
    _check_endorsed(report)
    if report.reviewed_by_id is not None:
        raise Refusal(_("The legal review has been made already."))
    if report.endorsed_by_id == actor.pk:
        raise Refusal(_("Who gave the opinion of the section does not review it too."))
    with transaction.atomic():
        apply_event(
            subject=complaint, event="review_legality", actor=actor, note=note, verb="handling.legality_reviewed"
        )  # fmt: skip
        report.reviewed_by, report.review = actor, note.strip()
        report.save(update_fields=["reviewed_by", "review"])
        document = papers.issue_general(
            complaint,
            "W20",
            actor=actor,
            fields={"审核对象": f"{report.document.title}（{report.document.document_no}）", "拟处理结论": report.result_words},
            body=[f"法制审核意见：{note.strip()}"],
        )  # fmt: skip
        _tell(complaint, Role.AUTHORITY_HEAD, _("A decision waits for you: %(number)s"))
    return document


def return_investigation(*, actor: User, complaint: Complaint, note: str) -> Report:
    """Send the proposal back for more investigation (C12 → C06); the report stays, marked as returned."""
    require_independent(actor, complaint)
    report = live_report(complaint)
    with transaction.atomic():
        apply_event(
            subject=complaint,
            event="return_investigation",
            actor=actor,
            note=note,
            verb="handling.investigation_returned",
        )
        report.returned_by, report.return_reason = actor, note.strip()
        report.save(update_fields=["returned_by", "return_reason"])
        _tell(complaint, Role.CASE_OFFICER, _("Sent back for more investigation: %(number)s"))
    return report


def decide(
    *, actor: User, complaint: Complaint, note: str, review_authority: str, court: str, copies: str = ""
) -> ComplaintDecision:
    """Sign the decision as head of the authority (C12 → C13): 处理意见审批表 and 投诉处理决定书; the 30 working days are kept or not.

    When a penalty is due, the lead for it is opened with the decision: it replaces no penalty (行政处罚法 第五十四条). Raises
    Refusal when the section head or the legal reviewer has not spoken, or is the same person, or a field is missing.
    """
    require_independent(actor, complaint)
    check_event(subject=complaint, event="decide", actor=actor, note=note)
    report = live_report(complaint)
    _check_endorsed(report)
    if report.reviewed_by_id is None:
        raise Refusal(_("The legal review has not been made yet."))
    if actor.pk in (report.endorsed_by_id, report.reviewed_by_id):
        raise Refusal(_("Who gave an opinion on the proposal does not decide it too."))
    note = check_words(note, "note", _("Opinion of the head"), at_least=2)
    with transaction.atomic():
        report.opinion_document = papers.issue_general(
            complaint, "处理意见", actor=actor, fields=_opinions(report, actor, note), body=[report.orders]
        )
        report.save(update_fields=["opinion_document"])
        document = papers.issue(
            complaint,
            "投诉处理决定书",
            decision_content(report, review_authority, court, copies),
            actor=actor,
        )
        decision = ComplaintDecision.objects.create(
            complaint=complaint, report=report, document=document, note=note, decided_on=timezone.localdate(),
            decided_by=actor, review_authority=review_authority.strip(), court=court.strip(),
        )  # fmt: skip
        apply_event(
            subject=complaint,
            event="decide",
            actor=actor,
            note=f"{report.result_words}：{note}",
            data={"document": document.document_no, "result": report.result},
            verb="handling.decided",
        )
        clocks.stop(complaint, clocks.DECISION, actor)
        clocks.start(complaint, clocks.SERVICE, "record_service", actor)
        if report.punishable and complaint.referred_at is None:
            complaint.violation_code = report.violation_code
            complaint.save(update_fields=["violation_code"])
            send_referral(matter=complaint, actor=actor, summary=report.summary, reason=document.document_no)
        _tell(complaint, Role.CASE_OFFICER, _("Decided, to be served: %(number)s"))
    return decision


def decision_content(report: Report, review_authority: str, court: str, copies: str) -> dict[str, Any]:
    """What the 投诉处理决定书 says; the complainant stands in it by alias, name and address on the sealed annex."""
    complaint = report.complaint
    assert complaint.admission_at is not None  # accepted before it was investigated
    basis = lines(report.basis)
    if report.result == Result.DISMISSED:
        basis = list(dict.fromkeys([*basis, DISMISSAL_BASIS]))
    return {
        "complaint_no": complaint.number,
        "complainant": addressee(complaint),
        "complainant_address": "见本决定书密封附页",
        "respondent": complaint.respondent_names,
        "respondent_address": report.respondent_address,
        "project_name": complaint.project_name,
        "received_on": timezone.localdate(complaint.received_at),
        "accepted_on": timezone.localdate(complaint.admission_at),
        "matters": lines(masked(complaint.receipt, complaint.facts)),
        "claims": masked(complaint.receipt, complaint.request),
        "defence": report.defence,
        "process": investigation_story(complaint),
        "facts": lines(report.facts),
        "evidence": evidence_lines(complaint),
        "opinion": lines(report.opinion),
        "basis": basis,
        "orders": lines(report.orders),
        "review_authority": review_authority,
        "court": court,
        "copies": copies,
    }


def file_case(*, actor: User, complaint: Complaint, note: str = "") -> Case:
    """Link the penalty case that was proposed on the lead of this complaint (P01 or later); without it the file cannot be closed.

    Raises Refusal when no penalty was found due, or no case has been proposed yet.
    """
    decision = ComplaintDecision.objects.of(complaint).select_related("report").first()
    if decision is None or not decision.report.punishable:
        raise Refusal(_("The decision found no penalty due."))
    if actor.has_role(Role.AUTHORITY_HEAD):
        require_independent(actor, complaint)
    else:
        require_investigator(actor, complaint)
    case = case_of(complaint)
    if case is None:
        raise Refusal(
            _(
                "No case has been proposed on the lead of this complaint yet; the decision does not replace it."
            )
        )
    with transaction.atomic():
        apply_event(
            subject=complaint,
            event="file_case",
            actor=actor,
            note=note or str(case),
            data={"case": case.pk},
            verb="handling.case_linked",
        )
        decision.case = case
        decision.save(update_fields=["case"])
    return case


def lead_of(complaint: Complaint) -> Lead | None:
    """Return the lead that was opened from a complaint, or None."""
    kind = ContentType.objects.get_for_model(complaint)
    return Lead.objects.filter(content_type=kind, object_id=complaint.pk).first()


def case_of(complaint: Complaint) -> Case | None:
    """Return the live case on the lead of a complaint, or None."""
    lead = lead_of(complaint)
    return Case.objects.filter(lead=lead).exclude(state__in=NO_CASE).first() if lead else None


def _check_endorsed(report: Report) -> None:
    if report.endorsed_by_id is None:
        raise Refusal(_("The section head has not given an opinion yet."))


def _opinions(report: Report, head: User, note: str) -> dict[str, str]:
    rows = {
        "拟处理结论": report.result_words,
        "依据": "；".join(lines(report.basis)),
        "承办人意见": f"{report.opinion}\n{report.made_by}",
        "承办机构负责人意见": f"{report.endorsement}\n{report.endorsed_by}",
        "法制审核意见": f"{report.review}\n{report.reviewed_by}",
        "机关负责人意见": f"{note}\n{head.full_name}",
    }
    if report.ground:
        rows["驳回情形"] = str(DismissalGround(report.ground).label)
    if report.measures:
        rows["处理措施"] = "；".join(report.measure_words)
    if report.malicious:
        rows["恶意投诉认定"] = f"{report.malicious_grounds}（仅作记录，是否计入信用须另行依程序决定）"
    return rows


def _tell(complaint: Complaint, role: Role, title: str) -> None:
    tell(
        complaint, roles=[role], department=authority_of(complaint), title=title % {"number": complaint.number}
    )  # fmt: skip
