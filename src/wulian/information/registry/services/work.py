"""A dossier on its way into the registry: its rows laid out by table, and what became of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any, Literal

from wulian.exchange.keys import fit_key
from wulian.exchange.records import DossierRecord, LotDossier, iterate_rows
from wulian.information.registry.models import Project
from wulian.information.registry.services.nodes import NodeFact, lot_nodes, project_nodes, stage_of
from wulian.law.calendar import LegalCalendar

Action = Literal["created", "updated", "unchanged", "refused"]

FOREIGN = "@"
"""First character of the keys of tenders that another source than the project's own brought."""


@dataclass
class Outcome:
    """What became of one dossier; ``note`` says why it was refused or left alone."""

    action: Action
    project_id: int | None = None
    note: str = ""


@dataclass(eq=False)
class Entry:
    """One row to be: its record, its parent's entry and, once known, its primary key."""

    work: Work
    record: Any
    key: str
    parent: Entry | None = None
    pk: int | None = None

    @property
    def parent_pk(self) -> int:
        return (self.parent.pk if self.parent else self.work.project_id) or 0


@dataclass(eq=False)
class Work:
    """One dossier on its way in."""

    dossier: DossierRecord
    project: Project | None = None
    foreign: bool = False
    outcome: Outcome | None = None
    party_of: dict[str, int] = field(default_factory=dict)
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    index: dict[tuple[str, Entry | None, str], Entry] = field(default_factory=dict)
    nodes: list[tuple[Entry | None, NodeFact]] = field(default_factory=list)
    stage: str = ""
    changed: bool = False

    @property
    def project_id(self) -> int | None:
        return self.project.pk if self.project else None

    @property
    def is_new(self) -> bool:
        return self.outcome is not None and self.outcome.action == "created"

    def tells(self, table: str) -> bool:
        return self.dossier.told is None or table in self.dossier.told

    @property
    def prefix(self) -> str:
        """What the keys of this dossier's tenders begin with when the project belongs to another source."""
        if not self.foreign:
            return ""
        source = f"{self.dossier.source_system}\0{self.dossier.source_id}"
        return f"{FOREIGN}{hashlib.sha256(source.encode()).hexdigest()[:10]}:"

    def lay_out(self, calendar: LegalCalendar) -> None:
        """Lay the dossier's rows out by table, and derive its nodes."""
        made: dict[int, Entry] = {}
        for table, record, ancestors in iterate_rows(self.dossier):
            if table in ("parties", "projects", "nodes"):
                continue
            parent = _parent_of(table, ancestors)
            entry = Entry(self, record, record.id, made.get(id(parent)) if parent is not None else None)
            if table == "tenders" and self.foreign:
                entry.key = fit_key(self.prefix + record.id)
            made[id(record)] = entry
            self.entries.setdefault(table, []).append(entry)
            if table in ("members", "bids"):
                self.index[table, entry.parent, record.id] = entry
            if isinstance(record, LotDossier):
                self.nodes += [(entry, fact) for fact in lot_nodes(record, calendar).values()]
        if not self.foreign:
            self.nodes += [(None, fact) for fact in project_nodes(self.dossier.project, calendar).values()]
        self.stage = stage_of(fact for _entry, fact in self.nodes)


PARENT_TABLE = {
    "tenders": "projects",
    "lots": "tenders",
    "members": "evaluations",
    "scores": "evaluations",
    "amendments": "contracts",
    "implementation": "contracts",
    "acceptances": "contracts",
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
        "lots",
    ),
}
_ANCESTOR = {"tenders": "tender", "lots": "lot", "evaluations": "evaluation", "contracts": "contract"}


def _parent_of(table: str, ancestors: dict[str, Any]) -> Any:
    above = PARENT_TABLE[table]
    return None if above == "projects" else ancestors[_ANCESTOR[above]]
