"""Everything that the engine judges: the rules of law and the red flags."""

from __future__ import annotations

from functools import cache

from wulian.analysis.redflags import RedFlag, all_red_flags
from wulian.law.rules import Rule, all_rules

Judged = Rule | RedFlag


def all_hints() -> tuple[RedFlag, ...]:
    """Return every red flag, then every public indicator: what hints without resting on an article."""
    from wulian.analysis.indicators.hints import public_indicators  # which reads tables through this package

    return (*all_red_flags(), *public_indicators())


@cache
def catalogue() -> tuple[Judged, ...]:
    """Return every version of every rule, then every red flag; those that are off or not computed included.

    The public indicators are no part of it: they run when they are asked for, by their codes.
    """
    return (*all_rules(), *all_red_flags())
