"""Brings files in: reads, enters chunk by chunk, and keeps count where everybody can see it."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal as ServiceRefusal
from wulian.core.files.folders import FileFolder, TooLarge
from wulian.core.files.uploads import Upload
from wulian.exchange.ocds import iterate_dossiers
from wulian.exchange.records import DossierRecord
from wulian.exchange.refusals import Refusal
from wulian.exchange.workbook import read_workbook, write_refusals, write_refusals_csv
from wulian.information.registry.choices import ImportKind, ImportState
from wulian.information.registry.models import ImportRefusal, ImportRun
from wulian.information.registry.permissions import IMPORTERS
from wulian.information.registry.services.upsert import upsert_dossiers

FOLDER: Final = FileFolder("uploads")
CHUNK = 200
LARGEST_UPLOAD = 200 * 1024 * 1024
MOST_REFUSALS = 10_000
"""Refusals beyond these are counted but not kept."""
ENDINGS = {".xlsx", ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".gz"}
MOST_NOTES = 20


def import_file(
    *,
    path: str | Path,
    kind: str | None = None,
    actor: User | None = None,
    run: ImportRun | None = None,
    source_system: str | None = None,
) -> ImportRun:
    """Take a file in and return its run with the counts; refusals are rows of the run, never exceptions.

    ``kind`` is one of ImportKind, or None to look at the content. Each chunk is a transaction of its own, so a long
    import shows its progress and one that is interrupted is simply started again: what is in is found unchanged.
    """
    path = Path(path)
    if run is None:
        run = ImportRun.objects.create(file_name=path.name[:300], actor=actor)
    reader = _Reader(run)
    try:
        _start(run, path, kind or detect_kind(path))
        reader.enter(_records(path, run.kind, reader, source_system))
        _finish(run, reader, ImportState.DONE)
    except OSError as error:
        run.message = _("The file cannot be read: %(reason)s") % {"reason": error.strerror or error}
        _finish(run, reader, ImportState.FAILED)
    except Exception as error:
        run.message = _("The import stopped at an unexpected error: %(reason)s") % {"reason": error}
        _finish(run, reader, ImportState.FAILED)
        raise
    return run


def enqueue_import(*, upload: Upload, actor: User) -> ImportRun:
    """Keep an uploaded file and queue its import; raises Forbidden by role, Refusal for a wrong size or type.

    A refused upload leaves nothing behind.
    """
    from wulian.information.registry.tasks import run_import

    require_role(actor, *IMPORTERS)
    name = Path(upload.name or "").name[:300]
    _check_upload(upload, name)
    place = _store(upload, Path(name).suffix.lower())
    try:
        with transaction.atomic():
            run = ImportRun.objects.create(
                file_name=name,
                file_path=f"{FOLDER.name}/{place}",
                actor=actor,
                size=upload.size or 0,
            )
            record_event(
                actor=actor, verb="registry.import_queued", subject=run, summary=name, data={"size": run.size}
            )
            run_import.enqueue(run.pk)
    except BaseException:
        FOLDER.remove(place)
        raise
    return run


def upload_folder() -> Path:
    """Where uploads wait and stay, under WULIAN_VAR, never served by the web server."""
    return FOLDER.path


def stored_path(run: ImportRun) -> Path:
    """The stored file of a run that came through the web."""
    return upload_folder().parent / run.file_path


def refusal_report(run: ImportRun, *, format: str = "xlsx") -> bytes:
    """The refusals of a run as a workbook or CSV, in Chinese, with formulas neutralised."""
    stream = io.BytesIO()
    refusals = (
        Refusal(row.row_no, row.record_id, row.column, row.message, row.raw, row.sheet)
        for row in run.refusals.iterator(chunk_size=1000)
    )
    write = {"xlsx": write_refusals, "csv": write_refusals_csv}[format]
    write(refusals, stream)
    return stream.getvalue()


def detect_kind(path: Path) -> str:
    """What a file is by its first bytes, then by its name."""
    with path.open("rb") as stream:
        start = stream.read(512)
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return ImportKind.WORKBOOK
    if start.startswith(b"\x1f\x8b") or text[:1] in (b"{", b"["):
        return ImportKind.OCDS
    return ImportKind.CSV if path.suffix.lower() in (".csv", ".tsv", ".txt") else ImportKind.OCDS


def _records(
    path: Path, kind: str, reader: _Reader, source_system: str | None
) -> Iterator[DossierRecord | Refusal]:
    if kind == ImportKind.OCDS:
        return iterate_dossiers(path, source_system=source_system, progress=reader.saw_bytes)
    if source_system:
        return read_workbook(path, source_system=source_system)
    return read_workbook(path)


@dataclass
class _Reader:
    """Enters records chunk by chunk and keeps the run's numbers true after each."""

    run: ImportRun
    bytes_read: int = 0
    kept: int = 0
    older: int = 0
    notes: list[str] = field(default_factory=list)
    note_count: int = 0
    _refused: set[str] = field(default_factory=set)

    def saw_bytes(self, count: int) -> None:
        self.bytes_read = count

    def enter(self, records: Iterator[DossierRecord | Refusal]) -> None:
        chunk: list[DossierRecord] = []
        refusals: list[Refusal] = []
        for record in records:
            if isinstance(record, Refusal):
                refusals.append(record)
            else:
                chunk.append(record)
            if len(chunk) + len(refusals) >= CHUNK:
                self._save(chunk, refusals)
                chunk, refusals = [], []
        self._save(chunk, refusals)

    def _save(self, chunk: list[DossierRecord], refusals: list[Refusal]) -> None:
        outcomes = upsert_dossiers(dossiers=chunk, run=self.run, actor=self.run.actor) if chunk else []
        for dossier, outcome in zip(chunk, outcomes, strict=True):
            if outcome.action == "refused":
                refusals.append(Refusal(None, dossier.source_id, "", outcome.note))
                continue
            count = f"{outcome.action}_count"
            setattr(self.run, count, getattr(self.run, count) + 1)
            self.older += bool(outcome.note)
            self._note(dossier)
        self._refuse(refusals)
        self.run.bytes_read = self.bytes_read
        self.run.save(
            update_fields=["bytes_read", "created_count", "updated_count", "unchanged_count", "refused_count"]
        )

    def _refuse(self, refusals: list[Refusal]) -> None:
        for refusal in refusals:
            # A project with five bad cells is one refused dossier with five reasons.
            name = refusal.record_id
            self.run.refused_count += not (name and name in self._refused)
            if name and len(self._refused) < MOST_REFUSALS:
                self._refused.add(name)
        keep = refusals[: max(0, MOST_REFUSALS - self.kept)]
        self.kept += len(keep)
        ImportRefusal.objects.bulk_create(
            [_refusal_row(self.run, refusal) for refusal in keep], batch_size=500
        )

    def _note(self, dossier: DossierRecord) -> None:
        self.note_count += len(dossier.notes)
        room = MOST_NOTES - len(self.notes)
        self.notes += [f"{dossier.source_id}: {note}" for note in dossier.notes[: max(0, room)]]

    def message(self) -> str:
        """What the reader rounded or left out, and how many releases were older than what is held."""
        lines = []
        if self.older:
            lines.append(_("%(count)s older releases were ignored.") % {"count": self.older})
        if self.note_count:
            lines.append(_("%(count)s values were rounded or left out:") % {"count": self.note_count})
            lines += self.notes
        return "\n".join(lines)


def _refusal_row(run: ImportRun, refusal: Refusal) -> ImportRefusal:
    return ImportRefusal(
        run=run,
        sheet=refusal.sheet[:100],
        row_no=refusal.row_no,
        record_id=refusal.record_id[:300],
        column=refusal.column[:300],
        message=refusal.message,
        raw=refusal.raw,
    )


def _start(run: ImportRun, path: Path, kind: str) -> None:
    run.kind = kind
    run.size = path.stat().st_size
    run.file_hash = _digest(path)
    run.state, run.started_at = ImportState.RUNNING, timezone.now()
    run.bytes_read = run.created_count = run.updated_count = run.unchanged_count = run.refused_count = 0
    run.message = ""
    run.refusals.all().delete()
    run.save()


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _finish(run: ImportRun, reader: _Reader, state: ImportState) -> None:
    run.state, run.finished_at = state, timezone.now()
    if state == ImportState.DONE:
        run.bytes_read = run.size
    run.message = run.message or reader.message()
    counts = {name: getattr(run, f"{name}_count") for name in ("created", "updated", "unchanged", "refused")}
    with transaction.atomic():
        run.save()
        record_event(
            actor=run.actor,
            verb="registry.imported",
            subject=run,
            summary=f"{run.file_name}: {counts_line(run)}",
            data={"file_hash": run.file_hash, "state": str(run.state), **counts},
        )


def counts_line(run: ImportRun, *, english: bool = False) -> str:
    """The one line of counts: 新增 1 更新 2 未变 3 拒绝 4."""
    words = ("new", "updated", "unchanged", "refused") if english else ("新增", "更新", "未变", "拒绝")
    numbers: tuple[Any, ...] = (run.created_count, run.updated_count, run.unchanged_count, run.refused_count)
    return " ".join(f"{word} {number}" for word, number in zip(words, numbers, strict=True))


def _check_upload(upload: Upload, name: str) -> None:
    if Path(name).suffix.lower() not in ENDINGS:
        raise ServiceRefusal(
            _("This type of file cannot be imported; expected: %(endings)s.")
            % {"endings": " ".join(sorted(ENDINGS))},
            field="upload",
        )
    if not upload.size:
        raise ServiceRefusal(_("The file is empty."), field="upload")
    if upload.size > LARGEST_UPLOAD:
        limit = LARGEST_UPLOAD // 1024 // 1024
        raise ServiceRefusal(
            _("The file is too large; at most %(limit)s MiB.") % {"limit": limit}, field="upload"
        )


def _store(upload: Upload, ending: str) -> str:
    try:
        return FOLDER.store(upload.chunks(), suffix=ending, limit=LARGEST_UPLOAD).name
    except TooLarge:
        raise ServiceRefusal(_("The file is too large."), field="upload") from None
