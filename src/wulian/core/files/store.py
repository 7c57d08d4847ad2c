"""Where files lie, and which kinds are taken."""

from __future__ import annotations

from typing import Final

from wulian.core.files import kinds
from wulian.core.files.folders import FileFolder

ORIGINALS: Final = FileFolder("files/originals", key="file-originals")
COPIES: Final = FileFolder("files/copies", key="file-copies")
HOLDING: Final = FileFolder("files/holding", key="file-holding")

ACCEPTED: Final = {
    ".jpg": kinds.JPEG,
    ".jpeg": kinds.JPEG,
    ".png": kinds.PNG,
    ".pdf": kinds.PDF,
    ".docx": kinds.DOCX,
    ".xlsx": kinds.XLSX,
    ".txt": kinds.TEXT,
}
"""Endings and what the content must then be: only what can be freed of its metadata."""
ENDINGS: Final = {media_type: ending for ending, media_type in reversed(ACCEPTED.items())}
"""The usual ending of each kind."""
