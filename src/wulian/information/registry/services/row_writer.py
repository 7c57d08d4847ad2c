"""Writes the rows of a batch table by table: one SELECT of what is held, then what is new, changed or gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wulian.exchange.keys import fit_key
from wulian.information.registry.models import TABLE_MODELS, DossierNode
from wulian.information.registry.services.history import History
from wulian.information.registry.services.rows import SINGLE, Plan, build, field_name, plan_of
from wulian.information.registry.services.work import FOREIGN, PARENT_TABLE, Entry, Work

BATCH = 1000
NODE_COLUMNS = (
    "code",
    "planned_at",
    "actual_at",
    "operator",
    "operator_org",
    "source_ip",
    "evidence",
    "exception",
)


@dataclass(frozen=True, slots=True)
class _HeldRow:
    pk: int
    key: str
    ended_at: Any
    project_id: int
    parent_pk: int
    values: tuple[Any, ...]


class RowWriter:
    """The tables below the project, for the dossiers of one transaction."""

    def __init__(self, active: list[Work], history: History, now: datetime) -> None:
        self.active, self.history, self.now = active, history, now
        self.scope: dict[str, set[int]] = {}

    def save_table(self, table: str) -> None:
        plan = plan_of(table)
        entries = [entry for work in self.active for entry in work.entries.get(table, ())]
        held = self._held(plan)
        fresh: list[Entry] = []
        pending: list[tuple[int, dict[str, Any]]] = []
        seen: set[int] = set()
        for entry in entries:
            row = held.get(_place(table, entry.parent_pk, entry.key)) if held else None
            if row is None:
                fresh.append(entry)
                continue
            entry.pk = row.pk
            seen.add(row.pk)
            if entry.work.tells(table):
                self._compare(plan, entry, row, pending)
        self._create(plan, fresh)
        self._update(plan, pending)
        self._end(plan, [row for row in held.values() if row.pk not in seen])

    def _held(self, plan: Plan) -> dict[tuple[int, str], _HeldRow]:
        """The rows that the registry has of these projects, by parent and key."""
        ids = [work.project_id or 0 for work in self.active if not work.is_new]
        if not ids:
            return {}
        parent = plan.parent_attname
        extra = _score_columns(plan.table)
        columns = ("pk", "source_key", "ended_at", "project_id", parent, *plan.attnames, *extra)
        rows = plan.model.objects.filter(project_id__in=ids).values_list(*columns)
        held = [
            _HeldRow(pk, key, ended, project, above, tuple(values))
            for pk, key, ended, project, above, *values in rows
        ]
        self._note_scope(plan, held)
        return {_place(plan.table, row.parent_pk, row.key): row for row in held}

    def _note_scope(self, plan: Plan, held: list[_HeldRow]) -> None:
        """Remember which held rows this source speaks for: another source's tenders are none of its business."""
        if plan.table == "tenders":
            prefix_of = {work.project_id: work.prefix for work in self.active}
            mine = {
                row.pk
                for row in held
                if ((prefix := prefix_of[row.project_id]) and row.key.startswith(prefix))
                or (not prefix and not row.key.startswith(FOREIGN))
            }
        else:
            above = self.scope[PARENT_TABLE[plan.table]]
            mine = {row.pk for row in held if row.parent_pk in above}
        self.scope[plan.table] = mine

    def _values(self, plan: Plan, entry: Entry) -> tuple[Any, ...]:
        values = plan.values(entry.record, entry.work.party_of)
        if plan.table == "scores":
            values += _member_and_bid(entry)
        return values

    def _compare(
        self, plan: Plan, entry: Entry, row: _HeldRow, pending: list[tuple[int, dict[str, Any]]]
    ) -> None:
        names = (*plan.attnames, *_score_columns(plan.table))
        new = self._values(plan, entry)
        columns = {
            name: value for name, value, old in zip(names, new, row.values, strict=True) if value != old
        }
        changes = {name: [row.values[names.index(name)], value] for name, value in columns.items()}
        if row.ended_at is not None:
            columns["ended_at"] = None
            changes["ended_at"] = [row.ended_at, None]
        if not columns:
            return
        pending.append((row.pk, columns))
        entry.work.changed = True
        self.history.updated(plan.table, entry.work.project_id, entry.work.dossier, entry.record, changes)

    def _create(self, plan: Plan, fresh: list[Entry]) -> None:
        names = ("source_key", "project_id", plan.parent_attname, *plan.attnames, *_score_columns(plan.table))
        if plan.parent_attname == "project_id":
            names = ("source_key", *names[2:])
        rows = []
        for entry in fresh:
            work = entry.work
            head = (
                (entry.key, entry.parent_pk)
                if plan.parent_attname == "project_id"
                else (entry.key, work.project_id, entry.parent_pk)
            )
            rows.append(build(plan.model, names, (*head, *self._values(plan, entry))))
            if not work.is_new:
                work.changed = True
                self.history.created(plan.table, work.project_id, work.dossier, entry.record)
        plan.model.objects.bulk_create(rows, batch_size=BATCH)
        for entry, row in zip(fresh, rows, strict=True):
            entry.pk = row.pk

    def _update(self, plan: Plan, pending: list[tuple[int, dict[str, Any]]]) -> None:
        """Write changed rows, those with the same changed columns together."""
        groups: dict[tuple[str, ...], list[Any]] = {}
        for pk, columns in pending:
            row = plan.model(pk=pk, updated_at=self.now, **columns)
            groups.setdefault(tuple(sorted(columns)), []).append(row)
        for columns_changed, rows in groups.items():
            fields = [field_name(plan.model, name) for name in columns_changed]
            plan.model.objects.bulk_update(rows, [*fields, "updated_at"], batch_size=200)

    def _end(self, plan: Plan, vanished: Iterable[_HeldRow]) -> None:
        """Mark rows that a newer release no longer holds; they stay where they are."""
        work_of = {work.project_id: work for work in self.active}
        mine = self.scope.get(plan.table, set())
        ended = [
            row
            for row in vanished
            if row.ended_at is None and row.pk in mine and work_of[row.project_id].tells(plan.table)
        ]
        if not ended:
            return
        plan.model.objects.filter(pk__in=[row.pk for row in ended]).update(
            ended_at=self.now, updated_at=self.now
        )
        for row in ended:
            work = work_of[row.project_id]
            work.changed = True
            self.history.ended(plan.table, row.project_id, work.dossier, row.key)

    def save_consortia(self) -> None:
        """The partners of joint bids: a table of pairs, compared as sets."""
        through = TABLE_MODELS["bids"].consortium.through  # type: ignore[attr-defined]
        bids = [entry for work in self.active for entry in work.entries.get("bids", ())]
        wanted = {
            (entry.pk, entry.work.party_of[key]): entry
            for entry in bids
            if entry.work.is_new or entry.work.tells("bids")
            for key in entry.record.consortium
        }
        old = {entry.pk: entry for entry in bids if not entry.work.is_new and entry.work.tells("bids")}
        held = set()
        if old:
            projects = [work.project_id or 0 for work in self.active if not work.is_new]
            pairs = through.objects.filter(bid__project_id__in=projects).values_list("bid_id", "party_id")
            held = {pair for pair in pairs if pair[0] in old}
        gone = held - wanted.keys()
        through.objects.bulk_create(
            [through(bid_id=bid, party_id=party) for bid, party in wanted if (bid, party) not in held],
            batch_size=BATCH,
        )
        for bid, party in gone:
            through.objects.filter(bid_id=bid, party_id=party).delete()
        before, after = _grouped(held), _grouped(wanted)
        for pk, entry in old.items():
            if before.get(pk, []) != after.get(pk, []):
                entry.work.changed = True
                changes = {"consortium": [before.get(pk, []), after.get(pk, [])]}
                self.history.updated("bids", entry.work.project_id, entry.work.dossier, entry.record, changes)

    def save_nodes(self) -> None:
        held: dict[tuple[int, str], tuple[Any, ...]] = {}
        ids = [work.project_id or 0 for work in self.active if not work.is_new]
        columns = ("project_id", "source_key", "pk", "ended_at", "lot_id", *NODE_COLUMNS)
        if ids:
            rows = DossierNode.objects.filter(project_id__in=ids).values_list(*columns)
            held = {(row[0], row[1]): row[2:] for row in rows}
        fresh: list[DossierNode] = []
        changed: list[DossierNode] = []
        seen: set[int] = set()
        names = ("project_id", "source_key", "lot_id", *NODE_COLUMNS)
        for work in self.active:
            for lot, fact in work.nodes:
                key = _node_key(lot, fact.code)
                values = (lot.pk if lot else None, *(getattr(fact, name) for name in NODE_COLUMNS))
                row = held.get((work.project_id or 0, key))
                if row is None:
                    fresh.append(build(DossierNode, names, (work.project_id, key, *values)))
                    continue
                seen.add(row[0])
                if work.dossier.told is not None:
                    # Part of the story: what it does not know stays.
                    values = tuple(
                        new if new not in ("", None) else old
                        for new, old in zip(values, row[2:], strict=True)
                    )
                if values != row[2:] or row[1] is not None:
                    whole = (work.project_id, key, *values)
                    node = build(DossierNode, names, whole)
                    node.pk, node.updated_at = row[0], self.now
                    changed.append(node)
        DossierNode.objects.bulk_create(fresh, batch_size=BATCH)
        DossierNode.objects.bulk_update(changed, [*NODE_COLUMNS, "ended_at", "updated_at"], batch_size=200)
        self._end_nodes(held, seen)

    def _end_nodes(self, held: dict[tuple[int, str], tuple[Any, ...]], seen: set[int]) -> None:
        whole = {work.project_id: work for work in self.active if work.dossier.told is None}
        lots = self.scope.get("lots", set())
        gone = [
            pk
            for (project_id, _key), (pk, ended_at, lot_id, *_rest) in held.items()
            if pk not in seen
            and ended_at is None
            and project_id in whole
            and (lot_id in lots if lot_id else not whole[project_id].foreign)
        ]
        if gone:
            DossierNode.objects.filter(pk__in=gone).update(ended_at=self.now, updated_at=self.now)


def _place(table: str, parent_pk: int, key: str) -> tuple[int, str]:
    return parent_pk, "" if table in SINGLE else key


def _score_columns(table: str) -> tuple[str, ...]:
    return ("member_id", "bid_id") if table == "scores" else ()


def _member_and_bid(entry: Entry) -> tuple[int, int]:
    """The primary keys of the member and the bid that a score names; the record has made sure that they exist."""
    evaluation = entry.parent
    lot = evaluation.parent if evaluation else None
    member = entry.work.index["members", evaluation, entry.record.member]
    bid = entry.work.index["bids", lot, entry.record.bid]
    return member.pk or 0, bid.pk or 0


def _node_key(lot: Entry | None, code: str) -> str:
    if lot is None:
        return code
    tender = lot.parent.key if lot.parent else ""
    return fit_key(f"{tender}/{lot.key}/{code}")


def _grouped(pairs: Iterable[tuple[int | None, int]]) -> dict[int | None, list[int]]:
    groups: dict[int | None, list[int]] = {}
    for bid, party in sorted(pairs, key=lambda pair: (pair[0] or 0, pair[1])):
        groups.setdefault(bid, []).append(party)
    return groups
