"""Files of papers under WULIAN_VAR/findings, never served by the web server as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from wulian.core.config.errors import Refusal
from wulian.core.files.folders import FileFolder, TooLarge
from wulian.core.files.uploads import Upload
from wulian.crypto import hexdigest

MOST_BYTES = 100 * 1024 * 1024
FOLDER: Final = FileFolder("findings")

__all__ = ["FOLDER", "MOST_BYTES", "Upload", "digest", "folder", "remove", "store"]


def folder() -> Path:
    """Return the folder of all papers."""
    return FOLDER.path


def store(upload: Upload) -> str:
    """Write an upload durably under a name of its own; return its path relative to `folder()`. Raises Refusal by size."""
    try:
        if upload.size is not None and upload.size > MOST_BYTES:
            raise TooLarge
        stored = FOLDER.store(upload.chunks(), limit=MOST_BYTES)
    except TooLarge:
        limit = MOST_BYTES // 1024 // 1024
        raise Refusal(
            _("File: at most %(limit)d MB are accepted.") % {"limit": limit}, field="upload"
        ) from None
    if not stored.size:
        FOLDER.remove(stored.name)
        raise Refusal(_("File: it is empty."), field="upload")
    return stored.name


def digest(name: str) -> str:
    """Return the SM3 digest of a stored file."""
    return hexdigest(FOLDER.read(name))


def remove(name: str) -> None:
    """Remove a file that no paper holds."""
    FOLDER.remove(name)
