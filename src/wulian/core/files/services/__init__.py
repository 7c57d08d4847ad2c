"""Taking files in, putting them behind a record, and giving them back on the record of who took them."""

from wulian.core.files.services.attaching import attach_files
from wulian.core.files.services.holding import HeldFile, drop_held, held_file, hold_file, sweep
from wulian.core.files.services.reading import (
    allow_originals,
    may_have_originals,
    read_original,
    read_working_copy,
)

__all__ = [
    "HeldFile",
    "allow_originals",
    "attach_files",
    "drop_held",
    "held_file",
    "hold_file",
    "may_have_originals",
    "read_original",
    "read_working_copy",
    "sweep",
]
