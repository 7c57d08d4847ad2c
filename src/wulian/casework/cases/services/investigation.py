"""The end of the investigation: the report with its proposal."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from wulian.casework.cases.models import Case, Proposal
from wulian.casework.cases.services import papers
from wulian.casework.cases.services.clocks import follow_step
from wulian.casework.cases.services.guards import check_team, require_assigned
from wulian.casework.cases.services.sanctions import Plan, apply_plan, hearing_reason
from wulian.core.accounts.models import User
from wulian.core.config.errors import Refusal
from wulian.core.procedures.services import apply_event, check_event


def finish_investigation(*, actor: User, case: Case, report: str, facts: str, plan: Plan) -> Proposal:
    """Close the investigation with its report and a proposal (行政处罚法 第五十七条): 案件调查终结报告.

    Raises Forbidden unless an officer of the case reports; Refusal without verified evidence, with a plan outside the catalogue, or
    when fewer than two officers may act today.
    """
    require_assigned(case.lead, actor)
    check_event(subject=case, event="finish_investigation", actor=actor)
    check_team(case)
    if not report.strip() or not facts.strip():
        raise Refusal(_("Report: expected the facts found and the report."), field="report")
    if not papers.usable_evidence(case):
        raise Refusal(
            _("Evidence: facts rest on verified evidence only; verify at least one item."), field="report"
        )
    with transaction.atomic():
        case.report, case.facts = report.strip(), facts.strip()
        case.save(update_fields=["report", "facts"])
        latest = case.proposals.first()
        proposal = Proposal(case=case, version=latest.version + 1 if latest else 1, made_by=actor)
        apply_plan(proposal, case, plan)
        proposal.hearing_reason = hearing_reason(case, proposal)
        proposal.hearing_offered = bool(proposal.hearing_reason)
        proposal.save()
        papers.issue_general(
            case,
            "W19",
            actor=actor,
            fields={"处理建议": "；".join(papers.penalty_lines(proposal)), "金额": papers.sums(proposal)},
            body=["一、查明的事实", case.facts, "二、证据", *papers.evidence_lines(case), "三、调查意见", case.report,
                  "四、裁量理由", proposal.reasons],
        )  # fmt: skip
        step = apply_event(
            subject=case,
            event="finish_investigation",
            actor=actor,
            data={"proposal": proposal.version},
            verb="cases.investigation_finished",
        )
        follow_step(subject=case, step=step, actor=actor)
    return proposal
