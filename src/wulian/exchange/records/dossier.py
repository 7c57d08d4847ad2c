"""Rows put together: a dossier, and how its tables hang from each other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from wulian.exchange.records.bidding import (
    AwardRecord,
    BidRecord,
    CandidateRecord,
    EvaluationRecord,
    MemberRecord,
    OpeningRecord,
    ScoreRecord,
)
from wulian.exchange.records.fields import (
    Key,
    Record,
    Time,
)
from wulian.exchange.records.performing import (
    AcceptanceRecord,
    AmendmentRecord,
    ContractRecord,
    ImplementationRecord,
    NodeRecord,
)
from wulian.exchange.records.tendering import (
    BiddingDocumentsRecord,
    ClarificationRecord,
    LotRecord,
    NoticeRecord,
    ObjectionRecord,
    PartyRecord,
    ProjectRecord,
    TenderRecord,
)


class LotDossier(LotRecord):
    """A lot with all that hangs from it."""

    notices: list[NoticeRecord] = Field(default_factory=list)
    documents: list[BiddingDocumentsRecord] = Field(default_factory=list)
    clarifications: list[ClarificationRecord] = Field(default_factory=list)
    objections: list[ObjectionRecord] = Field(default_factory=list)
    bids: list[BidRecord] = Field(default_factory=list)
    opening: OpeningRecord | None = None
    evaluation: EvaluationRecord | None = None
    candidates: list[CandidateRecord] = Field(default_factory=list)
    awards: list[AwardRecord] = Field(default_factory=list)
    contracts: list[ContractRecord] = Field(default_factory=list)
    nodes: list[NodeRecord] = Field(default_factory=list)


class TenderDossier(TenderRecord):
    """A tender with its lots."""

    lots: list[LotDossier] = Field(default_factory=list)


class ProjectDossier(ProjectRecord):
    """A project with its tenders."""

    tenders: list[TenderDossier] = Field(default_factory=list)
    nodes: list[NodeRecord] = Field(default_factory=list)


class DossierRecord(BaseModel):
    """What one source says about one project: the unit that is imported whole or not at all.

    ``released_at`` orders versions of the same ``source_system`` + ``source_id``; an older one changes nothing.
    ``told`` names the tables that this release speaks about (None: all of them): a row it does not name has ended only
    in those. ``notes`` says what the reader rounded, cut or left out.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    source_system: Key
    source_id: Key
    released_at: Time | None = None
    raw_hash: str = ""
    told: frozenset[str] | None = None
    notes: list[str] = Field(default_factory=list)
    parties: list[PartyRecord] = Field(default_factory=list)
    project: ProjectDossier

    @model_validator(mode="after")
    def _references_exist(self) -> DossierRecord:
        """Each party, member and bid that a row names is in the dossier, and no two rows of a parent share an id."""
        known = {party.id for party in self.parties}
        if len(known) < len(self.parties):
            raise ValueError("主体编号重复")
        _require_unique("tenders", self.project.tenders)
        for tender in self.project.tenders:
            _require_unique("lots", tender.lots)
        for table, row, _parents in iterate_rows(self):
            for field in PARTY_FIELDS.get(table, ()):
                named = getattr(row, field)
                for key in named if isinstance(named, list) else [named]:
                    if key and key not in known:
                        raise ValueError(f"{table} {row.id}: {field} 引用了不存在的主体 {key}")
            if isinstance(row, LotDossier):
                _check_lot(row)
            elif isinstance(row, ContractRecord):
                _require_unique("amendments", row.amendments)
                _require_unique("implementation", row.implementation)
        return self


def _require_unique(table: str, rows: list[Any]) -> None:
    if len(rows) > 1 and len({row.id for row in rows}) < len(rows):
        raise ValueError(f"{table}: 编号重复")


def _check_lot(lot: LotDossier) -> None:
    for attribute, table in _CHILDREN["lots"]:
        rows = getattr(lot, attribute)
        if isinstance(rows, list):
            _require_unique(table, rows)
    if lot.evaluation is None:
        return
    _require_unique("members", lot.evaluation.members)
    _require_unique("scores", lot.evaluation.scores)
    members = {member.id for member in lot.evaluation.members}
    bids = {bid.id for bid in lot.bids}
    for score in lot.evaluation.scores:
        if score.member not in members:
            raise ValueError(f"scores {score.id}: member 引用了不存在的评委 {score.member}")
        if score.bid not in bids:
            raise ValueError(f"scores {score.id}: bid 引用了不存在的投标 {score.bid}")


TABLES: dict[str, type[Record]] = {
    "parties": PartyRecord,
    "projects": ProjectRecord,
    "tenders": TenderRecord,
    "lots": LotRecord,
    "notices": NoticeRecord,
    "documents": BiddingDocumentsRecord,
    "clarifications": ClarificationRecord,
    "objections": ObjectionRecord,
    "bids": BidRecord,
    "openings": OpeningRecord,
    "evaluations": EvaluationRecord,
    "members": MemberRecord,
    "scores": ScoreRecord,
    "candidates": CandidateRecord,
    "awards": AwardRecord,
    "contracts": ContractRecord,
    "amendments": AmendmentRecord,
    "implementation": ImplementationRecord,
    "acceptances": AcceptanceRecord,
    "nodes": NodeRecord,
}
"""Table name → record class, parents before children."""
PARENTS: dict[str, str] = {
    "tenders": "project",
    "lots": "tender",
    **dict.fromkeys(
        (
            "notices",
            "documents",
            "clarifications",
            "objections",
            "bids",
            "openings",
            "evaluations",
            "candidates",
            "awards",
            "contracts",
        ),
        "lot",
    ),
    "members": "evaluation",
    "scores": "evaluation",
    "amendments": "contract",
    "implementation": "contract",
    "acceptances": "contract",
    "nodes": "project",
}
"""Table → name of the parent column (``<parent>_id`` in the analysis tables)."""
PARTY_FIELDS: dict[str, tuple[str, ...]] = {
    "projects": ("owner",),
    "tenders": ("procuring_entity", "agency"),
    "objections": ("objector",),
    "bids": ("tenderer", "consortium"),
    "candidates": ("tenderer",),
    "awards": ("supplier",),
    "contracts": ("supplier",),
    "implementation": ("party",),
}
"""Table → fields that hold a party id."""
_CHILDREN: dict[str, tuple[tuple[str, str], ...]] = {
    "projects": (("tenders", "tenders"), ("nodes", "nodes")),
    "tenders": (("lots", "lots"),),
    "lots": (
        ("notices", "notices"),
        ("documents", "documents"),
        ("clarifications", "clarifications"),
        ("objections", "objections"),
        ("bids", "bids"),
        ("opening", "openings"),
        ("evaluation", "evaluations"),
        ("candidates", "candidates"),
        ("awards", "awards"),
        ("contracts", "contracts"),
        ("nodes", "nodes"),
    ),
    "evaluations": (("members", "members"), ("scores", "scores")),
    "contracts": (
        ("amendments", "amendments"),
        ("implementation", "implementation"),
        ("acceptance", "acceptances"),
    ),
}


def iterate_rows(dossier: DossierRecord) -> Iterator[tuple[str, Record, dict[str, Record]]]:
    """Yield ``(table, row, ancestors)`` for each row, parents before children; ancestors by singular name."""
    for party in dossier.parties:
        yield "parties", party, {}
    yield from _walk("projects", dossier.project, {})


_SINGULAR = {
    "projects": "project",
    "tenders": "tender",
    "lots": "lot",
    "evaluations": "evaluation",
    "contracts": "contract",
}


def _walk(
    table: str, row: Record, ancestors: dict[str, Record]
) -> Iterator[tuple[str, Record, dict[str, Record]]]:
    yield table, row, ancestors
    below = {**ancestors, _SINGULAR[table]: row} if table in _SINGULAR else ancestors
    for attribute, child_table in _CHILDREN.get(table, ()):
        value = getattr(row, attribute)
        for child in value if isinstance(value, list) else [value] if value is not None else []:
            yield from _walk(child_table, child, below)


def own_fields(table: str) -> dict[str, Any]:
    """The columns of ``table`` itself, in order: field name → pydantic FieldInfo, nested rows left out."""
    nested = {attribute for attribute, _child in _CHILDREN.get(table, ())}
    return {name: info for name, info in TABLES[table].model_fields.items() if name not in nested}


def choices(literal: Any) -> tuple[str, ...]:
    """The values a Literal allows."""
    return tuple(value for value in get_args(literal) if value)
