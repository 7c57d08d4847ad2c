"""Where files of bids, their texts, reports and bundles lie: all sealed under keys of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from django.conf import settings

from wulian.core.files.folders import FileFolder

FILES: Final = FileFolder("comparison/files", key="comparison-files")
TEXTS: Final = FileFolder("comparison/texts", key="comparison-texts")
REPORTS: Final = FileFolder("comparison/reports", key="comparison-reports")
BUNDLES: Final = FileFolder("comparison/bundles", key="comparison-bundles")


def library_folder() -> Path:
    """Return the folder of the city's memory of earlier bids: their fingerprints; their texts stay sealed."""
    return Path(settings.COMPARISON_LIBRARY or Path(settings.VAR_DIR) / "comparison" / "library")


def workshop() -> Path:
    """Return the folder in which files lie open while a comparison reads them."""
    path = Path(settings.VAR_DIR) / "comparison" / "workshop"
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
