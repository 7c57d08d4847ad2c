"""What stripping one file may cost, and how a file is refused."""

from __future__ import annotations

from typing import Final

MIB: Final = 1024 * 1024

SECONDS: Final = 40
MEMORY: Final = 1536 * MIB
PIXELS: Final = 64_000_000
"""The largest picture; telephones make up to 50 million pixels."""
PARTS: Final = 4_000
"""Parts of an office file, objects of a PDF page tree."""
UNPACKED: Final = 300 * MIB
"""Bytes of an office file or of the streams of a PDF once unpacked."""
XML_PART: Final = 64 * MIB
PAGES: Final = 1_000


class Rejected(Exception):
    """A file that is not taken; `code` is one of kind, encrypted, broken, bomb, pixels, pages, slip, memory, time."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
