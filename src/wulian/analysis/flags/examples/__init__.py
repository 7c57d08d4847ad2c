"""Examples of every rule: small dossiers on which the engine itself shows when the rule is met and when it is not.

The same cases are the tests of the rules (`tests/test_rules.py`): article, `base` facts, and by name the facts that differ
with the verdict expected. What a page shows is never that expectation but what the engine finds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from wulian.analysis.flags.columns import field_title
from wulian.analysis.flags.compiled import rule_text
from wulian.analysis.flags.engine import FlagRun
from wulian.analysis.flags.examples.building import dossier, party_name
from wulian.analysis.flags.tables import arrow_from_dossiers
from wulian.analysis.flags.wording import value_in_words
from wulian.law.rules import SEVERITIES, Rule

AS_OF = date(2026, 11, 30)
"""The day on which open periods of the examples are judged."""
META = ("article", "base")
_NUMBERED = re.compile(r"([a-z_]+?)(\d*)")
_PARTIES = frozenset({"tenderer", "supplier", "party", "procuring_entity", "agency"})


@dataclass(frozen=True)
class Fact:
    """One field of an example with its Chinese title."""

    title: str
    value: Any


@dataclass(frozen=True)
class Example:
    """What the engine finds on a small dossier; `hit` None means that the facts do not decide it."""

    name: str
    facts: tuple[Fact, ...]
    hit: bool | None
    severity: str = ""
    value: float | None = None
    threshold: float | None = None


@cache
def cases() -> Mapping[str, Mapping[str, Any]]:
    """Return the cases by rule code, or by ``code@version`` where a version has its own."""
    table: dict[str, Mapping[str, Any]] = {}
    for item in sorted(files(__package__).iterdir(), key=lambda found: found.name):
        if item.name.endswith(".yaml"):
            table.update(yaml.safe_load(item.read_text(encoding="utf-8")))
    return table


def case_names(key: str) -> tuple[str, ...]:
    """Return the names of the cases of a rule."""
    return tuple(name for name in cases()[key] if name not in META)


def case_fields(key: str, name: str) -> dict[str, Any]:
    """Return the field paths and values of one case, what is expected of it left out."""
    entry = cases()[key]
    fields = {**entry.get("base", {}), **entry[name]}
    fields.pop("expect")
    return fields


def case_key(rule: Rule) -> str:
    """Return the key of the cases of this rule, empty when it has none."""
    return next((key for key in (rule.key, rule.id) if key in cases()), "")


def examples_of(rule: Rule, *, key: str = "") -> tuple[Example, ...]:
    """Judge the examples of `rule` with the engine, once for each text of a rule; empty when it is not computed.

    `key` names the cases where the version is not one of the catalogue's.
    """
    key = key or case_key(rule)
    if not key or not rule.computed:
        return ()
    return _judged(_Named(rule_text(rule), key, rule))


@dataclass(frozen=True)
class _Named:
    """A rule under the text that decides what the engine does with it."""

    text: str
    key: str
    rule: Rule = field(compare=False)


@lru_cache(maxsize=512)
def _judged(named: _Named) -> tuple[Example, ...]:
    fields = {name: case_fields(named.key, name) for name in case_names(named.key)}
    tables = arrow_from_dossiers([dossier(name, given) for name, given in fields.items()])
    run = FlagRun(tables, [named.rule], as_of=AS_OF)
    try:
        rows = run.judged(named.rule).to_pylist()
    finally:
        run.close()
    several = named.rule.condition is not None and named.rule.condition.fn == "any_of"
    return tuple(_example(name, given, rows, several=several) for name, given in fields.items())


def _example(
    name: str, given: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], *, several: bool
) -> Example:
    own = [row for row in rows if row["project_id"] == f"{name}/P"]
    hits = sorted((row for row in own if row["verdict"]), key=lambda row: SEVERITIES.index(row["_severity"]))
    facts = tuple(_fact(path, value) for path, value in given.items())
    if hits:
        worst = hits[0]
        return Example(name, facts, True, worst["_severity"], worst["_value"], worst["_threshold"])
    undecided = not own or any(row["verdict"] is None for row in own)
    # Of several alternatives none of which holds, no one's numbers explain why.
    shown = own[0] if own and not several else {"_value": None, "_threshold": None}
    return Example(name, facts, None if undecided else False, "", shown["_value"], shown["_threshold"])


def _fact(path: str, value: Any) -> Fact:
    entity, _dot, name = path.partition(".")
    match = _NUMBERED.fullmatch(entity)
    number = match[2] if match else ""
    title = field_title(f"{match[1] if match else entity}.{name}")
    shown = party_name(value) if name in _PARTIES else value_in_words(value)
    return Fact(f"{title}（{number}）" if number else title, shown)
