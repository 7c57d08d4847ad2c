"""How much is taken and how long a comparison may go on."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

MIB: Final = 1024 * 1024
FILE_MAX_BYTES: Final = 100 * MIB
"""One file, also one inside an archive."""
ARCHIVE_MAX_BYTES: Final = 512 * MIB
"""One archive as it is sent."""
UNPACKED_MAX_BYTES: Final = 2048 * MIB
ARCHIVE_MAX_FILES: Final = 2000
MAX_RATIO: Final = 200
"""Bytes that may come out of one byte of an archive."""
LOT_MAX_FILES: Final = 3000
LOT_MAX_BYTES: Final = 8192 * MIB
LONGEST_NAME: Final = 80
"""Letters of a bidder's name, and of one part of a path."""
ENDINGS: Final = frozenset(
    {".docx", ".pdf", ".txt", ".html", ".htm", ".xlsx", ".csv", ".xml", ".json", ".jpg", ".jpeg", ".png"}
)
RUN_SECONDS: Final = 3600
RUN_CPU_SECONDS: Final = 3600
RUN_MEMORY: Final = 6144 * MIB
RUN_OUTPUT: Final = 4096 * MIB
"""Bytes of one file that the comparing process may write."""
LOST_AFTER: Final = timedelta(seconds=RUN_SECONDS + 600)
"""A comparison that is at work for so long has lost its worker."""
NEAREST: Final = 40
"""Documents of the library that are looked at for one file before the few to compare with are chosen."""
OTHER_BIDDER: Final = "另一投标人"
"""How the bidder of an earlier document is called where its dossier may not be seen."""
KEPT_AGAIN: Final = timedelta(days=2)
"""Comparisons that ended so lately are looked after once more, should their bids not have come into the library."""
OFFICERS_NEEDED: Final = 2


def earlier_label(number: int) -> str:
    """Return the name of a document of the library that says nothing of whose it is."""
    return f"历史投标文件{number}号"
