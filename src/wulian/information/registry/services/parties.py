"""Who is who: finds the party that a record names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.db import models
from django.utils import timezone

from wulian.exchange.keys import fit_key
from wulian.exchange.records import PartyRecord
from wulian.information.registry.models import Party, PartyIdentifier
from wulian.information.registry.services.rows import plan_of

USCC = "uscc"
BATCH = 900
ALIKE = 0.6
PLAN = plan_of("parties")

Identity = tuple[str, str]
_IDENTIFYING = {"uscc", "scheme", "scheme_id"}
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass(eq=False)
class _Known:
    """A party of the registry, or one about to be entered (``pk`` None), with its current columns."""

    pk: int | None
    values: dict[str, Any]
    stored: set[Identity] = field(default_factory=set)
    identities: set[Identity] = field(default_factory=set)
    changes: dict[str, list[Any]] = field(default_factory=dict)
    merged_names: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PartyChange:
    """An existing party that a dossier changed, for the history."""

    pk: int
    label: str
    changes: dict[str, list[Any]]


Batch = tuple[str, Sequence[PartyRecord], bool]
"""(source system, parties, whether the dossier is an update of one that is held)."""


class PartyResolver:
    """Resolves the parties of a batch of dossiers with a fixed number of queries, entering those that are new.

    A party is the one with its credit code; else with its other identifier; else the source's own key, as long as the
    name is alike (publishers number their parties anew in each file). A dossier that is new fills only what is blank;
    one that is updated overwrites under the key that entered the party, but never an identifier.
    """

    def __init__(self) -> None:
        self._known: dict[Identity, _Known] = {}
        self._new: list[_Known] = []

    def resolve(self, batches: Sequence[Batch]) -> tuple[list[dict[str, int]], list[list[PartyChange]]]:
        """For each dossier: party key → primary key, and which existing parties it changed."""
        self._load(batches)
        found = [
            [(record, self._find(system, record)) for record in records]
            for system, records, _update in batches
        ]
        changed = [
            self._apply(pairs, overwrite=update)
            for pairs, (_system, _records, update) in zip(found, batches, strict=True)
        ]
        self._save({known for pairs in found for _record, known in pairs})
        return [{record.id: known.pk or 0 for record, known in pairs} for pairs in found], changed

    def _load(self, batches: Sequence[Batch]) -> None:
        wanted = {
            identity
            for system, records, _update in batches
            for record in records
            for identity in (*_firm(record), _local(system, record), _named(system, record))
        }
        by_pk: dict[int, _Known] = {}
        rows = PartyIdentifier.objects.select_related("party")
        for row in _select(rows, "value", {value for _scheme, value in wanted}):
            known = by_pk.setdefault(row.party_id, _from_row(row.party))
            known.stored.add((row.scheme, row.value))
            self._known[row.scheme, row.value] = known
        self._load_merged(by_pk)
        # Parties that were entered by hand have no identifier row.
        codes = {value for scheme, value in wanted if scheme == USCC and (scheme, value) not in self._known}
        for party in _select(Party.objects.filter(merged_into=None), "uscc", codes):
            self._known[USCC, party.uscc] = by_pk.setdefault(party.pk, _from_row(party))

    @staticmethod
    def _load_merged(by_pk: dict[int, _Known]) -> None:
        """A kept party also answers to the names of those that were merged into it."""
        for row in _select(Party.objects.all(), "merged_into", set(by_pk)):
            by_pk[row.merged_into_id].merged_names.append(row.name)

    def _find(self, system: str, record: PartyRecord) -> _Known:
        identities = [*_firm(record), _local(system, record)]
        holder = self._known.get(identities[-1])
        if holder is not None and not _may_be(holder, record):
            identities[-1] = _named(system, record)
        known = next((self._known[identity] for identity in identities if identity in self._known), None)
        if known is None:
            columns = {name: getattr(record, name) for name in PLAN.fields}
            known = _Known(None, columns | {"source_key": record.id})
            self._new.append(known)
        for identity in identities:
            if self._known.setdefault(identity, known) is known:
                known.identities.add(identity)
        return known

    def _apply(self, pairs: Iterable[tuple[PartyRecord, _Known]], *, overwrite: bool) -> list[PartyChange]:
        changed = []
        for record, known in pairs:
            changes: dict[str, list[Any]] = {}
            # After a merge the duplicate's own record must not rename the kept party.
            master = overwrite and known.values["source_key"] == record.id
            for name in PLAN.fields:
                new, old = getattr(record, name), known.values[name]
                if new in ("", None) or new == old:
                    continue
                if old in ("", None) or (master and name not in _IDENTIFYING):
                    known.values[name] = new
                    changes[name] = [old, new]
            if changes and known.pk:
                known.changes |= changes
                changed.append(PartyChange(known.pk, known.values["name"], changes))
        return changed

    def _save(self, everyone: set[_Known]) -> None:
        rows = [Party(**known.values) for known in self._new]
        Party.objects.bulk_create(rows, batch_size=1000)
        for known, row in zip(self._new, rows, strict=True):
            known.pk = row.pk
        changed = [known for known in everyone if known.changes]
        if fields := sorted({name for known in changed for name in known.changes}):
            now = timezone.now()
            updated = [
                Party(pk=known.pk, updated_at=now, **{name: known.values[name] for name in fields})
                for known in changed
            ]
            Party.objects.bulk_update(updated, [*fields, "updated_at"], batch_size=200)
        PartyIdentifier.objects.bulk_create(
            [
                PartyIdentifier(party_id=known.pk or 0, scheme=scheme, value=value)
                for known in sorted(everyone, key=lambda known: known.pk or 0)
                for scheme, value in sorted(known.identities - known.stored)
            ],
            batch_size=1000,
        )


def _firm(record: PartyRecord) -> list[Identity]:
    """The identities that hold everywhere."""
    firm = [(USCC, record.uscc)] if record.uscc else []
    if record.scheme and record.scheme_id:
        firm.append((record.scheme[:128], record.scheme_id))
    return firm


def _local(system: str, record: PartyRecord) -> Identity:
    return f"source:{system}"[:128], record.id


def _named(system: str, record: PartyRecord) -> Identity:
    return f"source:{system}"[:128], fit_key(f"{record.id}|{record.name}")


def _from_row(party: Party) -> _Known:
    return _Known(party.pk, {name: getattr(party, name) for name in (*PLAN.fields, "source_key")})


def _select(queryset: models.QuerySet[Any], column: str, values: set[Any]) -> list[Any]:
    """Rows whose column is one of many values, in as few queries as the database's limit on parameters allows."""
    ordered = sorted(values)
    return [
        row
        for start in range(0, len(ordered), BATCH)
        for row in queryset.filter(**{f"{column}__in": ordered[start : start + BATCH]})
    ]


def _may_be(known: _Known, record: PartyRecord) -> bool:
    """Whether a party found by its source's own key is the one the record means."""
    held = known.values
    if record.uscc and held["uscc"]:
        return bool(record.uscc == held["uscc"])
    if record.scheme and record.scheme == held["scheme"]:
        return bool(record.scheme_id == held["scheme_id"])
    return any(likeness(name, record.name) >= ALIKE for name in (held["name"], *known.merged_names))


def likeness(one: str, other: str) -> float:
    """How alike two names are, 0 to 1; spaces, punctuation, full width and case do not count, a part of a name is 1."""
    first, second = (
        _NOT_WORDS.sub("", unicodedata.normalize("NFKC", text).casefold()) for text in (one, other)
    )
    if one == other or first == second or (first and second and (first in second or second in first)):
        return 1.0
    return SequenceMatcher(None, first, second).ratio()
