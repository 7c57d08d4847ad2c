"""Takes dossiers apart into rows of sheets, with keys that refer to each other as the template wants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from wulian.exchange.keys import fit_key
from wulian.exchange.records import (
    PARENTS,
    PARTY_FIELDS,
    DossierRecord,
    PartyRecord,
    Record,
    iterate_rows,
    own_fields,
)
from wulian.exchange.workbook.columns import (
    OF_CONTRACT,
    OF_LOT,
    OF_PROJECT,
    OF_TENDER,
    SOURCE_COLUMNS,
    columns_of,
)


def rows_of(dossiers: Iterable[DossierRecord]) -> Iterator[tuple[str, dict[str, Any]]]:
    """``(table, header → value)`` of each row; a party that several dossiers share is written once."""
    shared = _SharedParties()
    projects: set[str] = set()
    for dossier in dossiers:
        project = _free_key(dossier.project.id, projects)
        names: dict[str, str] = {}
        for party in dossier.parties:
            names[party.id], is_new = shared.enter(party)
            if is_new:
                yield "parties", _cells("parties", party, {"id": names[party.id]})
        for table, row, ancestors in iterate_rows(dossier):
            if table == "parties":
                continue
            cells = _cells(table, row, _renamed(table, row, names))
            if table == "projects":
                cells["编号"] = project
                cells |= {header: getattr(dossier, name) for name, header in SOURCE_COLUMNS.items()}
            else:
                cells |= _parents(table, project, ancestors)
            yield table, cells


def _cells(table: str, row: Record, instead: dict[str, Any]) -> dict[str, Any]:
    fields = own_fields(table)
    return {
        column.header: instead.get(column.field, getattr(row, column.field))
        for column in columns_of(table)
        if column.field in fields
    }


def _renamed(table: str, row: Record, names: dict[str, str]) -> dict[str, Any]:
    instead: dict[str, Any] = {}
    for field in PARTY_FIELDS.get(table, ()):
        value = getattr(row, field)
        instead[field] = [names[key] for key in value] if isinstance(value, list) else names.get(value or "")
    return instead


def _parents(table: str, project: str, ancestors: dict[str, Record]) -> dict[str, Any]:
    cells: dict[str, Any] = {OF_PROJECT: project}
    if table == "tenders":
        return cells
    for name, header in (("tender", OF_TENDER), ("lot", OF_LOT)):
        if name in ancestors and not (table == "lots" and name == "lot"):
            cells[header] = ancestors[name].id
    if PARENTS[table] == "contract":
        cells[OF_CONTRACT] = ancestors["contract"].id
    return cells


def _free_key(wanted: str, taken: set[str]) -> str:
    key, number = wanted, 1
    while key in taken:
        number += 1
        key = fit_key(f"{wanted}#{number}")
    taken.add(key)
    return key


class _SharedParties:
    def __init__(self) -> None:
        self._keys: dict[PartyRecordKey, str] = {}
        self._taken: set[str] = set()

    def enter(self, party: PartyRecord) -> tuple[str, bool]:
        """The key of the party in the workbook, and whether it has to be written."""
        whole = tuple(getattr(party, name) for name in own_fields("parties"))
        if whole in self._keys:
            return self._keys[whole], False
        self._keys[whole] = _free_key(party.id, self._taken)
        return self._keys[whole], True


PartyRecordKey = tuple[Any, ...]
