"""What a file is, by its content; its name decides nothing."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from typing import Final

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
PDF: Final = "application/pdf"
TEXT: Final = "text/plain"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OLE: Final = "application/x-ole-storage"

_ZIP: Final = b"PK\x03\x04"
_HEADS: Final = {
    b"%PDF-": ((".pdf",), PDF),
    b"\x89PNG\r\n\x1a\n": ((".png",), PNG),
    b"\xff\xd8\xff": ((".jpg", ".jpeg"), JPEG),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": ((".doc", ".xls"), OLE),
}
# A member that only this kind of ZIP file has.
_INSIDE: Final = {
    "word/document.xml": (".docx", DOCX),
    "xl/workbook.xml": (".xlsx", XLSX),
    "OFD.xml": (".ofd", "application/ofd"),
}


def kind_of(data: bytes) -> tuple[tuple[str, ...], str]:
    """Return the endings that fit the content and its media type; no ending when it is nothing we accept."""
    for head, found in _HEADS.items():
        if data.startswith(head):
            return found
    if data.startswith(_ZIP):
        return _kind_of_archive(data)
    return ((".txt", ".csv"), TEXT) if _is_text(data) else ((), "application/octet-stream")


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
    """Text in UTF-8, GB18030, or UTF-16 with its mark, which is what Windows calls Unicode."""
    encodings: tuple[str, ...] = ("utf-8", "gb18030")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    elif b"\x00" in data:
        return False
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            data.decode(encoding)
            return True
    return False
