"""Takes dossiers in, many at a time: new rows entered, changed rows updated, vanished rows ended, all in the history."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import DatabaseError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.models import User
from wulian.core.clocks.calendars import calendar
from wulian.exchange.records import TABLES, DossierRecord
from wulian.information.registry.models import (
    ImportRun,
    Project,
)
from wulian.information.registry.services.history import History
from wulian.information.registry.services.parties import PartyResolver
from wulian.information.registry.services.row_writer import RowWriter
from wulian.information.registry.services.rows import Plan, build, field_name, plan_of
from wulian.information.registry.services.work import Outcome, Work
from wulian.information.registry.signals import dossiers_changed

BATCH = 1000
ROW_TABLES = tuple(table for table in TABLES if table not in ("parties", "projects", "nodes"))


def upsert_dossiers(
    *, dossiers: Sequence[DossierRecord], run: ImportRun | None = None, actor: User | None = None
) -> list[Outcome]:
    """Take a batch of dossiers in, one transaction for all; the outcomes in the same order.

    A dossier with the project code or the source and key of one that is held updates it, unless its release is older
    or the same. When the database refuses the batch, each dossier is tried alone and only the failing ones are refused.
    ``dossiers_changed`` is sent after commit.
    """
    outcomes: list[Outcome | None] = [None] * len(dossiers)
    for wave in _waves(dossiers):
        batch = [dossiers[index] for index in wave]
        try:
            with transaction.atomic():
                results = _Batch(batch, run, actor).save()
        except DatabaseError:
            results = [_alone(dossier, run, actor) for dossier in batch]
        for index, outcome in zip(wave, results, strict=True):
            outcomes[index] = outcome
    return [outcome for outcome in outcomes if outcome is not None]


def _alone(dossier: DossierRecord, run: ImportRun | None, actor: User | None) -> Outcome:
    try:
        with transaction.atomic():
            return _Batch([dossier], run, actor).save()[0]
    except DatabaseError as error:
        reason = " ".join(str(error).split())[:500]
        return Outcome("refused", note=_("The database refused this record: %(reason)s") % {"reason": reason})


def _waves(dossiers: Sequence[DossierRecord]) -> list[list[int]]:
    """Split a batch so that no two dossiers of one wave can be the same project."""
    waves: list[list[int]] = []
    last: dict[tuple[str, str], int] = {}
    for index, dossier in enumerate(dossiers):
        names = [(dossier.source_system, dossier.source_id)]
        if dossier.project.project_code:
            names.append(("", dossier.project.project_code))
        wave = 1 + max(last.get(name, -1) for name in names)
        if wave == len(waves):
            waves.append([])
        waves[wave].append(index)
        last.update(dict.fromkeys(names, wave))
    return waves


class _Batch:
    """The dossiers of one transaction; no two of them are the same project."""

    def __init__(self, dossiers: Sequence[DossierRecord], run: ImportRun | None, actor: User | None) -> None:
        self.works = [Work(dossier) for dossier in dossiers]
        self.now = timezone.now()
        self.history = History(run=run, actor=actor)

    def save(self) -> list[Outcome]:
        self._find_projects()
        active = [work for work in self.works if work.outcome is None]
        if active:
            self._save_active(active)
        return [work.outcome or Outcome("unchanged", work.project_id) for work in self.works]

    def _save_active(self, active: list[Work]) -> None:
        self._resolve_parties(active)
        in_force = calendar()
        for work in active:
            work.lay_out(in_force)
        self._save_projects(active)
        writer = RowWriter(active, self.history, self.now)
        for table in ROW_TABLES:
            writer.save_table(table)
        writer.save_consortia()
        writer.save_nodes()
        for work in active:
            if work.outcome is None:
                work.outcome = Outcome("updated" if work.changed else "unchanged", work.project_id)
        self.history.save()
        touched = [work.project_id or 0 for work in active if work.changed]
        if touched:
            Project.objects.filter(pk__in=touched).update(updated_at=self.now)
            transaction.on_commit(lambda: dossiers_changed.send_robust(sender=Project, project_ids=touched))

    def _find_projects(self) -> None:
        """Find the project that each dossier is about, and settle those that need no further work."""
        query = models.Q()
        by_system: dict[str, list[str]] = {}
        for work in self.works:
            by_system.setdefault(work.dossier.source_system, []).append(work.dossier.source_id)
        for system, keys in by_system.items():
            query |= models.Q(source_system=system, source_key__in=keys)
        codes = [
            work.dossier.project.project_code for work in self.works if work.dossier.project.project_code
        ]
        if codes:
            query |= models.Q(project_code__in=codes)
        rows = list(Project.objects.select_for_update().filter(query).order_by("pk"))
        of_source = {(row.source_system, row.source_key): row for row in rows}
        of_code = {row.project_code: row for row in rows if row.project_code}
        for work in self.works:
            dossier = work.dossier
            own = of_source.get((dossier.source_system, dossier.source_id))
            coded = of_code.get(dossier.project.project_code) if dossier.project.project_code else None
            if own and coded and own.pk != coded.pk:
                work.outcome = Outcome("refused", note=_code_clash(dossier, coded))
                continue
            work.project = coded or own
            work.foreign = own is None and coded is not None
            if own is not None:
                work.outcome = _settled(own, dossier)

    def _save_projects(self, active: list[Work]) -> None:
        plan = plan_of("projects")
        names = ("source_system", "source_key", "released_at", "raw_hash", "stage", *plan.attnames)
        fresh = []
        for work in active:
            if work.project is None:
                dossier = work.dossier
                head = (
                    dossier.source_system,
                    dossier.source_id,
                    dossier.released_at,
                    dossier.raw_hash,
                    work.stage,
                )
                work.project = build(Project, names, (*head, *plan.values(dossier.project, work.party_of)))
                work.outcome = Outcome("created")
                fresh.append(work.project)
        Project.objects.bulk_create(fresh, batch_size=BATCH)
        self._update_projects([work for work in active if not work.is_new], plan)
        for work in active:
            if work.is_new and work.outcome:
                work.outcome.project_id = work.project_id
                work.changed = True
                self.history.entered(work.project_id, work.dossier)

    def _update_projects(self, works: list[Work], plan: Plan) -> None:
        touched = []
        for work in works:
            project, dossier = work.project, work.dossier
            assert project is not None
            new = plan.values(dossier.project, work.party_of)
            changes = {}
            for name, value in zip(plan.attnames, new, strict=True):
                old = getattr(project, name)
                # Another source's project file only fills what is blank.
                if value != old and work.tells("projects") and (not work.foreign or old in ("", None)):
                    setattr(project, name, value)
                    changes[name] = [old, value]
            if changes:
                work.changed = True
                self.history.updated("projects", project.pk, dossier, dossier.project, changes)
            if not work.foreign:
                project.released_at = dossier.released_at or project.released_at
                project.raw_hash = dossier.raw_hash
            project.stage = max(work.stage, project.stage) if work.foreign or dossier.told else work.stage
            touched.append(project)
        fields = [*plan.attnames, "released_at", "raw_hash", "stage"]
        # The foreign keys go by their field names here.
        Project.objects.bulk_update(touched, [field_name(Project, name) for name in fields], batch_size=100)

    def _resolve_parties(self, active: list[Work]) -> None:
        batches = [
            (work.dossier.source_system, work.dossier.parties, work.project is not None and not work.foreign)
            for work in active
        ]
        keys, changed = PartyResolver().resolve(batches)
        for work, party_of, changes in zip(active, keys, changed, strict=True):
            work.party_of = party_of
            if work.project is not None:
                work.changed = work.changed or bool(changes)
                self.history.parties(work.project.pk, work.dossier, changes)


def _settled(project: Project, dossier: DossierRecord) -> Outcome | None:
    """The outcome when there is nothing to do: the same release again, or an older one."""
    if dossier.raw_hash and dossier.raw_hash == project.raw_hash:
        return Outcome("unchanged", project.pk)
    if dossier.released_at and project.released_at and dossier.released_at < project.released_at:
        return Outcome("unchanged", project.pk, _("Older release ignored."))
    return None


def _code_clash(dossier: DossierRecord, other: Project) -> str:
    return _(
        "Project code %(code)s already belongs to the dossier “%(name)s” (%(source)s): correct the code, or that dossier."
    ) % {
        "code": dossier.project.project_code,
        "name": other.name,
        "source": f"{other.source_system} {other.source_key}",
    }
