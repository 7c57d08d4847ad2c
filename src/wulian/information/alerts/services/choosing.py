"""Which rules a refresh judges, and whose alerts it leaves as they are."""

from __future__ import annotations

from wulian.analysis.flags.catalogue import Judged
from wulian.information.rulebook.selectors import every_version, hints_in_force, rules_in_force


def judged_rules() -> tuple[Judged, ...]:
    """Return the rules of law as they apply, then the red flags and public indicators that are switched on."""
    return (*rules_in_force(), *hints_in_force())


def left_alone(*, whole: bool) -> set[str]:
    """Return the codes whose alerts stay as they are: what people found in texts or by questions.

    Unless all dossiers are judged (`whole`), also what compares projects.
    """
    found = {rule.id for rule in every_version() if not rule.computed}
    return found if whole else found | {rule.id for rule in judged_rules() if rule.across_projects}


def choose_rules(codes: set[str] | None, *, whole: bool) -> list[Judged]:
    """Return what a refresh judges: those of `codes` (all by default), without what compares projects unless `whole`."""
    return [
        rule
        for rule in judged_rules()
        if (whole or not rule.across_projects) and (codes is None or rule.id in codes)
    ]
