"""Files of issued documents under WULIAN_VAR/documents."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from wulian.core.files.folders import FileFolder

FOLDER: Final = FileFolder("documents")


def folder() -> Path:
    """Return the folder of all documents."""
    return FOLDER.path


def store(content: bytes, *, suffix: str) -> str:
    """Write a file durably under a name of its own; return its path relative to `folder()`."""
    return FOLDER.store([content], suffix=suffix).name


def read(name: str) -> bytes:
    """Return a stored file; raises FileNotFoundError."""
    return FOLDER.read(name)


def remove(name: str) -> None:
    """Remove a file that no document holds."""
    FOLDER.remove(name)


def names() -> set[str]:
    """Return every stored file, relative to `folder()`."""
    return FOLDER.names()
