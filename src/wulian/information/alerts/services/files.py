"""Papers behind an answer: files checked by what they are, kept with their SM3 digest, and papers of the dossier."""

from __future__ import annotations

import io
import os
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.crypto import hexdigest
from wulian.information.alerts.models import Attachment
from wulian.information.alerts.papers import Paper
from wulian.information.alerts.parameters import ATTACHMENT_MAX_BYTES, ATTACHMENTS_AT_ONCE

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADS: Final = {
    b"%PDF-": ((".pdf",), "application/pdf"),
    b"\x89PNG\r\n\x1a\n": ((".png",), "image/png"),
    b"\xff\xd8\xff": ((".jpg", ".jpeg"), "image/jpeg"),
    _OLE: ((".doc", ".xls"), "application/x-ole-storage"),
}
# A member that only this kind of ZIP file has.
_INSIDE: Final = {
    "word/document.xml": (".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xl/workbook.xml": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "OFD.xml": (".ofd", "application/ofd"),
}
ACCEPTED: Final = (".pdf", ".ofd", ".doc", ".docx", ".xls", ".xlsx", ".png", ".jpg", ".jpeg", ".txt", ".csv")


class Upload(Protocol):
    """A file as a form hands it over."""

    name: str
    size: int

    def read(self) -> bytes: ...


@dataclass(frozen=True)
class Checked:
    """A file that may be kept."""

    name: str
    data: bytes
    media_type: str


def check_uploads(uploads: Iterable[Upload]) -> list[Checked]:
    """Return what may be kept; raises Refusal naming the first file that is empty, too large, or not what its name says."""
    listed = list(uploads)
    if len(listed) > ATTACHMENTS_AT_ONCE:
        raise Refusal(_("Files: at most %(n)d at once.") % {"n": ATTACHMENTS_AT_ONCE}, field="files")
    return [_check(upload) for upload in listed]


def _check(upload: Upload) -> Checked:
    name = Path(upload.name.replace("\\", "/")).name[:200]
    suffix = Path(name).suffix.lower()
    if suffix not in ACCEPTED:
        raise Refusal(
            _("File “%(name)s”: accepted are %(known)s.") % {"name": name, "known": " ".join(ACCEPTED)},
            field="files",
        )
    if upload.size > ATTACHMENT_MAX_BYTES:
        limit = ATTACHMENT_MAX_BYTES // 1024 // 1024
        raise Refusal(
            _("File “%(name)s”: at most %(limit)d MB are accepted.") % {"name": name, "limit": limit},
            field="files",
        )
    data = upload.read()
    if not data:
        raise Refusal(_("File “%(name)s”: it is empty.") % {"name": name}, field="files")
    suffixes, media_type = kind_of(data)
    if suffix not in suffixes:
        raise Refusal(
            _("File “%(name)s”: its content is not what its name says.") % {"name": name}, field="files"
        )
    return Checked(name, data, media_type)


def kind_of(data: bytes) -> tuple[tuple[str, ...], str]:
    """Return the endings that fit the content and its media type; no ending when it is nothing we accept."""
    for head, found in _HEADS.items():
        if data.startswith(head):
            return found
    if data.startswith(_ZIP):
        return _kind_of_archive(data)
    return ((".txt", ".csv"), "text/plain") if _is_text(data) else ((), "application/octet-stream")


def _kind_of_archive(data: bytes) -> tuple[tuple[str, ...], str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = set(archive.namelist())
    except zipfile.BadZipFile:
        return (), "application/zip"
    for member, (suffix, media_type) in _INSIDE.items():
        if member in members:
            return (suffix,), media_type
    return (), "application/zip"


def _is_text(data: bytes) -> bool:
    if b"\x00" in data:
        return False
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            data.decode(encoding)
            return True
    return False


@contextmanager
def stored(files: Sequence[Checked]) -> Iterator[list[tuple[Checked, str]]]:
    """Keep files while the block runs its transaction; when that fails, nothing of them is left behind."""
    kept: list[tuple[Checked, str]] = []
    try:
        for file in files:
            kept.append((file, _store(file)))
        yield kept
    except BaseException:
        for _file, place in kept:
            (folder() / place).unlink(missing_ok=True)
        raise


def attach(
    *,
    subject: models.Model,
    actor: User,
    kept: Sequence[tuple[Checked, str]] = (),
    papers: Sequence[Paper] = (),
) -> list[Attachment]:
    """Put stored files and papers of the dossier behind a record, in the caller's transaction."""
    kind = ContentType.objects.get_for_model(subject)
    rows = [
        Attachment(
            content_type=kind,
            object_id=subject.pk,
            title=file.name,
            file_path=place,
            media_type=file.media_type,
            size=len(file.data),
            sm3=hexdigest(file.data),
            added_by=actor,
        )
        for file, place in kept
    ]
    rows += [
        Attachment(
            content_type=kind,
            object_id=subject.pk,
            title=paper.title[:300],
            paper_type=ContentType.objects.get_for_model(paper.model),
            paper_id=paper.pk,
            url=paper.url[:300],
            added_by=actor,
        )
        for paper in papers
    ]
    for row in rows:
        row.save()
    return rows


def read_attachment(*, attachment: Attachment, actor: User) -> bytes:
    """Return a file and write down who took it; raises Refusal when it is gone or was altered."""
    try:
        data = (folder() / attachment.file_path).read_bytes()
    except FileNotFoundError:
        raise Refusal(_("The file of this attachment is missing.")) from None
    if hexdigest(data) != attachment.sm3:
        raise Refusal(_("The file is not what was attached: its SM3 digest differs."))
    record_event(
        actor=actor,
        verb="alerts.attachment_read",
        subject=attachment.subject,
        summary=attachment.title,
        data={"attachment": attachment.pk, "sm3": attachment.sm3},
    )
    return data


def folder() -> Path:
    """Return the folder of attached files."""
    return Path(settings.VAR_DIR) / "alert_files"


def _store(file: Checked) -> str:
    """Write durably under a name of its own (the name the user gave is never a path)."""
    place = f"{timezone.localdate().year}/{uuid.uuid4().hex}{Path(file.name).suffix.lower()}"
    path = folder() / place
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as target:
        target.write(file.data)
        target.flush()
        os.fsync(target.fileno())
    return place
