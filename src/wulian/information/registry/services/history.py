"""Collects what a batch changes and writes it as the history of the dossiers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from wulian.core.accounts.models import User
from wulian.exchange.records import DossierRecord, iterate_rows
from wulian.information.registry.choices import ChangeAction
from wulian.information.registry.models import ImportRun, RegistryChange
from wulian.information.registry.services.parties import PartyChange
from wulian.information.registry.services.rows import as_json, label_of, party_names, plan_of


class History:
    """The changes of one transaction; ``save`` writes them with one query a thousand."""

    def __init__(self, *, run: ImportRun | None, actor: User | None) -> None:
        self.run, self.actor = run, actor
        self._rows: list[RegistryChange] = []
        self._party_columns: list[tuple[dict[str, Any], str]] = []

    def entered(self, project_id: int | None, dossier: DossierRecord) -> None:
        """A new dossier is one line that counts its rows, not one line a row."""
        counts = Counter(table for table, _row, _ancestors in iterate_rows(dossier))
        changes = {table: [0, count] for table, count in counts.items() if table != "projects"}
        self._add("projects", project_id, dossier, dossier.project, ChangeAction.CREATED, changes)

    def created(self, table: str, project_id: int | None, dossier: DossierRecord, record: Any) -> None:
        plan = plan_of(table)
        changes = {
            name: [None, as_json(value)]
            for name, default in zip(plan.fields, plan.defaults, strict=True)
            if (value := getattr(record, name)) != default and value not in ("", None)
        }
        names = {party.id: party.name for party in dossier.parties}
        for name in plan.parties & changes.keys():
            changes[name] = [None, names.get(getattr(record, name))]
        self._add(table, project_id, dossier, record, ChangeAction.CREATED, changes)

    def updated(
        self,
        table: str,
        project_id: int | None,
        dossier: DossierRecord,
        record: Any,
        changes: dict[str, list[Any]],
    ) -> None:
        """``changes`` holds columns: [old, new]; columns of parties are shown by name."""
        shown: dict[str, list[Any]] = {}
        parties = plan_of(table).parties | {"consortium"}
        for column, pair in changes.items():
            name = column.removesuffix("_id")
            if name in parties:
                shown[name] = pair
                self._party_columns.append((shown, name))
            else:
                shown[column] = [as_json(value) for value in pair]
        self._add(table, project_id, dossier, record, ChangeAction.UPDATED, shown)

    def ended(self, table: str, project_id: int | None, dossier: DossierRecord, key: str) -> None:
        self._rows.append(self._change(table, project_id, dossier, key, "", ChangeAction.ENDED, {}))

    def parties(self, project_id: int | None, dossier: DossierRecord, changes: Iterable[PartyChange]) -> None:
        for change in changes:
            shown = {name: [as_json(value) for value in pair] for name, pair in change.changes.items()}
            self._rows.append(
                self._change(
                    "parties", project_id, dossier, str(change.pk), change.label, ChangeAction.UPDATED, shown
                )
            )

    def save(self) -> None:
        names = party_names(
            {pk for shown, name in self._party_columns for value in shown[name] for pk in _keys(value)}
        )
        for shown, name in self._party_columns:
            shown[name] = [_named(value, names) for value in shown[name]]
        RegistryChange.objects.bulk_create(self._rows, batch_size=1000)

    def _add(
        self,
        table: str,
        project_id: int | None,
        dossier: DossierRecord,
        record: Any,
        action: ChangeAction,
        changes: dict[str, list[Any]],
    ) -> None:
        self._rows.append(
            self._change(table, project_id, dossier, record.id, label_of(record), action, changes)
        )

    def _change(
        self,
        table: str,
        project_id: int | None,
        dossier: DossierRecord,
        key: str,
        label: str,
        action: ChangeAction,
        changes: dict[str, list[Any]],
    ) -> RegistryChange:
        return RegistryChange(
            project_id=project_id or 0,
            table=table,
            source_key=key,
            label=label,
            action=action,
            changes=changes,
            actor=self.actor,
            source_system=dossier.source_system,
            import_run=self.run,
        )


def _keys(value: Any) -> list[int]:
    return value if isinstance(value, list) else [value] if value else []


def _named(value: Any, names: dict[int, str]) -> Any:
    return [names.get(pk) for pk in value] if isinstance(value, list) else names.get(value)
