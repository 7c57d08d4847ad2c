"""Who is who: finds the party that a record names, and merges two that turn out to be one without losing a row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.db import models, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import Role
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.exchange.keys import fit_key
from wulian.exchange.records import PartyRecord
from wulian.information.registry.choices import ChangeAction
from wulian.information.registry.models import (
    TABLE_MODELS,
    Party,
    PartyIdentifier,
    PartyMerge,
    Project,
    RegistryChange,
    SearchEntry,
)
from wulian.information.registry.services.rows import plan_of
from wulian.information.registry.signals import dossiers_changed

USCC = "uscc"
BATCH = 900
ALIKE = 0.6
MERGERS = (Role.DISPATCHER, Role.OFFICE_HEAD)
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
    return any(_alike(name, record.name) for name in (held["name"], *known.merged_names))


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    first, second = (
        _NOT_WORDS.sub("", unicodedata.normalize("NFKC", text).casefold()) for text in (one, other)
    )
    if first == second or (first and second and (first in second or second in first)):
        return True
    return SequenceMatcher(None, first, second).ratio() >= ALIKE


parties_merged = Signal()
"""Sent after commit with ``kept_id``, ``duplicate_id`` and ``undone`` when two parties became one, or two again."""


def merge_parties(*, keep: Party, duplicate: Party, actor: User, reason: str) -> PartyMerge:
    """Make ``duplicate`` one with ``keep``: its rows and identifiers move, it stays as a pointer, and nothing is lost.

    Raises Forbidden without a role of the coordinating office or liaison, Refusal for parties that cannot be one.
    """
    require_role(actor, *MERGERS)
    if not reason.strip():
        raise Refusal(_("Give the reason of the merge."), field="reason")
    with transaction.atomic():
        kept, double = _locked_pair(keep, duplicate)
        moved: dict[str, Any] = {
            "rows": _repoint(double, kept),
            "identifiers": _move_identifiers(double, kept),
        }
        moved["filled"] = _fill_blanks(kept, double)
        double.merged_into = kept
        double.save(update_fields=["merged_into", "updated_at"])
        kept.save()
        SearchEntry.objects.filter(party=double).delete()
        merge = PartyMerge.objects.create(
            kept=kept, duplicate=double, moved=moved, reason=reason.strip()[:500], merged_by=actor
        )
        projects = _write_history(moved["rows"], kept, double, actor)
        record_event(
            actor=actor,
            verb="registry.parties_merged",
            subject=kept,
            summary=f"{double.name} → {kept.name}: {merge.reason}",
            data={"duplicate": double.pk, "rows": {path: len(ids) for path, ids in moved["rows"].items()}},
        )
        _announce(kept, double, projects, undone=False)
    return merge


def undo_merge(*, merge: PartyMerge, actor: User, reason: str) -> None:
    """Make two parties of one again: what the merge moved goes back, what was entered since stays with the kept one."""
    require_role(actor, *MERGERS)
    if not reason.strip():
        raise Refusal(_("Give the reason of the merge."), field="reason")
    with transaction.atomic():
        parties = {
            row.pk: row
            for row in Party.objects.select_for_update()
            .filter(pk__in=[merge.kept_id, merge.duplicate_id])
            .order_by("pk")
        }
        kept, double = parties[merge.kept_id], parties[merge.duplicate_id]
        if double.merged_into_id != kept.pk:
            raise Refusal(_("This merge was already undone."))
        for path, ids in merge.moved["rows"].items():
            _send_back(path, ids, kept, double)
        PartyIdentifier.objects.filter(pk__in=merge.moved["identifiers"], party=kept).update(party=double)
        for name, value in merge.moved["filled"].items():
            if getattr(kept, name) == value:
                setattr(kept, name, PLAN.defaults[PLAN.fields.index(name)])
        kept.save()
        double.merged_into = None
        double.save(update_fields=["merged_into", "updated_at"])
        projects = _write_history(merge.moved["rows"], double, kept, actor)
        record_event(
            actor=actor,
            verb="registry.merge_undone",
            subject=kept,
            summary=f"{kept.name} ⇸ {double.name}: {reason.strip()[:500]}",
            data={"duplicate": double.pk},
        )
        _announce(kept, double, projects, undone=True)


def _locked_pair(keep: Party, duplicate: Party) -> tuple[Party, Party]:
    if keep.pk == duplicate.pk:
        raise Refusal(_("A party cannot be merged with itself."), field="duplicate")
    rows = {
        row.pk: row
        for row in Party.objects.select_for_update().filter(pk__in=[keep.pk, duplicate.pk]).order_by("pk")
    }
    kept, double = rows[keep.pk], rows[duplicate.pk]
    if kept.merged_into_id or double.merged_into_id:
        raise Refusal(_("One of the two parties was already merged into another."), field="duplicate")
    if kept.uscc and double.uscc and kept.uscc != double.uscc:
        raise Refusal(
            _(
                "The two parties have different unified social credit codes (%(one)s, %(other)s): they are not one."
            )
            % {"one": kept.uscc, "other": double.uscc},
            field="duplicate",
        )
    return kept, double


def _party_columns() -> list[tuple[str, Any, str]]:
    """``(path, model, column)`` of every registry column that holds a party."""
    return [
        (f"{table}.{name}", TABLE_MODELS[table], plan.attnames[plan.fields.index(name)])
        for table in TABLE_MODELS
        if table != "parties"
        for plan in (plan_of(table),)
        for name in sorted(plan.parties)
    ]


def _repoint(double: Party, kept: Party) -> dict[str, list[int]]:
    """Move every row of the registry from one party to the other; path → primary keys."""
    moved: dict[str, list[int]] = {}
    for path, model, column in _party_columns():
        rows = model.objects.filter(**{column: double.pk})
        if ids := list(rows.values_list("pk", flat=True)):
            rows.update(**{column: kept.pk, "updated_at": timezone.now()})
            moved[path] = ids
    through = TABLE_MODELS["bids"].consortium.through  # type: ignore[attr-defined]
    shared = through.objects.filter(party_id=kept.pk).values("bid_id")
    if ids := list(
        through.objects.filter(party_id=double.pk).exclude(bid_id__in=shared).values_list("pk", flat=True)
    ):
        through.objects.filter(pk__in=ids).update(party_id=kept.pk)
        moved["bids.consortium"] = ids
    return moved


def _send_back(path: str, ids: list[int], kept: Party, double: Party) -> None:
    if path == "bids.consortium":
        through = TABLE_MODELS["bids"].consortium.through  # type: ignore[attr-defined]
        through.objects.filter(pk__in=ids, party_id=kept.pk).update(party_id=double.pk)
        return
    model, column = next((model, column) for name, model, column in _party_columns() if name == path)
    rows = model.objects.filter(pk__in=ids, **{column: kept.pk})
    rows.update(**{column: double.pk, "updated_at": timezone.now()})


def _move_identifiers(double: Party, kept: Party) -> list[int]:
    ids = list(double.identifiers.values_list("pk", flat=True))
    PartyIdentifier.objects.filter(pk__in=ids).update(party=kept)
    return ids


def _fill_blanks(kept: Party, double: Party) -> dict[str, Any]:
    filled = {}
    for name in PLAN.fields:
        value = getattr(double, name)
        if getattr(kept, name) in ("", None) and value not in ("", None):
            setattr(kept, name, value)
            filled[name] = value
    return filled


def _write_history(rows: dict[str, list[int]], kept: Party, double: Party, actor: User) -> list[int]:
    """One line in the history of each dossier whose rows moved; the projects' primary keys."""
    projects: set[int] = set()
    for path, ids in rows.items():
        table = path.split(".")[0]
        model: Any = TABLE_MODELS[table]
        if path == "bids.consortium":
            ids = list(model.consortium.through.objects.filter(pk__in=ids).values_list("bid_id", flat=True))
        column = "pk" if table == "projects" else "project_id"
        projects |= set(model.objects.filter(pk__in=ids).values_list(column, flat=True))
    RegistryChange.objects.bulk_create(
        [
            RegistryChange(
                project_id=pk,
                table="parties",
                source_key=kept.source_key,
                label=kept.name,
                action=ChangeAction.UPDATED,
                changes={"party": [double.name, kept.name]},
                actor=actor,
            )
            for pk in sorted(projects)
        ],
        batch_size=1000,
    )
    return sorted(projects)


def _announce(kept: Party, double: Party, projects: list[int], *, undone: bool) -> None:
    def send() -> None:
        parties_merged.send_robust(sender=Party, kept_id=kept.pk, duplicate_id=double.pk, undone=undone)
        dossiers_changed.send_robust(sender=Project, project_ids=projects)

    transaction.on_commit(send)
