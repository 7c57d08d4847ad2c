"""Papers behind an answer: files checked by what they are, kept with their SM3 digest, and papers of the dossier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _

from wulian.core.accounts.models import User
from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.files.folders import FileFolder
from wulian.core.files.kinds import kind_of
from wulian.core.files.uploads import Upload, plain_file_name, read_upload
from wulian.crypto import hexdigest
from wulian.information.alerts.models import Attachment
from wulian.information.alerts.papers import Paper
from wulian.information.alerts.parameters import ATTACHMENT_MAX_BYTES, ATTACHMENTS_AT_ONCE

ACCEPTED: Final = (".pdf", ".ofd", ".doc", ".docx", ".xls", ".xlsx", ".png", ".jpg", ".jpeg", ".txt", ".csv")


FOLDER: Final = FileFolder("alert_files")


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
    name = plain_file_name(upload)
    suffix = Path(name).suffix.lower()
    if suffix not in ACCEPTED:
        raise Refusal(
            _("File “%(name)s”: accepted are %(known)s.") % {"name": name, "known": " ".join(ACCEPTED)},
            field="files",
        )
    if (upload.size or 0) > ATTACHMENT_MAX_BYTES:
        limit = ATTACHMENT_MAX_BYTES // 1024 // 1024
        raise Refusal(
            _("File “%(name)s”: at most %(limit)d MB are accepted.") % {"name": name, "limit": limit},
            field="files",
        )
    data = read_upload(upload)
    if not data:
        raise Refusal(_("File “%(name)s”: it is empty.") % {"name": name}, field="files")
    suffixes, media_type = kind_of(data)
    if suffix not in suffixes:
        raise Refusal(
            _("File “%(name)s”: its content is not what its name says.") % {"name": name}, field="files"
        )
    return Checked(name, data, media_type)


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
            FOLDER.remove(place)
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
        data = FOLDER.read(attachment.file_path)
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
    return FOLDER.path


def _store(file: Checked) -> str:
    return FOLDER.store([file.data], suffix=Path(file.name).suffix.lower()).name
