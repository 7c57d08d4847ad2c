"""What the documents of a case say, from what the file holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from wulian.casework.cases.choices import LENIENCY_BASIS, TIER_WORDS, DecisionKind, LeniencyGround, Tier
from wulian.casework.cases.fines import plain
from wulian.casework.cases.models import Case, Evidence, Sanctions
from wulian.core.accounts.models import User
from wulian.core.config.errors import Refusal
from wulian.core.documents.catalogue import chinese_date, money
from wulian.core.documents.models import EnforcementDocument
from wulian.core.documents.services import issue_document
from wulian.force.officers.services import CheckedOfficer


def issue(
    case: Case,
    template: str,
    context: Mapping[str, Any],
    *,
    actor: User,
    officers: Iterable[CheckedOfficer] = (),
) -> EnforcementDocument:
    """Issue a document of a case in the name of its authority, never of the coordinating office."""
    return issue_document(
        template=template,
        subject=case,
        authority=case.authority,
        actor=actor,
        context=context,
        officers=list(officers),
    )


def issue_general(
    case: Case, template: str, *, actor: User, body: Iterable[str], fields: Mapping[str, str] | None = None
) -> EnforcementDocument:
    """Issue a document that has no form of its own: header of the party, rows, paragraphs."""
    rows = {"案号": case.case_no or "（未立案）", "案由": case.cause, **(fields or {})}
    lines = [line for text in body for line in text.splitlines() if line.strip()]
    return issue(case, template, {"party": party(case), "fields": rows, "body": lines}, actor=actor)


def party(case: Case) -> dict[str, Any]:
    """The header of the party."""
    return {
        "name": case.party.name,
        "identifier": case.party_identifier,
        "address": case.party_address,
        "representative": case.party_representative,
        "contact": case.party_contact,
        "is_person": case.party_is_person,
    }


def filing_approval(case: Case, *, head: User, opinion: str) -> dict[str, Any]:
    """W03 立案审批表."""
    return {
        "case_no": case.case_no,
        "case_cause": case.suspicion,
        "source": f"{_source_words(case)}（{case.lead.lead_no}）",
        "party": party(case),
        "conduct_time": chinese_date(case.conduct_date),
        "conduct_place": case.conduct_place,
        "facts": _lines(case.facts),
        "provisions": _lines(case.provisions),
        "officer_opinion": case.proposal_note,
        "section_opinion": f"{case.endorsement}\n{case.endorsed_by}",
        "head_opinion": opinion,
        "head_name": head.full_name,
        "filed_on": case.filed_on,
    }


def advance_notice(
    case: Case, sanctions: Sanctions, *, hearing: bool, contact: Mapping[str, str]
) -> dict[str, Any]:
    """W22 行政处罚（不予处罚）事先告知书."""
    return {
        "party": party(case),
        "case_no": case.case_no,
        "case_cause": case.suspicion,
        "facts": _lines(case.facts),
        "evidence": evidence_lines(case),
        "provisions": _lines(case.provisions),
        "penalty_basis": penalty_basis(case, sanctions),
        "discretion_reasons": _lines(sanctions.reasons),
        "proposed_penalties": penalty_lines(sanctions),
        "hearing_offered": hearing,
        **contact,
    }


def decision(case: Case, sanctions: Sanctions, **details: Any) -> dict[str, Any]:
    """W29 行政处罚决定书; `details` are what the head's form adds."""
    return {
        "party": party(case),
        "case_no": case.case_no,
        "case_cause": case.cause,
        "facts": _lines(case.facts),
        "evidence": evidence_lines(case),
        "provisions": _lines(case.provisions),
        "penalty_basis": penalty_basis(case, sanctions),
        "discretion_tier": TIER_WORDS[Tier(sanctions.tier)],
        "discretion_reasons": _lines(sanctions.reasons),
        "penalties": penalty_lines(sanctions),
        "correction": sanctions.correction,
        "fine": sanctions.fine,
        "fine_formula": sanctions.fine_formula,
        "confiscation": sanctions.confiscation,
        **details,
    }


def penalty_lines(sanctions: Sanctions) -> list[str]:
    """Each sanction as one numbered line of the operative part."""
    if sanctions.kind == DecisionKind.NO_PENALTY:
        return ["不予行政处罚，并予以教育。"]
    lines = [line for line in sanctions.other_penalties.splitlines() if line.strip()]
    if sanctions.fine is not None:
        lines.append(f"处罚款{money(sanctions.fine)}。")
    if sanctions.confiscation:
        lines.append(f"没收违法所得{money(sanctions.confiscation)}。")
    if sanctions.ban_months:
        lines.append(
            f"取消其{ban_words(sanctions.ban_months)}内参加依法必须进行招标的项目的资格，并予以公告。"
        )
    for person in sanctions.persons:
        lines.append(f"对{person['post']}{person['name']}处罚款{money(Decimal(person['fine']))}。")
    return lines


def ban_words(months: int) -> str:
    """12 → 一年 is written 12个月 as 1年, 18 as 18个月."""
    return f"{months // 12}年" if months % 12 == 0 else f"{months}个月"


def penalty_basis(case: Case, sanctions: Sanctions) -> list[str]:
    """The provisions of the penalty, with the ground that spares or mitigates it."""
    lines = _lines(case.penalty_basis)
    if sanctions.kind == DecisionKind.NO_PENALTY:
        return [LENIENCY_BASIS[LeniencyGround(sanctions.leniency_ground)]]
    if sanctions.tier in (Tier.MITIGATED, Tier.LIGHTER):
        lines.append("《中华人民共和国行政处罚法》第三十二条")
    return lines


def evidence_lines(case: Case) -> list[str]:
    """The verified evidence, one line an item; raises Refusal when there is none (行政处罚法 第四十六条)."""
    return [f"{item.title}，证明{item.proves}" for item in usable_evidence(case)]


def usable_evidence(case: Case) -> list[Evidence]:
    """Evidence that was verified and not struck, in the order of the file."""
    return list(Evidence.objects.filter(lead_id=case.lead_id, struck_at=None).exclude(verified_at=None))


def sums(sanctions: Sanctions) -> str:
    """The amounts in one line, for approvals and reports."""
    found = []
    if sanctions.fine is not None:
        found.append(f"罚款{plain(sanctions.fine)}元（{sanctions.fine_formula}）")
    if sanctions.confiscation:
        found.append(f"没收违法所得{plain(sanctions.confiscation)}元")
    return "；".join(found) or "无"


def require_contact(contact: Mapping[str, str], names: Iterable[tuple[str, str]]) -> None:
    """Raise Refusal naming the first contact detail that is missing."""
    for name, sentence in names:
        if not contact.get(name, "").strip():
            raise Refusal(sentence, field=name)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _source_words(case: Case) -> str:
    words = {
        "alert": "监测预警",
        "complaint": "投诉",
        "tip_off": "举报",
        "inspection": "监督检查",
        "manual": "日常监管发现",
    }
    return words[case.lead.source]
