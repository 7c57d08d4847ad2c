"""The legal instruments the platform cites: one row per law, regulation or document, with its confidence code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

import yaml

CONFIDENCE_CODES = ("V", "S", "M", "U", "E")


@dataclass(frozen=True)
class Instrument:
    """One instrument. Dates may be partial ("2020-10", "2025") or empty, as far as they are known.

    `confidence` is V verified, S secondary, M from memory, U uncertain or not found, E our own default;
    `source` says which copy was read.
    """

    key: str
    title: str
    number: str
    in_force_since: str
    confidence: str
    source: str = ""
    in_force_until: str = ""
    note: str = ""

    @property
    def is_verified(self) -> bool:
        """Say whether the text itself was read; otherwise pages show 来源待核."""
        return self.confidence == "V"

    def in_force_on(self, day: date) -> bool | None:
        """Say whether the instrument was in force on `day`; None when its dates are not known well enough."""
        if not self.in_force_since:
            return None
        iso = day.isoformat()
        if iso[: len(self.in_force_since)] < self.in_force_since:
            return False
        if self.in_force_until and iso > self.in_force_until:
            return False
        known = len(self.in_force_since) == len(iso) or not iso.startswith(self.in_force_since)
        return True if known else None


@cache
def instruments() -> Mapping[str, Instrument]:
    """Return every instrument by key.

    Raises ValueError when a row of the packaged table has an unknown confidence code or a key appears twice.
    """
    text = (files("wulian.law") / "instruments.yaml").read_text(encoding="utf-8")
    found: dict[str, Instrument] = {}
    for row in yaml.safe_load(text):
        item = Instrument(**row)
        if item.key in found:
            raise ValueError(f"instrument {item.key} appears twice")
        if item.confidence not in CONFIDENCE_CODES:
            raise ValueError(
                f"instrument {item.key}: confidence is one of {CONFIDENCE_CODES}, not {item.confidence!r}"
            )
        found[item.key] = item
    return found


def instrument(key: str) -> Instrument:
    """Return the instrument with this key; KeyError when it is not in the table."""
    return instruments()[key]
