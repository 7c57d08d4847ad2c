"""Puts rows that refer to each other by 编号 together into dossiers, project by project."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from wulian.exchange.labels import TABLE_LABELS, field_label
from wulian.exchange.records import PARENTS, PARTY_FIELDS, TABLES, DossierRecord
from wulian.exchange.refusals import Refusal, explain
from wulian.exchange.workbook.columns import OF_CONTRACT, OF_LOT, OF_PROJECT, OF_TENDER

ONE_A_LOT = {"openings": "opening", "evaluations": "evaluation"}


@dataclass
class Row:
    """One row as read: its own fields, the keys of its parents, and (column, reason, excerpt) of what is wrong."""

    table: str
    sheet: str
    number: int
    fields: dict[str, Any] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    faults: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def key(self) -> str:
        return str(self.fields.get("id", ""))

    @property
    def project(self) -> str:
        return self.parents.get(OF_PROJECT, "")

    def fault(self, column: str, reason: str, raw: str = "") -> None:
        self.faults.append((column, reason, raw))

    def refusals(self) -> Iterator[Refusal]:
        name = self.project or self.key
        for column, reason, raw in self.faults:
            yield Refusal(self.number, name[:300], column, reason, raw, self.sheet[:100])


Finish = Callable[[dict[str, Any], dict[str, Any]], DossierRecord]


def assemble(
    rows: list[Row], refusals: list[Refusal], *, finish: Finish
) -> Iterator[DossierRecord | Refusal]:
    """Dossiers of the projects without a fault; refusals of every faulty row of the others."""
    yield from refusals
    parties = {row.key: row for row in rows if row.table == "parties"}
    projects: dict[str, list[Row]] = {}
    _mark_doubles([row for row in rows if row.table == "parties"], "编号", lambda row: row.key)
    _mark_doubles([row for row in rows if row.table == "projects"], "编号", lambda row: row.key)
    for row in rows:
        if row.table != "parties":
            projects.setdefault(row.project, []).append(row)
    for row in parties.values():
        yield from row.refusals()
    told = frozenset({row.table for row in rows} | {"projects", "parties"})
    for name, members in projects.items():
        yield from _one_project(name, members, parties, told, finish)


def _mark_doubles(rows: list[Row], column: str, key: Callable[[Row], Any]) -> None:
    seen: dict[Any, Row] = {}
    for row in rows:
        first = seen.setdefault(key(row), row)
        if first is not row and row.key:
            row.fault(column, f"编号与第{first.number}行重复", row.key)


def _one_project(
    name: str, rows: list[Row], parties: dict[str, Row], told: frozenset[str], finish: Finish
) -> Iterator[DossierRecord | Refusal]:
    head = [row for row in rows if row.table == "projects"]
    if not head:
        for row in rows:
            row.fault(OF_PROJECT, f"“项目”表中没有编号为“{name}”的项目", name)
    tree = _Tree(rows)
    used = _used_parties(rows, parties)
    if any(row.faults for row in rows):
        for row in rows:
            yield from row.refusals()
        return
    if spoilt := [key for key in used if parties[key].faults]:
        reason = (
            f"引用的主体“{spoilt[0]}”有误（“{parties[spoilt[0]].sheet}”表第{parties[spoilt[0]].number}行）"
        )
        yield Refusal(head[0].number, name[:300], "", reason, "", head[0].sheet)
        return
    try:
        yield finish(
            head[0].fields,
            {
                "told": told,
                "parties": [parties[key].fields for key in sorted(used)],
                "project": tree.project(head[0]),
            },
        )
    except ValidationError as error:
        place, reason, _value = explain(error)
        yield Refusal(head[0].number, name[:300], ".".join(map(str, place)), reason, "", head[0].sheet)


def _used_parties(rows: list[Row], parties: dict[str, Row]) -> set[str]:
    used: set[str] = set()
    for row in rows:
        for column in PARTY_FIELDS.get(row.table, ()):
            value = row.fields.get(column)
            for key in value if isinstance(value, list) else [value]:
                if key in parties:
                    used.add(key)
                elif key:
                    row.fault(field_label(row.table, column), f"“主体”表中没有编号为“{key}”的主体", key)
    return used


class _Tree:
    """Finds each row's parent inside one project and nests the rows as the records do."""

    def __init__(self, rows: list[Row]) -> None:
        self.by_table: dict[str, list[Row]] = {}
        for row in rows:
            self.by_table.setdefault(row.table, []).append(row)
        self._children: dict[tuple[int, str], list[Row]] = {}
        for table in TABLES:
            for row in self.by_table.get(table, []):
                parent = self._parent(row)
                if parent is not None:
                    self._children.setdefault((id(parent), table), []).append(row)
        for (_parent, table), siblings in self._children.items():
            _mark_doubles(siblings, "编号", lambda row: row.key)
            if table in ONE_A_LOT or table == "acceptances":
                for row in siblings[1:]:
                    row.fault(
                        "编号", f"每个{'合同' if table == 'acceptances' else '标段'}只能有一行", row.key
                    )
        self._check_scores()

    def _parent(self, row: Row) -> Row | None:
        if row.table == "projects":
            return None
        if row.table == "tenders":
            return next(iter(self.by_table.get("projects", [])), None)
        if row.table == "lots":
            return self._named(row, "tenders", row.parents.get(OF_TENDER, ""), OF_TENDER, {})
        if row.table == "nodes" and not row.parents.get(OF_LOT):
            return next(iter(self.by_table.get("projects", [])), None)
        scope = {OF_TENDER: row.parents[OF_TENDER]} if row.parents.get(OF_TENDER) else {}
        if PARENTS[row.table] == "contract":
            if row.parents.get(OF_LOT):
                scope[OF_LOT] = row.parents[OF_LOT]
            return self._named(row, "contracts", row.parents.get(OF_CONTRACT, ""), OF_CONTRACT, scope)
        lot = self._named(row, "lots", row.parents.get(OF_LOT, ""), OF_LOT, scope)
        if lot is None or PARENTS[row.table] != "evaluation":
            return lot
        evaluation = self._children.get((id(lot), "evaluations"))
        if not evaluation:
            row.fault(OF_LOT, "这个标段在“评标”表中没有对应的行", lot.key)
            return None
        return evaluation[0]

    def _named(self, row: Row, table: str, key: str, column: str, scope: dict[str, str]) -> Row | None:
        if not key:
            return None
        found = [
            other
            for other in self.by_table.get(table, [])
            if other.key == key and all(other.parents.get(header) == value for header, value in scope.items())
        ]
        if len(found) == 1:
            return found[0]
        label = TABLE_LABELS[table]
        if not found:
            row.fault(column, f"“{label}”表中没有属于本项目、编号为“{key}”的行", key)
        else:
            more = f"，请在“{OF_TENDER}”中写明是哪一个" if OF_TENDER not in scope else "，请改成不同的编号"
            row.fault(column, f"“{label}”表中有{len(found)}行编号为“{key}”{more}", key)
        return None

    def _check_scores(self) -> None:
        for evaluations in [rows for (_id, table), rows in self._children.items() if table == "evaluations"]:
            for evaluation in evaluations:
                members = {row.key for row in self._children.get((id(evaluation), "members"), [])}
                lot = self._parent(evaluation)
                bids = {row.key for row in self._children.get((id(lot), "bids"), [])}
                for score in self._children.get((id(evaluation), "scores"), []):
                    for name, known in (("member", members), ("bid", bids)):
                        if score.fields.get(name) and score.fields[name] not in known:
                            label = field_label("scores", name)
                            reason = f"这个标段没有编号为“{score.fields[name]}”的{label}"
                            score.fault(label, reason, score.fields[name])

    def project(self, head: Row) -> dict[str, Any]:
        tenders = [
            dict(tender.fields, lots=[self._lot(lot) for lot in self._of(tender, "lots")])
            for tender in self._of(head, "tenders")
        ]
        fields = {
            name: value for name, value in head.fields.items() if name in TABLES["projects"].model_fields
        }
        return dict(fields, tenders=tenders, nodes=[row.fields for row in self._of(head, "nodes")])

    def _of(self, parent: Row, table: str) -> list[Row]:
        return self._children.get((id(parent), table), [])

    def _lot(self, lot: Row) -> dict[str, Any]:
        whole = dict(lot.fields)
        for table in (
            "notices",
            "documents",
            "clarifications",
            "objections",
            "bids",
            "candidates",
            "awards",
            "nodes",
        ):
            whole[table] = [row.fields for row in self._of(lot, table)]
        for opening in self._of(lot, "openings"):
            whole["opening"] = opening.fields
        for evaluation in self._of(lot, "evaluations"):
            parts = {
                table: [row.fields for row in self._of(evaluation, table)] for table in ("members", "scores")
            }
            whole["evaluation"] = evaluation.fields | parts
        whole["contracts"] = [self._contract(contract) for contract in self._of(lot, "contracts")]
        return whole

    def _contract(self, contract: Row) -> dict[str, Any]:
        whole = dict(contract.fields)
        for table in ("amendments", "implementation"):
            whole[table] = [row.fields for row in self._of(contract, table)]
        for acceptance in self._of(contract, "acceptances"):
            whole["acceptance"] = acceptance.fields
        return whole
