"""What a revision would change, found by running the rule over the snapshot of all dossiers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from wulian.analysis.flags import run_flags
from wulian.analysis.flags.catalogue import Judged
from wulian.core.clocks.calendars import calendar
from wulian.information.alerts.choices import RANKS
from wulian.information.alerts.services import snapshot
from wulian.information.rulebook import selectors, services

Subject = tuple[str, str]


@dataclass(frozen=True)
class Preview:
    """How many subjects meet the rule now and would meet it, and how many of them are new or gone."""

    before: int
    after: int
    added: int
    gone: int
    graver: int
    milder: int


def preview_revision(
    *, rule_id: str, valid_from: date, enabled: bool, parameters: Mapping[str, str]
) -> Preview:
    """Judge the rule over the snapshot as it applies and as it would; raises Refusal as `draft_revision`."""
    draft = services.draft_revision(
        rule_id=rule_id, valid_from=valid_from, enabled=enabled, parameters=parameters
    )
    with snapshot.locked():
        if not any(snapshot.folder().glob("*.parquet")):
            snapshot.write_snapshot()
        tables = snapshot.read_snapshot()
    before, after = (
        _severities(_judging(versions), tables)
        for versions in (selectors.versions_of(rule_id), selectors.versions_with(draft))
    )
    both = before.keys() & after.keys()
    return Preview(
        before=len(before),
        after=len(after),
        added=len(after.keys() - before.keys()),
        gone=len(before.keys() - after.keys()),
        graver=sum(after[key] < before[key] for key in both),
        milder=sum(after[key] > before[key] for key in both),
    )


def _judging(versions: Iterable[Judged]) -> list[Judged]:
    return [rule for rule in versions if rule.enabled and rule.computed]


def _severities(rules: list[Judged], tables: Mapping[str, object]) -> dict[Subject, int]:
    """Return the rank of severity by subject that meets one of the versions."""
    found: dict[Subject, int] = {}
    if not rules:
        return found
    hits = run_flags(tables, rules=rules, calendar=calendar()).hits  # type: ignore[arg-type]
    columns = (hits[name].to_pylist() for name in ("subject_kind", "subject_id", "severity"))
    for kind, subject, severity in zip(*columns, strict=True):
        rank = RANKS[severity]
        found[kind, subject] = min(rank, found.get((kind, subject), rank))
    return found
