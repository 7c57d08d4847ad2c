"""Reading the rulebook: the packaged catalogue, the office's own rules, and the revisions of both, by date of the conduct."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar, cast

from django.utils import timezone

from wulian.analysis.flags.catalogue import Judged, all_hints
from wulian.analysis.redflags import RedFlag
from wulian.information.rulebook.models import FIRST_REVISION, LocalRule, RuleRevision
from wulian.law.rules import Rule, all_rules, packaged_record, revised

Revisions = dict[str, list[RuleRevision]]
J = TypeVar("J", bound=Judged)


def rules_in_force() -> tuple[Rule, ...]:
    """Return every rule version the engine judges: switched on, computed, each within the dates that revisions leave it."""
    by_rule = _revisions()
    return tuple(
        rule
        for versions in _bases().values()
        for rule in timeline(versions, by_rule.get(versions[0].id, []))
        if rule.enabled and rule.computed
    )


def hints_in_force() -> tuple[RedFlag, ...]:
    """Return every version of red flags and public indicators the engine judges, as `rules_in_force` does of rules."""
    by_rule = _revisions()
    return tuple(
        version
        for flag in all_hints()
        for version in timeline((flag,), by_rule.get(flag.id, []))
        if version.enabled
    )


def every_version() -> tuple[Judged, ...]:
    """Return every version there is or was of rules and hints, those of replaced revisions too: an old alert finds the text
    that raised it."""
    bases: dict[str, tuple[Judged, ...]] = {**_bases(), **{flag.id: (flag,) for flag in all_hints()}}
    found: list[Judged] = [rule for versions in bases.values() for rule in versions]
    for rule_id, items in _revisions().items():
        if rule_id in bases:
            found += [build(item, bases[rule_id]) for item in items]
    return tuple(sorted(found, key=lambda rule: (rule.id, rule.version)))


def versions_of(rule_id: str) -> tuple[Judged, ...]:
    """Return the versions of one rule or hint as they apply, in the order of their dates; empty for an unknown code."""
    versions = _delivered(rule_id)
    return timeline(versions, _revisions(rule_id).get(rule_id, [])) if versions else ()


def versions_with(draft: RuleRevision) -> tuple[Judged, ...]:
    """Return the versions of a rule or hint as they would apply with one more revision."""
    return timeline(_delivered(draft.rule_id), [*_revisions(draft.rule_id).get(draft.rule_id, []), draft])


def current_rules(day: date | None = None) -> tuple[Rule, ...]:
    """Return each rule in the version that governs conduct of `day` (today by default), else its newest one."""
    by_rule, day = _revisions(), day or timezone.localdate()
    return tuple(
        in_force_on(timeline(versions, by_rule.get(rule_id, [])), day)
        for rule_id, versions in sorted(_bases().items())
    )


def current_hints(day: date | None = None) -> tuple[RedFlag, ...]:
    """Return each red flag and public indicator in the version of `day`, as `current_rules` does."""
    by_rule, day = _revisions(), day or timezone.localdate()
    return tuple(in_force_on(timeline((flag,), by_rule.get(flag.id, [])), day) for flag in all_hints())


def rule_version(rule_id: str, version: int) -> Judged | None:
    """Return this version of the rule or hint, else its newest, None when nobody knows the code any more."""
    known: tuple[Judged, ...] = (*all_rules(), *all_hints())
    packaged = [rule for rule in known if rule.id == rule_id]
    if version < FIRST_REVISION and packaged:
        return next((rule for rule in packaged if rule.version == version), packaged[-1])
    versions = packaged or [*local_rules(rule_id)]
    item = RuleRevision.objects.filter(rule_id=rule_id, version=version).first() if versions else None
    if item is not None:
        return build(item, versions)
    return next((rule for rule in versions if rule.version == version), versions[-1] if versions else None)


def base_of(rule_id: str) -> Judged | None:
    """Return the newest version in the catalogue or the local files, which a revision changes."""
    versions = _delivered(rule_id)
    return versions[-1] if versions else None


def history_of(rule_id: str) -> list[RuleRevision]:
    """Return the revisions of a rule, the newest first."""
    return list(RuleRevision.objects.filter(rule_id=rule_id).select_related("author").order_by("-version"))


def standing(items: Iterable[RuleRevision]) -> list[RuleRevision]:
    """Return the revisions that apply: a later one takes the place of all that start with it or after it."""
    found: list[RuleRevision] = []
    for item in sorted(items, key=lambda item: item.version):
        found = [earlier for earlier in found if earlier.valid_from < item.valid_from]
        found.append(item)
    return found


def timeline(versions: Sequence[J], items: Iterable[RuleRevision]) -> tuple[J, ...]:
    """Return the versions of one rule cut by its revisions, each with the dates of conduct it governs."""
    applying = standing(items)
    found: list[J] = []
    for rule in versions:
        own = [item for item in applying if item.base_version == rule.version]
        starts = [item.valid_from for item in own]
        pieces = [rule, *(build(item, versions) for item in own)]
        for place, piece in enumerate(pieces):
            end = starts[place] - timedelta(days=1) if place < len(starts) else rule.valid_to
            if end is None or end >= piece.valid_from:
                found.append(cast(J, piece.model_copy(update={"valid_to": end})))
    return tuple(found)


def build(item: RuleRevision, versions: Sequence[J]) -> J:
    """Return the rule or hint as a revision makes it."""
    base = next(rule for rule in versions if rule.version == item.base_version)
    changes: dict[str, Any] = {
        "version": item.version,
        "valid_from": item.valid_from,
        "valid_to": base.valid_to,
        "enabled": item.enabled,
    }
    if isinstance(base, RedFlag):
        return base.revised(item.parameters, **changes)
    return cast(J, revised(record_of(base), parameters=item.parameters, **changes))


def record_of(rule: Rule) -> dict[str, object]:
    """Return the record as written of a version of the catalogue or of a local file."""
    try:
        return packaged_record(rule.id, rule.version)
    except KeyError:
        return dict(LocalRule.objects.get(rule_id=rule.id, version=rule.version).record)


def in_force_on(versions: Sequence[J], day: date) -> J:
    """Return the version that governs conduct of `day`, the last one when none does."""
    return next((rule for rule in versions if rule.applies_on(day)), versions[-1])


def _delivered(rule_id: str) -> tuple[Judged, ...]:
    """Return the versions of a rule as delivered or imported, or the hint of that code; empty for an unknown code."""
    rules = _bases(rule_id).get(rule_id)
    return rules if rules is not None else tuple(flag for flag in all_hints() if flag.id == rule_id)


def _bases(rule_id: str = "") -> dict[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = defaultdict(list)
    for rule in all_rules():
        if rule_id in ("", rule.id):
            found[rule.id].append(rule)
    for rule in local_rules(rule_id):
        found[rule.id].append(rule)
    return {code: tuple(versions) for code, versions in found.items()}


def local_rules(rule_id: str = "") -> list[Rule]:
    """Return every version of the office's own rules, or of one of them."""
    local = LocalRule.objects.filter(rule_id=rule_id) if rule_id else LocalRule.objects.all()
    return [revised(item.record, parameters={}) for item in local]


def _revisions(rule_id: str = "") -> Revisions:
    found: Revisions = defaultdict(list)
    items = RuleRevision.objects.filter(rule_id=rule_id) if rule_id else RuleRevision.objects.all()
    for item in items.order_by("version"):
        found[item.rule_id].append(item)
    return found
