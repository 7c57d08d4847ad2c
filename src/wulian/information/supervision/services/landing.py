"""What was told of a lot becomes rows of its dossier, with source and history, through the writer of the registry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from wulian.core.clocks.calendars import calendar
from wulian.exchange.events import Story, StoryRows
from wulian.exchange.records import DossierRecord, LotDossier, ProjectDossier, TenderDossier
from wulian.information.registry.models import Bid, Lot, Project
from wulian.information.registry.services.history import History
from wulian.information.registry.services.parties import PartyResolver
from wulian.information.registry.services.row_writer import RowWriter
from wulian.information.registry.services.rows import Plan
from wulian.information.registry.services.work import Work
from wulian.information.supervision.models import Room

TOLD = frozenset({"bids", "openings", "evaluations", "members", "scores", "objections", "candidates"})
"""Tables that an opening and evaluation speak about."""
_TABLES = ("tenders", "lots", "objections", "bids", "openings", "evaluations", "members", "scores", "candidates")  # fmt: skip


def land_story(*, room: Room, story: Story) -> bool:
    """Bring the lot's rows in line with the story, inside the caller's transaction; returns whether anything changed.

    Before the opening there is nothing to land: a row in the dossier would tell who bids (招标投标法 第二十二条).
    """
    if story.opened_at is None or room.system is None:
        return False
    lot = Lot.objects.select_related("tender", "project").get(pk=room.lot_id)
    # The whole project is one unit of the registry: another event or an import of it waits here.
    project = Project.objects.select_for_update().get(pk=lot.project_id)
    rows = story.rows(names=room.names_disclosed)
    history = History(run=None, actor=None)
    work = Work(_dossier(lot, rows, room.system.name), project=project)
    keys, changed = PartyResolver().resolve([(room.system.name, rows.parties, False)])
    work.party_of = keys[0]
    _use_keys_of_held_bids(work, lot, rows)
    work.lay_out(calendar())
    history.parties(project.pk, work.dossier, changed[0])
    work.changed = bool(changed[0])
    writer = _Adding([work], history, timezone.now())
    for table in _TABLES:
        writer.save_table(table)
    writer.save_consortia()
    writer.save_nodes()
    history.save()
    if work.changed:
        stage = max(work.stage, project.stage)
        Project.objects.filter(pk=project.pk).update(stage=stage, updated_at=timezone.now())
    return work.changed


class _Adding(RowWriter):
    """Rows of other lots and of other sources stay as they are; only items of scores that were replaced end."""

    def _end(self, plan: Plan, vanished: Iterable[Any]) -> None:
        if plan.table != "scores":
            return
        own = {entry.pk for work in self.active for entry in work.entries.get("evaluations", ())}
        super()._end(plan, [row for row in vanished if row.parent_pk in own])


def _dossier(lot: Lot, rows: StoryRows, source: str) -> DossierRecord:
    record = LotDossier(
        id=lot.source_key,
        name=lot.name,
        bids=rows.bids,
        opening=rows.opening,
        evaluation=rows.evaluation,
        objections=rows.objections,
        candidates=rows.candidates,
        nodes=rows.nodes,
    )
    tender = TenderDossier(id=lot.tender.source_key, name=lot.tender.name, lots=[record])
    project = ProjectDossier(id=lot.project.source_key, name=lot.project.name, tenders=[tender])
    return DossierRecord(
        source_system=source,
        source_id=lot.project.source_key,
        told=TOLD,
        parties=rows.parties,
        project=project,
    )


def _use_keys_of_held_bids(work: Work, lot: Lot, rows: StoryRows) -> None:
    """A bid that an import entered under another key is the same bid: it keeps the key it has."""
    held = dict(Bid.objects.filter(lot=lot, ended_at=None).values_list("tenderer_id", "source_key"))
    known = set(held.values())
    renamed = {}
    for bid in rows.bids:
        key = held.get(work.party_of[bid.tenderer])
        if key and bid.id not in known:
            renamed[bid.id], bid.id = key, key
    if renamed and rows.evaluation:
        for score in rows.evaluation.scores:
            score.bid = renamed.get(score.bid, score.bid)
