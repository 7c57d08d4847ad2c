"""Derives the eighteen nodes of a dossier (REFERENCE A.1) from its facts: what happened when, and what falls due next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from wulian.exchange.records import (
    BEIJING,
    AwardRecord,
    ContractRecord,
    LotDossier,
    NodeRecord,
    ProjectDossier,
)
from wulian.law.calendar import LegalCalendar


@dataclass(frozen=True, slots=True)
class NodeFact:
    """What is known of one node: the moment it was reached, or the moment it should be, and what shows it."""

    code: str
    actual_at: datetime | None = None
    planned_at: datetime | None = None
    evidence: str = ""
    operator: str = ""
    operator_org: str = ""
    source_ip: str = ""
    exception: str = ""


def project_nodes(project: ProjectDossier, calendar: LegalCalendar) -> dict[str, NodeFact]:
    """N01 and N02, with what the source itself says of the project's nodes."""
    plans = _earliest(tender.plan_published_at for tender in project.tenders)
    papers = [f"代理合同 {t.agency_contract_no}" for t in project.tenders if t.agency_contract_no]
    papers += [f"公平竞争审查 {t.fair_review_no}" for t in project.tenders if t.fair_review_no]
    approved = datetime.combine(project.approved_on, time(), BEIJING) if project.approved_on else None
    facts = (
        NodeFact("N01", approved, evidence=project.approval_no),
        NodeFact("N02", plans, evidence="；".join(papers)),
    )
    return _told(facts, project.nodes)


def lot_nodes(lot: LotDossier, calendar: LegalCalendar) -> dict[str, NodeFact]:
    """N03 to N18 of a lot; statutory due dates only where the year's calendar is published."""
    facts = (
        *_tendering(lot),
        *_opening(lot),
        *_award(lot, calendar),
        *_contract(lot, calendar),
    )
    return _told(facts, lot.nodes)


def stage_of(facts: Iterable[NodeFact]) -> str:
    """The furthest node that was reached; empty when none was."""
    return max((fact.code for fact in facts if fact.actual_at), default="")


def _told(facts: Iterable[NodeFact], given: Iterable[NodeRecord]) -> dict[str, NodeFact]:
    """The facts by node; what the source says of a node stands above what follows from other facts."""
    nodes = {fact.code: fact for fact in facts if fact.actual_at or fact.planned_at or fact.evidence}
    for record in given:
        said = {
            name: value
            for name in NodeFact.__slots__
            if name != "code" and (value := getattr(record, name)) not in (None, "")
        }
        nodes[record.code] = replace(nodes.get(record.code, NodeFact(record.code)), **said)
    return nodes


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment), default=None)


def _latest(moments: Iterable[datetime | None]) -> datetime | None:
    return max((moment for moment in moments if moment), default=None)


def _due(start: datetime | None, days: int, calendar: LegalCalendar) -> datetime | None:
    """The last moment of ``days`` calendar days after ``start`` (DT-1, DT-2); None in a year without a calendar."""
    if start is None:
        return None
    day: date = start.astimezone(BEIJING).date() + timedelta(days=days)
    if not calendar.is_loaded(day.year):
        return None
    day = calendar.working_day_on_or_after(day)
    return datetime.combine(day, time(23, 59, 59), BEIJING) if calendar.is_loaded(day.year) else None


def _tendering(lot: LotDossier) -> Iterator[NodeFact]:
    calls = [n for n in lot.notices if n.kind in ("tender", "prequalification", "invitation")]
    first = min(
        (n for n in calls if n.published_at), key=lambda n: n.published_at or datetime.max, default=None
    )
    yield NodeFact("N03", first.published_at if first else None, evidence=first.title if first else "")
    screening = [d for d in lot.documents if d.kind == "prequalification"]
    yield NodeFact("N04", _earliest(d.issued_at for d in screening), evidence=_names(screening))
    papers = [d for d in lot.documents if d.kind == "tender"]
    yield NodeFact("N05", _earliest(d.issued_at for d in papers), evidence=_names(papers))
    answers = [c.issued_at for c in lot.clarifications] + [
        o.replied_at or o.received_at for o in lot.objections
    ]
    counts = [
        f"{len(rows)}件{name}"
        for rows, name in ((lot.clarifications, "澄清"), (lot.objections, "异议"))
        if rows
    ]
    yield NodeFact("N06", _latest(answers), evidence="、".join(counts))


def _names(documents: Iterable[object]) -> str:
    return "；".join(name for d in documents if (name := getattr(d, "file_name", "")))[:1000]


def deadline_of(lot: LotDossier) -> datetime | None:
    """The deadline for bids in force: that of the newest documents, or a later one a clarification set."""
    papers = [d for d in lot.documents if d.kind == "tender" and d.deadline_at]
    newest = max(papers, key=lambda d: d.version, default=None)
    extended = _latest(c.new_deadline_at for c in lot.clarifications)
    return _latest((newest.deadline_at if newest else None, extended))


def _opening(lot: LotDossier) -> Iterator[NodeFact]:
    deadline = deadline_of(lot)
    received = _latest(bid.uploaded_at or bid.receipt_at for bid in lot.bids)
    count = f"{len(lot.bids)}份投标" if lot.bids else ""
    yield NodeFact("N07", received, deadline, count)
    # 招标投标法 第三十四条: opened at the moment of the deadline.
    planned = _latest(d.opening_at for d in lot.documents if d.kind == "tender") or deadline
    opening = lot.opening
    yield NodeFact("N08", opening.actual_at if opening else None, planned, opening.place if opening else "")
    evaluation = lot.evaluation
    if evaluation:
        members = f"评标委员会{len(evaluation.members)}人" if evaluation.members else ""
        yield NodeFact("N09", evaluation.report_at or evaluation.finished_at, evidence=members)


def _award(lot: LotDossier, calendar: LegalCalendar) -> Iterator[NodeFact]:
    shown = [n for n in lot.notices if n.kind == "candidates"]
    report = lot.evaluation
    # 招标投标法实施条例 第五十四条: within 3 days of receiving the report.
    publicity = _due((report.report_received_at or report.report_at) if report else None, 3, calendar)
    yield NodeFact(
        "N10", _earliest(n.published_at for n in shown), publicity, shown[0].title if shown else ""
    )
    award = _decided(lot.awards)
    announced = _earliest(n.published_at for n in lot.notices if n.kind == "award")
    reached = (award.notice_at or award.decided_at or award.result_published_at) if award else None
    yield NodeFact("N11", reached or announced)
    # 招标投标法 第四十七条: within 15 days of determining the winner.
    due = _due(award.decided_at, 15, calendar) if award else None
    yield NodeFact("N12", award.report_at if award else None, due)


def _decided(awards: Iterable[AwardRecord]) -> AwardRecord | None:
    rows = list(awards)
    standing = [row for row in rows if row.status in ("", "active", "pending")]
    return next(iter(standing or rows), None)


def _contract(lot: LotDossier, calendar: LegalCalendar) -> Iterator[NodeFact]:
    award = _decided(lot.awards)
    # 招标投标法 第四十六条: within 30 days of the notice of award.
    due = _due(award.notice_at, 30, calendar) if award else None
    contract = min(
        lot.contracts, key=lambda c: c.signed_at or datetime.max.replace(tzinfo=BEIJING), default=None
    )
    if contract is None:
        yield NodeFact("N13", None, due)
        return
    yield NodeFact("N13", contract.signed_at, due, contract.contract_no)
    begun = _earliest((contract.permit_at, contract.started_at))
    yield NodeFact("N14", begun, evidence=f"施工许可证 {contract.permit_no}" if contract.permit_no else "")
    yield _performance(lot.contracts)
    accepted = contract.acceptance
    if accepted:
        yield NodeFact("N16", accepted.accepted_at or accepted.report_at)
        amount = f"结算价 {accepted.settlement_amount} 元" if accepted.settlement_amount is not None else ""
        yield NodeFact("N17", accepted.settlement_reviewed_at, evidence=amount)
    archived = accepted.archived_at if accepted else None
    yield NodeFact("N18", archived or contract.post_evaluation_at)


def _performance(contracts: Iterable[ContractRecord]) -> NodeFact:
    events = [event for contract in contracts for event in contract.implementation]
    changes = [change for contract in contracts for change in contract.amendments]
    moments = [event.occurred_at for event in events] + [change.amended_at for change in changes]
    counts = [f"{len(rows)}件{name}" for rows, name in ((events, "履约事件"), (changes, "合同变更")) if rows]
    return NodeFact("N15", _latest(moments), evidence="、".join(counts))
