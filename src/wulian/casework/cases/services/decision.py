"""The decision of the head of the authority, its seal, and its end."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.cases import signals
from wulian.casework.cases.choices import LENIENCY_BASIS, DecisionKind, LeniencyGround, Tier
from wulian.casework.cases.models import Case, Decision, Proposal
from wulian.casework.cases.services import papers
from wulian.casework.cases.services.clocks import follow_step, has_ended
from wulian.casework.cases.services.guards import (
    check_power,
    check_team,
    require_not_investigator,
    require_own_authority,
)
from wulian.casework.cases.services.notice import HEARING, STATEMENT, notice_delivery
from wulian.casework.cases.services.sanctions import apply_plan, check_not_heavier, plan_of
from wulian.casework.cases.services.steps import tell_next
from wulian.core.accounts.choices import Role
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.documents.catalogue import chinese_date
from wulian.core.documents.services import void_document
from wulian.core.procedures.models import ProcedureStep
from wulian.core.procedures.services import apply_event, check_event
from wulian.force.officers.services import CheckedOfficer


@dataclass(frozen=True)
class Remedies:
    """What a decision must say beside the penalty (行政处罚法 第五十九条): where to pay, where to go against it."""

    review_authority: str
    court: str
    payment_bank: str = ""
    payment_account_name: str = ""
    payment_account: str = ""


def decide_penalty(
    *,
    actor: User,
    case: Case,
    remedies: Remedies,
    rate: Decimal | None = None,
    amount: Decimal | None = None,
    reasons: str = "",
    tier: str = "",
    mitigation_ground: str = "",
) -> Decision:
    """Decide a penalty as head of the authority and issue the 行政处罚决定书 in its name.

    Without `rate` or `amount` the fine is as notified; it may be lower, never higher. Raises Forbidden for another authority or an
    investigator; Refusal before the party could speak, when the list names nobody, when officers may not act, or the amounts
    are outside the catalogue.
    """
    proposal, team = _check_before(actor, case, "decide_penalty", "—")
    if proposal.kind != DecisionKind.PENALTY:
        raise Refusal(
            _("The party was notified that no penalty follows; a penalty needs a new notice."), field="state"
        )
    changes: dict[str, Any] = {
        name: value for name, value in {"rate": rate, "amount": amount}.items() if value is not None
    }
    changes |= {
        name: value
        for name, value in {"reasons": reasons, "tier": tier, "mitigation_ground": mitigation_ground}.items()
        if value
    }
    decision = apply_plan(Decision(case=case), case, plan_of(proposal, **changes))
    check_not_heavier(decision, proposal)
    if decision.tier == Tier.MITIGATED and not decision.mitigation_ground:
        raise Refusal(
            _("Ground: mitigation needs a ground of article 32 of the penalty law."),
            field="mitigation_ground",
        )
    decision.decided_on, decision.decided_by = timezone.localdate(), actor
    with transaction.atomic():
        decision.document = papers.issue(
            case, "W29", papers.decision(case, decision, **_details(case, decision, remedies)),
            actor=actor, officers=team,
        )  # fmt: skip
        decision.save()
        step = apply_event(
            subject=case, event="decide_penalty", actor=actor, note=papers.sums(decision),
            data={"document": decision.document.document_no}, verb="cases.penalty_decided",
        )  # fmt: skip
        follow_step(subject=case, step=step, actor=actor)
        signals.decision_made.send(sender=Case, case=case, decision=decision, actor=actor)
    return decision


def decide_no_penalty(
    *, actor: User, case: Case, note: str, education: str = "", leniency_ground: str = ""
) -> Decision:
    """Decide that no penalty is imposed, on a ground of 行政处罚法 第三十三条, and issue the 不予行政处罚决定书.

    Possible after a notice of no penalty, or instead of a notified penalty: that is lighter for the party.
    """
    proposal, _team = _check_before(actor, case, "decide_no_penalty", note)
    plan = plan_of(
        proposal, kind=DecisionKind.NO_PENALTY, reasons=note,
        education=education or proposal.education, leniency_ground=leniency_ground or proposal.leniency_ground,
    )  # fmt: skip
    decision = apply_plan(Decision(case=case), case, plan)
    decision.decided_on, decision.decided_by = timezone.localdate(), actor
    with transaction.atomic():
        basis = LENIENCY_BASIS[LeniencyGround(decision.leniency_ground)]
        decision.document = papers.issue_general(
            case, "W31", actor=actor, fields={"依据": basis},
            body=["经查明：", case.facts, f"根据{basis}，本机关决定不予行政处罚。", f"理由：{note}",
                  f"本机关已对当事人进行教育：{decision.education}"],
        )  # fmt: skip
        decision.save()
        step = apply_event(
            subject=case, event="decide_no_penalty", actor=actor, note=note,
            data={"document": decision.document.document_no, "ground": decision.leniency_ground},
            verb="cases.no_penalty_decided",
        )  # fmt: skip
        follow_step(subject=case, step=step, actor=actor)
    return decision


def seal_decision(*, actor: User, case: Case) -> Case:
    """Seal the decision and hand it over for service together with the 信用修复告知书 (两书同达)."""
    require_own_authority(case, actor)
    check_event(subject=case, event="seal_decision", actor=actor)
    with transaction.atomic():
        papers.issue_general(
            case, "W46", actor=actor, fields={"处罚决定书": case.decision.document_no},
            body=["本行政处罚信息将按照《信用修复管理办法》（国家发展改革委令第36号，来源待核）的规定公示。",
                  "最短公示期届满、违法行为已经改正、义务已经履行并作出信用承诺的，可以向作出处罚决定的机关申请信用修复。",
                  "公示期限依失信信息的类别（轻微、一般、严重）确定，以公示信息载明的截止日期为准。"],
        )  # fmt: skip
        step = apply_event(subject=case, event="seal_decision", actor=actor, verb="cases.decision_sealed")
        follow_step(subject=case, step=step, actor=actor)
        tell_next(case, actor)
    return case


def revoke_decision(*, actor: User, decision: Decision, reason: str) -> Decision:
    """Withdraw the effect of a decision (annulled on review or by a court, or changed by the authority itself).

    The document is voided, its number stays taken; points and publication follow. Raises Refusal when it was revoked already.
    """
    require_role(actor, Role.AUTHORITY_HEAD)
    require_own_authority(decision.case, actor)
    if decision.revoked_on is not None:
        raise Refusal(_("The decision has been revoked already."), field="state")
    if not reason.strip():
        raise Refusal(
            _("Reason: name what took its effect, such as the number of the review decision."), field="reason"
        )
    with transaction.atomic():
        void_document(document=decision.document, actor=actor, reason=reason)
        decision.revoked_on, decision.revoke_reason = timezone.localdate(), reason.strip()[:300]
        decision.save(update_fields=["revoked_on", "revoke_reason"])
        record_event(
            actor=actor, verb="cases.decision_revoked", subject=decision.case,
            summary=f"{decision.document_no}：{decision.revoke_reason}",
        )  # fmt: skip
        signals.decision_revoked.send(
            sender=Case, case=decision.case, decision=decision, actor=actor, reason=decision.revoke_reason
        )
    return decision


def _check_before(actor: User, case: Case, event: str, note: str) -> tuple[Proposal, list[CheckedOfficer]]:
    """Every guard that stands before a decision (REFERENCE E.1)."""
    require_own_authority(case, actor)
    check_event(subject=case, event=event, actor=actor, note=note)
    require_not_investigator(case.lead, actor)
    if notice_delivery(case) is None:
        raise Refusal(_("The notice has not been served; nothing may be decided."), field="state")
    if not has_ended(case, STATEMENT) or not has_ended(case, HEARING):
        raise Refusal(
            _("The party may still speak; nothing may be decided before its period ends."), field="state"
        )
    if case.statements.filter(answered_at=None).exists():
        raise Refusal(_("A statement of the party has not been answered."), field="state")
    check_power(case)
    team = check_team(case)
    proposal = case.proposals.first()
    if proposal is None:
        raise Refusal(_("There is no proposal to decide on."), field="state")
    return proposal, team


def _details(case: Case, decision: Decision, remedies: Remedies) -> dict[str, Any]:
    delivery = notice_delivery(case)
    assert delivery is not None and case.filed_on is not None
    statements = list(case.statements.all())
    hearing = _step(case, "finish_hearing")
    said = "；".join(item.content for item in statements)
    statement = (
        f"当事人提出陈述申辩：{said}" if statements else "当事人在规定期限内未提出陈述申辩，也未要求听证。"
    )
    answer = (
        "；".join(item.answer for item in statements) or "当事人未提出异议，事先告知的事实、理由和依据成立。"
    )
    if hearing is not None:
        statement += f"本机关依当事人申请举行了听证。听证情况：{hearing.note}"
    return {
        "procedure": [f"{chinese_date(case.filed_on)}，本机关立案调查（{case.case_no}），现已调查终结。"],
        "notice_no": delivery.document.document_no,
        "notice_served_on": delivery.served_on,
        "statement": statement,
        "statement_answer": answer,
        "review_authority": remedies.review_authority,
        "court": remedies.court,
        "payment_bank": remedies.payment_bank,
        "payment_account_name": remedies.payment_account_name,
        "payment_account": remedies.payment_account,
        "decided_on": decision.decided_on,
    }


def _step(case: Case, event: str) -> ProcedureStep | None:
    return ProcedureStep.objects.for_object(case).filter(event=event).last()
