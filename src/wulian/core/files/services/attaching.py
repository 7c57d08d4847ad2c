"""Putting files behind a record."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from wulian.core.audit.services import record_event
from wulian.core.config.errors import Refusal
from wulian.core.files.models import StoredFile
from wulian.core.files.parameters import MIB, SUBJECT_MAX_BYTES, SUBJECT_MAX_FILES
from wulian.core.files.services.holding import Slip, drop_held, hold_file, slip_of
from wulian.core.files.store import ENDINGS, HOLDING, ORIGINALS
from wulian.core.files.uploads import Upload

if TYPE_CHECKING:
    from wulian.core.accounts.models import User


def attach_files(
    *,
    subject: models.Model,
    held: Sequence[str] = (),
    uploads: Sequence[Upload] = (),
    actor: User | None,
    anonymous: bool,
    role: str = "evidence",
    field: str = "files",
) -> list[StoredFile]:
    """Put files that wait and new uploads behind a record, in the caller's transaction.

    What an outsider sends (`actor` None, or anonymous) loses the name it came under, which may be a person's: it is called
    材料1, 材料2, … Raises Refusal when the record has too many files or bytes, or a file no longer waits. When the transaction is
    rolled back, files wait on until their day is over.
    """
    fresh: list[str] = []
    try:
        for upload in uploads:
            fresh.append(hold_file(upload=upload, keep_original=not anonymous, field=field).token)
        slips = [(token, _waiting(token, field)) for token in (*held, *fresh)]
        with transaction.atomic():
            files = _attach(subject, [slip for _token, slip in slips], actor, anonymous, role, field)
    except BaseException:
        for token in fresh:
            drop_held(token)
        raise
    for token, slip in slips:
        transaction.on_commit(partial(_settle, token, slip, anonymous=anonymous))
    return files


def _attach(
    subject: models.Model, slips: list[Slip], actor: User | None, anonymous: bool, role: str, field: str
) -> list[StoredFile]:
    if not slips:
        return []
    count = _check_amount(StoredFile.objects.for_object(subject).filter(role=role), slips, field)
    keeps_name = actor is not None and not anonymous
    files = [
        StoredFile(
            content_type=ContentType.objects.get_for_model(subject),
            object_id=subject.pk,
            role=role,
            title=slip.title if keeps_name else f"材料{number}{ENDINGS[slip.media_type]}",
            kind=slip.media_type,
            size=slip.size,
            sm3=slip.sm3,
            original="" if anonymous else slip.original,
            working=slip.working,
            working_size=slip.working_size,
            working_sm3=slip.working_sm3,
            added_by=actor,
        )
        for number, slip in enumerate(slips, count + 1)
    ]
    for file in files:
        _save_once(file, field)
    record_event(
        actor=actor,
        verb="files.attached",
        subject=subject,
        summary="、".join(file.title for file in files),
        data={"role": role, "files": [{"file": file.pk, "sm3": file.sm3} for file in files]},
    )
    return files


def _save_once(file: StoredFile, field: str) -> None:
    try:
        with transaction.atomic():
            file.save()
    except IntegrityError:
        raise Refusal(
            _("File “%(name)s”: it was sent already.") % {"name": file.title}, field=field
        ) from None


def _waiting(token: str, field: str) -> Slip:
    slip = slip_of(token)
    if slip is None:
        raise Refusal(
            _("Files: one is no longer kept, because it waited longer than a day; please add it again."),
            field=field,
        )
    return slip


def _check_amount(present: models.QuerySet[StoredFile], slips: list[Slip], field: str) -> int:
    count, size = present.count(), present.aggregate(total=Sum("size"))["total"] or 0
    if count + len(slips) > SUBJECT_MAX_FILES:
        raise Refusal(_("Files: at most %(n)d are accepted.") % {"n": SUBJECT_MAX_FILES}, field=field)
    if size + sum(slip.size for slip in slips) > SUBJECT_MAX_BYTES:
        raise Refusal(
            _("Files: at most %(limit)d MB together are accepted.") % {"limit": SUBJECT_MAX_BYTES // MIB},
            field=field,
        )
    return count


def _settle(token: str, slip: Slip, *, anonymous: bool) -> None:
    """After the commit the files belong to the record; of an anonymous sender the original goes at once."""
    HOLDING.remove(token)
    if anonymous:
        ORIGINALS.remove(slip.original)
