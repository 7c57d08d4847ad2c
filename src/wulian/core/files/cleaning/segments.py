"""Pictures inside other files, freed of what is not picture without touching a pixel: JPEG segments, JPEG 2000 boxes."""

from __future__ import annotations

from typing import Final

_START: Final = b"\xff\xd8"
_STANDALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})
_SCAN, _END, _COMMENT = 0xDA, 0xD9, 0xFE
_ADOBE: Final = 0xEE
_APPLICATION: Final = range(0xE0, 0xF0)
_BOXES: Final = frozenset({b"jP  ", b"ftyp", b"jp2h", b"jp2c"})
_JP2: Final = b"\x00\x00\x00\x0cjP  "


def strip_jpeg(data: bytes) -> bytes:
    """Return a JPEG without application segments (but Adobe's, which says what the colours mean), comments and trailer.

    Raises ValueError for what is no JPEG.
    """
    if not data.startswith(_START):
        raise ValueError("no JPEG")
    kept, position = bytearray(_START), 2
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            raise ValueError("no marker where one must be")
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
            continue
        if marker == _END:
            return bytes(kept + b"\xff\xd9")
        if marker in _STANDALONE:
            position += 2
            continue
        end = position + 2 + int.from_bytes(data[position + 2 : position + 4], "big")
        if end > len(data) or end < position + 4:
            raise ValueError("a segment beyond the end")
        if marker == _SCAN:
            scan_end = _end_of_scan(data, end)
            kept += data[position:scan_end]
            position = scan_end
            continue
        is_adobe = marker == _ADOBE and data[position + 4 : position + 9] == b"Adobe"
        if is_adobe:
            # Only the twelve bytes that have a meaning.
            kept += b"\xff\xee\x00\x0e" + data[position + 4 : position + 16]
        elif marker != _COMMENT and marker not in _APPLICATION:
            kept += data[position:end]
        position = end
    return bytes(kept + b"\xff\xd9")


def _end_of_scan(data: bytes, position: int) -> int:
    """Return where the coded data of a scan ends: at the next marker that is no restart and no stuffed byte."""
    while True:
        position = data.find(b"\xff", position)
        if position < 0 or position + 1 >= len(data):
            return len(data)
        following = data[position + 1]
        if following != 0 and following not in _STANDALONE and following != 0xFF:
            return position
        position += 1 if following == 0xFF else 2


def strip_jpeg2000(data: bytes) -> bytes:
    """Return a JPEG 2000 file without its XML, UUID and other boxes; a bare code stream is returned as it is."""
    if not data.startswith(_JP2):
        return data
    kept, position = bytearray(), 0
    while position + 8 <= len(data):
        length, kind = int.from_bytes(data[position : position + 4], "big"), data[position + 4 : position + 8]
        if length == 1:
            length = int.from_bytes(data[position + 8 : position + 16], "big")
        elif length == 0:
            length = len(data) - position
        if length < 8:
            raise ValueError("a box that has no length")
        if kind in _BOXES:
            kept += data[position : position + length]
        position += length
    return bytes(kept)
