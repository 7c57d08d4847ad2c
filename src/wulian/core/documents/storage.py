"""Files of issued documents under WULIAN_VAR/documents."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from django.conf import settings


def folder() -> Path:
    """Return the folder of all documents."""
    return Path(settings.VAR_DIR) / "documents"


def store(content: bytes, *, year: int, suffix: str) -> str:
    """Write a file durably under a name of its own; return its path relative to `folder()`."""
    name = f"{year}/{uuid.uuid4().hex}{suffix}"
    path = folder() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return name


def read(name: str) -> bytes:
    """Return a stored file; raises FileNotFoundError."""
    return (folder() / name).read_bytes()


def remove(name: str) -> None:
    """Remove a file that no document holds."""
    (folder() / name).unlink(missing_ok=True)


def names() -> set[str]:
    """Return every stored file, relative to `folder()`."""
    root = folder()
    return {path.relative_to(root).as_posix() for path in root.glob("*/*") if path.is_file()}
