"""Makes two parties that turn out to be one into one, without losing a row, and two again when that was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.choices import Role
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
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

MERGERS = (Role.DISPATCHER, Role.OFFICE_HEAD)
PLAN = plan_of("parties")

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


@dataclass(frozen=True)
class MergePreview:
    """What a merge would do: ``(table.column, rows)`` that move, identifiers that move, blanks that are filled."""

    rows: list[tuple[str, int]]
    identifiers: list[PartyIdentifier]
    filled: dict[str, Any]
    obstacle: str

    @property
    def total(self) -> int:
        return sum(count for _path, count in self.rows)


def preview_merge(*, keep: Party, duplicate: Party) -> MergePreview:
    """What :func:`merge_parties` would move, or why it would refuse; changes nothing; about twenty queries."""
    counts = [
        (path, model.objects.filter(**{column: duplicate.pk}).count())
        for path, model, column in _party_columns()
    ]
    counts.append(("bids.consortium", _consortium_rows(duplicate, keep).count()))
    try:
        _refuse_unlike(keep, duplicate)
        obstacle = ""
    except Refusal as refusal:
        obstacle = refusal.message
    return MergePreview(
        rows=[(path, count) for path, count in counts if count],
        identifiers=list(duplicate.identifiers.order_by("scheme", "value")),
        filled=_blanks_filled(keep, duplicate),
        obstacle=obstacle,
    )


def undo_merge(*, merge: PartyMerge, actor: User, reason: str) -> None:
    """Make two parties of one again: what the merge moved goes back, what was entered since stays with the kept one."""
    require_role(actor, *MERGERS)
    if not reason.strip():
        raise Refusal(_("Give the reason for undoing the merge."), field="reason")
    with transaction.atomic():
        parties = {
            row.pk: row
            for row in Party.objects.select_for_update()
            .filter(pk__in=[merge.kept_id, merge.duplicate_id])
            .order_by("pk")
        }
        kept, double = parties[merge.kept_id], parties[merge.duplicate_id]
        later = PartyMerge.objects.filter(duplicate=double, pk__gt=merge.pk)
        if double.merged_into_id != kept.pk or later.exists():
            raise Refusal(_("This merge was already undone."))
        if kept.merged_into_id:
            raise Refusal(
                _("%(name)s was itself merged into another party since; undo that merge first.")
                % {"name": kept.name}
            )
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
    rows = {
        row.pk: row
        for row in Party.objects.select_for_update().filter(pk__in=[keep.pk, duplicate.pk]).order_by("pk")
    }
    kept, double = rows[keep.pk], rows[duplicate.pk]
    _refuse_unlike(kept, double)
    return kept, double


def _refuse_unlike(kept: Party, double: Party) -> None:
    if kept.pk == double.pk:
        raise Refusal(_("A party cannot be merged with itself."), field="duplicate")
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
    if ids := list(_consortium_rows(double, kept).values_list("pk", flat=True)):
        _consortium().filter(pk__in=ids).update(party_id=kept.pk)
        moved["bids.consortium"] = ids
    return moved


def _consortium() -> Any:
    return TABLE_MODELS["bids"].consortium.through.objects  # type: ignore[attr-defined]


def _consortium_rows(double: Party, kept: Party) -> Any:
    """Memberships of the one in consortia of which the other is no member yet."""
    shared = _consortium().filter(party_id=kept.pk).values("bid_id")
    return _consortium().filter(party_id=double.pk).exclude(bid_id__in=shared)


def _send_back(path: str, ids: list[int], kept: Party, double: Party) -> None:
    if path == "bids.consortium":
        _consortium().filter(pk__in=ids, party_id=kept.pk).update(party_id=double.pk)
        return
    model, column = next((model, column) for name, model, column in _party_columns() if name == path)
    rows = model.objects.filter(pk__in=ids, **{column: kept.pk})
    rows.update(**{column: double.pk, "updated_at": timezone.now()})


def _move_identifiers(double: Party, kept: Party) -> list[int]:
    ids = list(double.identifiers.values_list("pk", flat=True))
    PartyIdentifier.objects.filter(pk__in=ids).update(party=kept)
    return ids


def _blanks_filled(kept: Party, double: Party) -> dict[str, Any]:
    return {
        name: getattr(double, name)
        for name in PLAN.fields
        if getattr(kept, name) in ("", None) and getattr(double, name) not in ("", None)
    }


def _fill_blanks(kept: Party, double: Party) -> dict[str, Any]:
    filled = _blanks_filled(kept, double)
    for name, value in filled.items():
        setattr(kept, name, value)
    return filled


def _write_history(rows: dict[str, list[int]], kept: Party, double: Party, actor: User) -> list[int]:
    """One line in the history of each dossier whose rows moved; the projects' primary keys."""
    projects: set[int] = set()
    for path, ids in rows.items():
        table = path.split(".")[0]
        model: Any = TABLE_MODELS[table]
        if path == "bids.consortium":
            ids = list(_consortium().filter(pk__in=ids).values_list("bid_id", flat=True))
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
