"""Everything that the engine judges: the rules of law and the red flags."""

from __future__ import annotations

from functools import cache

from wulian.analysis.redflags import RedFlag, all_red_flags
from wulian.law.rules import Rule, all_rules

Judged = Rule | RedFlag


@cache
def catalogue() -> tuple[Judged, ...]:
    """Return every version of every rule, then every red flag; those that are off or not computed included."""
    return (*all_rules(), *all_red_flags())
