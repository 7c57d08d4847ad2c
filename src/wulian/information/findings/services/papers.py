"""Papers: taking them in, reading and scanning them, giving them back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.analysis.clauses import Hit, scan
from wulian.analysis.documents import Document, UnreadableDocument, check_document, read_document
from wulian.core.accounts.guards import require_role
from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Forbidden, Refusal
from wulian.information.findings import storage
from wulian.information.findings.choices import PaperKind, ScanState
from wulian.information.findings.models import Finding, Paper, PaperPage
from wulian.information.findings.permissions import UPLOADERS
from wulian.information.findings.selectors import patterns_off
from wulian.information.registry.models import Lot

_GIVEN_UP: Final = timedelta(minutes=15)
"""A paper still being read after this long has lost its worker."""


def attach_paper(*, lot: Lot, kind: str, upload: storage.Upload, actor: User) -> Paper:
    """Keep a file with a lot and queue its scan.

    Raises Forbidden by role or scope; Refusal for a size, type or content that is not read, and for a file that the lot has
    already. A refused upload leaves nothing behind.
    """
    from wulian.information.findings.tasks import scan_in_background

    require_role(actor, *UPLOADERS)
    if not Lot.objects.visible_to(actor).filter(pk=lot.pk).exists():
        raise Forbidden(_("This lot is not one of your department's."))
    if kind not in PaperKind.values:
        raise Refusal(_("Kind of paper: choose one of the list."), field="kind")
    name = Path((upload.name or "").replace("\\", "/")).name[:200]
    place = storage.store(upload)
    try:
        paper = Paper(
            project_id=lot.project_id,
            lot=lot,
            kind=kind,
            file_name=name,
            file_path=place,
            format=_checked_format(place),
            size=(storage.folder() / place).stat().st_size,
            sm3=storage.digest(place),
            uploaded_by=actor,
        )
        with transaction.atomic():
            _save_once(paper)
            record_event(
                actor=actor,
                verb="findings.paper_attached",
                subject=paper,
                summary=f"{lot}：{name}",
                data={"size": paper.size, "sm3": paper.sm3, "kind": kind},
            )
            scan_in_background.enqueue(paper.pk)
    except BaseException:
        storage.remove(place)
        raise
    return paper


def _checked_format(place: str) -> str:
    try:
        return check_document(storage.folder() / place)
    except UnreadableDocument as error:
        raise Refusal(error.message, field="upload") from None


def _save_once(paper: Paper) -> None:
    twin = Paper.objects.filter(lot=paper.lot_id, sm3=paper.sm3).exclude(state=ScanState.REFUSED).first()
    message = _("File: this lot has it already, as “%(name)s”.") % {"name": twin or paper.file_name}
    if twin:
        raise Refusal(message, field="upload")
    try:
        with transaction.atomic():
            paper.save()
    except IntegrityError:
        raise Refusal(message, field="upload") from None


def scan_paper(*, paper_id: int) -> int:
    """Read and scan a waiting paper; return how many findings it has. A refused file is removed, its reason stays.

    Judged findings outlive a new scan; open ones that are no longer found are dropped.
    """
    claimed = Paper.objects.filter(pk=paper_id, state=ScanState.WAITING).update(
        state=ScanState.READING, started_at=timezone.now(), pages_read=0, message=""
    )
    if not claimed:
        return 0
    paper = Paper.objects.get(pk=paper_id)

    def progress(done: int, total: int) -> None:
        Paper.objects.filter(pk=paper_id).update(pages_read=done, page_count=total)

    try:
        document = read_document(storage.folder() / paper.file_path, progress=progress)
        hits = scan(document, disabled=patterns_off())
    except UnreadableDocument as error:
        _refuse(paper, error)
        return 0
    except Exception as error:
        Paper.objects.filter(pk=paper_id).update(state=ScanState.FAILED, message=str(error)[:500])
        raise
    return _keep(paper, document, hits)


def _refuse(paper: Paper, error: UnreadableDocument) -> None:
    place = paper.file_path
    with transaction.atomic():
        paper.state, paper.message, paper.file_path = ScanState.REFUSED, error.message, ""
        paper.save(update_fields=["state", "message", "file_path"])
        record_event(
            actor=None,
            verb="findings.paper_refused",
            subject=paper,
            summary=f"{paper.file_name}：{error.message}",
            data={"code": error.code, "sm3": paper.sm3},
        )
    storage.remove(place)


@transaction.atomic
def _keep(paper: Paper, document: Document, hits: list[Hit]) -> int:
    paper.pages.all().delete()
    PaperPage.objects.bulk_create(
        [
            PaperPage(paper=paper, number=page.number, paragraphs=[asdict(item) for item in page.paragraphs])
            for page in document.pages
        ],
        batch_size=50,
    )
    paper.findings.open().delete()  # type: ignore[attr-defined]
    judged = {(item.class_code, item.paragraph, item.clause_text) for item in paper.findings.all()}
    Finding.objects.bulk_create(
        [
            _finding(paper, hit)
            for hit in hits
            if (hit.class_code, hit.paragraph, hit.clause_text) not in judged
        ],
        batch_size=200,
    )
    paper.state, paper.scanned_at = ScanState.DONE, timezone.now()
    paper.format, paper.notes = document.format, list(document.notes)
    paper.approximate_pages = document.approximate_pages
    paper.page_count = paper.pages_read = max((page.number for page in document.pages), default=0)
    paper.save()
    count = paper.findings.count()
    record_event(
        actor=None,
        verb="findings.paper_scanned",
        subject=paper,
        summary=paper.file_name,
        data={"findings": count, "pages": paper.page_count, "sm3": paper.sm3},
    )
    return count


def _finding(paper: Paper, hit: Hit) -> Finding:
    return Finding(
        paper=paper,
        project_id=paper.project_id,
        lot_id=paper.lot_id,
        pattern_id=hit.pattern_id,
        class_code=hit.class_code,
        rule_id=hit.rule,
        weight=hit.weight,
        clause_text=hit.clause_text,
        page=hit.page,
        paragraph=hit.paragraph,
        spans=[asdict(span) for span in hit.spans],
        trigger=[asdict(span) for span in hit.trigger],
        lead=hit.lead,
        doubts=list(hit.doubts),
        others=list(hit.others),
    )


def rescan_paper(*, paper: Paper, actor: User) -> Paper:
    """Queue a new scan with the patterns in use now; raises Refusal while one runs, Forbidden by role."""
    from wulian.information.findings.tasks import scan_in_background

    require_role(actor, *UPLOADERS)
    lost = Q(state=ScanState.READING, started_at__lt=timezone.now() - _GIVEN_UP)
    with transaction.atomic():
        ready = Paper.objects.visible_to(actor).filter(
            Q(state__in=(ScanState.DONE, ScanState.FAILED)) | lost, pk=paper.pk
        )
        if not ready.update(state=ScanState.WAITING, pages_read=0, message=""):
            raise Refusal(_("This file is waiting for its scan, or was refused."))
        record_event(actor=actor, verb="findings.paper_rescanned", subject=paper, summary=paper.file_name)
        scan_in_background.enqueue(paper.pk)
    paper.refresh_from_db()
    return paper


def read_paper(*, paper: Paper, actor: User) -> bytes:
    """Return the file as it was uploaded and write down who took it; raises Refusal when it is gone or was altered."""
    path = storage.folder() / paper.file_path
    if not paper.file_path or not path.is_file():
        raise Refusal(_("The file of this paper is not kept."))
    if storage.digest(paper.file_path) != paper.sm3:
        raise Refusal(_("The file is not what was uploaded: its SM3 digest differs."))
    record_event(
        actor=actor,
        verb="findings.paper_read",
        subject=paper,
        summary=paper.file_name,
        data={"sm3": paper.sm3},
    )
    return path.read_bytes()
