"""Where the Chinese fonts are that official documents are set in."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

# Where `make setup` lays fonts when the machine has none.
OWN_FOLDER = Path(sys.prefix) / "share" / "fonts" / "wulian"
SYSTEM_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
CHINESE_FAMILIES = (
    "notosanscjk", "notoserifcjk", "notosanssc", "notoserifsc", "sourcehan", "wqy", "wenquanyi",
    "simsun", "simhei", "simfang", "simkai", "fangsong", "kaiti", "fandol",
)  # fmt: skip
SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})


@lru_cache(maxsize=1)
def font_folders() -> list[Path]:
    """Folders that hold a Chinese font, the deployer's (WULIAN_FONTS) first; empty when there is none."""
    found: dict[Path, None] = {}
    for folder in _named_by_the_deployer():
        # The deployer's choice is taken whatever its files are called.
        if any(path.suffix.lower() in SUFFIXES for path in _files(folder)):
            found[folder] = None
    for folder in (OWN_FOLDER, *(Path(name).expanduser() for name in SYSTEM_FOLDERS)):
        for path in _files(folder):
            if is_chinese(path):
                found[path.parent] = None
    return list(found)


def is_chinese(path: Path) -> bool:
    """Whether a font file belongs to a family known to hold simplified Chinese."""
    name = path.stem.lower().replace("-", "").replace("_", "").replace(" ", "")
    return path.suffix.lower() in SUFFIXES and name.startswith(CHINESE_FAMILIES)


def _named_by_the_deployer() -> Iterator[Path]:
    for name in os.environ.get("WULIAN_FONTS", "").split(os.pathsep):
        if name:
            yield Path(name).expanduser()


def _files(folder: Path) -> Iterator[Path]:
    for place, _folders, names in os.walk(folder):
        yield from (Path(place) / name for name in sorted(names))


if __name__ == "__main__":
    folders = font_folders()
    print("\n".join(map(str, folders)) or "no Chinese font found")
    raise SystemExit(0 if folders else 1)
