"""归档: the file with its table of contents, and everything in it as one bundle (投诉处理办法 第二十三条 [M]; REFERENCE CH-15, W44)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.casework.handling.choices import Stage
from wulian.casework.handling.models import (
    Commission,
    ComplaintDecision,
    EvidenceItem,
    Interview,
    Publication,
    TenderSuspension,
)
from wulian.casework.handling.services import clocks, papers
from wulian.casework.intake.models import Complaint
from wulian.casework.intake.services.guards import require_authority
from wulian.core.accounts.choices import Role
from wulian.core.accounts.guards import require_role
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.documents import storage
from wulian.core.documents.catalogue import chinese_date
from wulian.core.documents.models import EnforcementDocument
from wulian.core.files.models import StoredFile
from wulian.core.files.services import read_working_copy
from wulian.core.procedures.services import apply_event, check_event
from wulian.crypto import hexdigest

if TYPE_CHECKING:
    from wulian.core.accounts.models import User

READERS = (
    Role.CASE_OFFICER,
    Role.SECTION_HEAD,
    Role.AUTHORITY_HEAD,
    Role.LEGAL_REVIEWER,
    Role.OFFICE_HEAD,
    Role.DISCIPLINE,
)
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Time of every entry of a bundle, so that the same file gives the same bytes."""


@dataclass(frozen=True)
class Leaf:
    """One thing in the file: where it lies in the bundle, what it is, its day, its SM3, and how it is read."""

    name: str
    title: str
    day: str
    sm3: str
    read: Callable[[], bytes]


def archive_complaint(*, actor: User, complaint: Complaint, note: str = "") -> EnforcementDocument:
    """Close the file (→ C90) with its 案卷目录 (W44), each leaf with its SM3.

    Raises Refusal while a suspension of the tender is in force, a decided complaint has no published result, or a penalty that was
    found due has no case: the decision replaces no penalty (REFERENCE D.6, invariants).
    """
    require_authority(actor, complaint)
    check_event(subject=complaint, event="archive", actor=actor, note=note)
    _check_complete(complaint)
    with transaction.atomic():
        document = papers.issue_general(
            complaint,
            "W44",
            actor=actor,
            fields={
                "归档日期": chinese_date(timezone.localdate()),
                "件数": str(len(leaves_of(complaint, actor))),
            },
            body=contents(complaint, actor),
        )
        apply_event(
            subject=complaint,
            event="archive",
            actor=actor,
            note=note,
            data={"document": document.document_no},
            verb="handling.archived",
        )
        clocks.stop(complaint, clocks.ARCHIVE, actor)
    return document


def contents(complaint: Complaint, actor: User) -> list[str]:
    """The table of contents, one line a leaf."""
    rows = leaves_of(complaint, actor)
    return [f"{n}．{leaf.title}　{leaf.day}　SM3：{leaf.sm3}" for n, leaf in enumerate(rows, 1)]


def leaves_of(complaint: Complaint, actor: User) -> list[Leaf]:
    """Everything in the file in the order of time: documents as Word and PDF, then evidence, records and reports with their files."""
    found: list[Leaf] = []
    documents = EnforcementDocument.objects.for_object(complaint).order_by("id")
    for n, document in enumerate(documents, 1):
        day = timezone.localdate(document.issued_at).isoformat()
        for kind in ("pdf", "docx"):
            path, digest = getattr(document, f"{kind}_path"), getattr(document, f"{kind}_hash")
            found.append(
                Leaf(f"01-文书/{n:03d}-{document.title}{document.document_no}.{kind}",
                     f"{document.title}（{document.document_no}，{kind.upper()}）", day, digest,
                     lambda path=path: storage.read(path))  # type: ignore[misc]
            )  # fmt: skip
    for n, (file, label) in enumerate(_files_of(complaint), 1):
        found.append(
            Leaf(f"02-证据/{n:03d}-{_safe(file.title)}", f"{label}：{file.title}",
                 timezone.localdate(file.added_at).isoformat(), file.working_sm3,
                 lambda file=file: read_working_copy(file=file, actor=actor))  # type: ignore[misc]
        )  # fmt: skip
    return found


def bundle(*, actor: User, complaint: Complaint) -> bytes:
    """Return the file as a ZIP with `SM3SUMS.txt`; the same file gives the same bytes, and taking it is written down.

    Raises Forbidden for others than the authority's people and oversight, Refusal naming a leaf whose SM3 is not that of the list.
    """
    require_role(actor, *READERS)
    if not Complaint.objects.visible_to(actor).filter(pk=complaint.pk).exists():
        raise Refusal(_("You may not see this matter."))
    rows = leaves_of(complaint, actor)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for leaf in rows:
            content = leaf.read()
            if hexdigest(content) != leaf.sm3:
                raise Refusal(_("%(name)s is not what was stored: its SM3 digest differs.") % {"name": leaf.title})  # fmt: skip
            _write(archive, leaf.name, content)
        sums = "".join(f"{leaf.sm3}  {leaf.name}\n" for leaf in rows)
        _write(archive, "SM3SUMS.txt", sums.encode())
    data = out.getvalue()
    record_event(
        actor=actor,
        verb="handling.bundle_taken",
        subject=complaint,
        summary=complaint.number,
        data={"sm3": hexdigest(data), "leaves": len(rows)},
    )
    return data


def what_is_missing(complaint: Complaint) -> list[str]:
    """Return why the file cannot be closed yet, in words; empty when it can."""
    missing = []
    if TenderSuspension.objects.of(complaint).in_force().exists():
        missing.append(_("The suspension of the tender is still in force; lift it first."))
    decision = ComplaintDecision.objects.of(complaint).select_related("report").first()
    if complaint.state == Stage.PUBLISHED:
        if not Publication.objects.of(complaint).public().exists():
            missing.append(_("The result has not been published yet."))
        if decision is not None and decision.report.punishable and decision.case_id is None:
            missing.append(_("A penalty was found due, but no case is linked; the decision does not replace it."))  # fmt: skip
    return missing


def _check_complete(complaint: Complaint) -> None:
    if missing := what_is_missing(complaint):
        raise Refusal(" ".join(missing), field="state")


def _files_of(complaint: Complaint) -> list[tuple[StoredFile, str]]:
    """The files of the complaint itself and of what hangs from it, each with what it belongs to."""
    groups: list[tuple[type, dict[int, str]]] = [
        (Complaint, {complaint.pk: _("Handed in with the complaint")}),
        (EvidenceItem, {row.pk: str(row) for row in EvidenceItem.objects.of(complaint)}),
        (Interview, {row.pk: f"询问笔录 {row.interviewee}" for row in Interview.objects.of(complaint)}),
        (Commission, {row.pk: f"{row.institute} {row.report_no}" for row in Commission.objects.of(complaint)}),
    ]  # fmt: skip
    found = []
    for model, labels in groups:
        kind = ContentType.objects.get_for_model(model)
        rows = StoredFile.objects.filter(content_type=kind, object_id__in=labels).order_by("id")
        found += [(row, labels[row.object_id]) for row in rows]
    return found


def _safe(name: str) -> str:
    return "".join("_" if sign in '/\\:*?"<>|' or ord(sign) < 32 else sign for sign in name)[-120:]


def _write(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    archive.writestr(entry, content)
