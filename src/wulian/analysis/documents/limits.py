"""What reading one file may cost."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bytes of the file, of its unpacked parts and of the process's memory; pages; characters; seconds."""

    size: int = 100 * MIB
    unpacked: int = 512 * MIB
    part: int = 96 * MIB
    parts: int = 20_000
    pages: int = 3_000
    characters: int = 10_000_000
    seconds: int = 120
    memory: int = 2_048 * MIB
