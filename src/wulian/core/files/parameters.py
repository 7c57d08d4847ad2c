"""How much may be sent, and how long what is not sent yet is kept."""

from __future__ import annotations

from typing import Final

MIB: Final = 1024 * 1024

FILE_MAX_BYTES: Final = 20 * MIB
"""One file."""
SUBJECT_MAX_FILES: Final = 10
"""Files of one role on one record: a matter, a supplement."""
SUBJECT_MAX_BYTES: Final = 60 * MIB
"""Their bytes together, as they were sent."""
COPY_MAX_BYTES: Final = 4 * FILE_MAX_BYTES
"""One working copy; a re-encoded picture may outgrow the one that was sent."""
HOLDING_MAX_FILES: Final = 1000
"""Files that wait for a report that is not sent yet, all senders together."""
HELD_SECONDS: Final = 24 * 3600
"""How long a file waits for its report; after that it is removed."""
SPARE_DISK_BYTES: Final = 512 * MIB
"""What stays free on the disk whatever is sent, so that reports themselves can still be stored."""
