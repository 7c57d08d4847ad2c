"""Files that wait for their report: checked, stripped and sealed the moment they arrive, removed after a day."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from wulian.core.config.errors import Refusal
from wulian.core.files.cleaning.process import cleaned
from wulian.core.files.folders import AlteredFile, Stored, TooLarge
from wulian.core.files.models import StoredFile
from wulian.core.files.parameters import (
    COPY_MAX_BYTES,
    FILE_MAX_BYTES,
    HELD_SECONDS,
    HOLDING_MAX_FILES,
    MIB,
    SPARE_DISK_BYTES,
)
from wulian.core.files.store import ACCEPTED, COPIES, HOLDING, ORIGINALS
from wulian.core.files.uploads import Upload, plain_file_name


@dataclass(frozen=True)
class HeldFile:
    """A file that waits for its report; whoever knows `token` may send it. `size` and `sm3` are of what was uploaded."""

    token: str
    title: str
    size: int
    sm3: str
    media_type: str


@dataclass(frozen=True)
class Slip:
    """What is written down, sealed, about a file that waits."""

    title: str
    media_type: str
    size: int
    sm3: str
    original: str
    working: str
    working_size: int
    working_sm3: str


def hold_file(*, upload: Upload, keep_original: bool = True, field: str = "files") -> HeldFile:
    """Take an upload in before its report exists: check it, strip a copy of its metadata, keep both sealed for a day.

    With `keep_original` false (an anonymous sender) only the stripped copy is kept. Raises Refusal naming the file when it is
    empty, too large, of no accepted kind, not what its name says, protected, broken or a trap, or when there is no room; then
    nothing is left behind.
    """
    title = plain_file_name(upload)
    media_type = _check_name(title, upload.size, field)
    _check_room(upload.size or FILE_MAX_BYTES, field)
    original: Stored | None = None
    working: Stored | None = None
    try:
        original = ORIGINALS.store(upload.chunks(), limit=FILE_MAX_BYTES)
        if not original.size:
            raise _empty(title, field)
        with cleaned(ORIGINALS.chunks(original.name), media_type, title=title, field=field) as chunks:
            working = COPIES.store(chunks, limit=COPY_MAX_BYTES)
        slip = Slip(
            title=title,
            media_type=media_type,
            size=original.size,
            sm3=original.sm3,
            original=original.name if keep_original else "",
            working=working.name,
            working_size=working.size,
            working_sm3=working.sm3,
        )
        token = HOLDING.store([json.dumps(asdict(slip)).encode()]).name
    except BaseException as error:
        _remove(original, working)
        if isinstance(error, TooLarge):
            raise _too_large(title, field) from None
        raise
    if not keep_original:
        _remove(original)
    return HeldFile(token, title, slip.size, slip.sm3, media_type)


def held_file(token: str) -> HeldFile | None:
    """Return what waits under a token, or None when its day is over or it was sent or dropped."""
    slip = slip_of(token)
    return HeldFile(token, slip.title, slip.size, slip.sm3, slip.media_type) if slip else None


def drop_held(token: str) -> None:
    """Remove a file that waits; one that was sent stays with its record, one that is gone is no error."""
    slip = slip_of(token)
    if slip is None or StoredFile.objects.filter(working=slip.working).exists():
        return
    HOLDING.remove(token)
    ORIGINALS.remove(slip.original)
    COPIES.remove(slip.working)


def slip_of(token: str) -> Slip | None:
    """Return what is written down about a file that waits, or None."""
    try:
        return Slip(**json.loads(HOLDING.read(token)))
    except (FileNotFoundError, AlteredFile):
        return None


def sweep() -> int:
    """Remove what waited for more than a day, and files that no record holds; return how many files went."""
    old = HOLDING.older_than(HELD_SECONDS)
    for token in old:
        HOLDING.remove(token)
    removed = len(old)
    for folder, column in ((ORIGINALS, "original"), (COPIES, "working")):
        old = folder.older_than(HELD_SECONDS)
        if old:
            old -= set(StoredFile.objects.values_list(column, flat=True))
        for name in old:
            folder.remove(name)
        removed += len(old)
    return removed


def _check_name(title: str, size: int | None, field: str) -> str:
    media_type = ACCEPTED.get(Path(title).suffix.lower())
    if media_type is None:
        known = " ".join(ending for ending in ACCEPTED if ending != ".jpeg")
        raise Refusal(
            _(
                "File “%(name)s”: accepted are %(known)s. Recordings and other files are taken at the window, on a disc or a "
                "memory stick."
            )
            % {"name": title, "known": known},
            field=field,
        )
    if size == 0:
        raise _empty(title, field)
    if size is not None and size > FILE_MAX_BYTES:
        raise _too_large(title, field)
    return media_type


def _check_room(size: int, field: str) -> None:
    free = shutil.disk_usage(settings.VAR_DIR).free
    if free - 2 * size < SPARE_DISK_BYTES or len(HOLDING.names()) >= HOLDING_MAX_FILES:
        raise Refusal(
            _(
                "Files: there is no room for more at the moment. Send the report without them and add them later, or bring them "
                "to the window."
            ),
            field=field,
        )


def _empty(title: str, field: str) -> Refusal:
    return Refusal(_("File “%(name)s”: it is empty.") % {"name": title}, field=field)


def _too_large(title: str, field: str) -> Refusal:
    limit = FILE_MAX_BYTES // MIB
    return Refusal(
        _("File “%(name)s”: at most %(limit)d MB are accepted.") % {"name": title, "limit": limit},
        field=field,
    )


def _remove(original: Stored | None, working: Stored | None = None) -> None:
    if original:
        ORIGINALS.remove(original.name)
    if working:
        COPIES.remove(working.name)
