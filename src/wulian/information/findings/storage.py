"""Files of papers under WULIAN_VAR/findings, never served by the web server as they are."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from wulian.core.config.errors import Refusal
from wulian.crypto import hexdigest

MOST_BYTES = 100 * 1024 * 1024


class Upload(Protocol):
    """What a form gives: a name, a size, and the content in chunks."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterator[bytes]: ...


def folder() -> Path:
    """Return the folder of all papers."""
    return Path(settings.VAR_DIR) / "findings"


def store(upload: Upload) -> str:
    """Write an upload durably under a name of its own; return its path relative to `folder()`. Raises Refusal by size."""
    limit = MOST_BYTES // 1024 // 1024
    too_large = Refusal(_("File: at most %(limit)d MB are accepted.") % {"limit": limit}, field="upload")
    if upload.size is not None and upload.size > MOST_BYTES:
        raise too_large
    name = f"{timezone.localdate().year}/{uuid.uuid4().hex}"
    path = folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            for chunk in upload.chunks():
                written += len(chunk)
                if written > MOST_BYTES:
                    raise too_large
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        if not written:
            raise Refusal(_("File: it is empty."), field="upload")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return name


def digest(name: str) -> str:
    """Return the SM3 digest of a stored file."""
    return hexdigest((folder() / name).read_bytes())


def remove(name: str) -> None:
    """Remove a file that no paper holds."""
    if name:
        (folder() / name).unlink(missing_ok=True)
