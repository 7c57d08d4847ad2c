"""Reads the patterns: YAML files of classes, checked, with the words they share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from wulian.analysis.clauses.provisions import Provision
from wulian.law.rules import article_titles

WORDS = "words.yaml"
_MACRO = re.compile(r"<([a-z_]+)>")
_ID = re.compile(r"^[A-Z]{2}-\d{2}$")
_CLASS_FIELDS = {"class", "title", "rule", "provisions", "hint", "patterns"}
_PATTERN_FIELDS = {
    "id", "title", "find", "needs", "unless", "unless_near", "doubt", "weight", "hint", "rule", "provisions", "prohibition",
}  # fmt: skip


class PatternError(ValueError):
    """A file of patterns is wrong; the message names the file, the pattern and the field."""


@dataclass(frozen=True)
class Doubt:
    """A typical false positive that is shown, not hidden: when it fits, the hit is marked and weighs half."""

    when: re.Pattern[str]
    note: str


@dataclass(frozen=True)
class Pattern:
    """One pattern.

    A sentence is a hit when one of `find` matches, every one of `needs` fits its context (heading, list, row, itself), none of
    `unless` fits the sentence, none of `unless_near` the row or the introduction either, and no prohibition governs it
    ("不得要求……"; `prohibition` False switches that test off). `weight` is from 0 to 1.
    """

    id: str
    title: str
    class_code: str
    rule: str
    provisions: tuple[Provision, ...]
    find: tuple[re.Pattern[str], ...]
    needs: tuple[re.Pattern[str], ...] = ()
    unless: tuple[re.Pattern[str], ...] = ()
    unless_near: tuple[re.Pattern[str], ...] = ()
    doubt: tuple[Doubt, ...] = ()
    weight: float = 0.8
    hint: str = ""
    prohibition: bool = True


@dataclass(frozen=True)
class ClauseClass:
    """A class of A.4: 地域, 所有制, 业绩奖项 …"""

    code: str
    title: str
    hint: str
    patterns: tuple[Pattern, ...] = field(default=())


@cache
def classes() -> tuple[ClauseClass, ...]:
    """Return every class with its patterns in the order of the files. Raises PatternError when a file is wrong."""
    folder = files("wulian.analysis.clauses") / "patterns"
    return load_patterns(
        {
            item.name: item.read_text(encoding="utf-8")
            for item in folder.iterdir()
            if item.name.endswith(".yaml")
        }
    )


@cache
def all_patterns() -> Mapping[str, Pattern]:
    """Return every pattern by its id."""
    return {item.id: item for group in classes() for item in group.patterns}


def pattern(pattern_id: str) -> Pattern:
    """Return the pattern; KeyError when there is none."""
    return all_patterns()[pattern_id]


def load_patterns(texts: Mapping[str, str]) -> tuple[ClauseClass, ...]:
    """Build the classes from YAML texts by file name; ``words.yaml`` holds what ``<name>`` in an expression stands for."""
    words = _expanded(yaml.safe_load(texts.get(WORDS, "{}")) or {})
    found: list[ClauseClass] = []
    seen: set[str] = set()
    for name in sorted(texts):
        if name == WORDS:
            continue
        for data in yaml.safe_load(texts[name]) or []:
            built = _class(name, data, words)
            for item in built.patterns:
                if item.id in seen:
                    raise PatternError(f"{name}: pattern {item.id} appears twice")
                seen.add(item.id)
            found.append(built)
    return tuple(found)


def _expanded(words: Mapping[str, str]) -> dict[str, str]:
    done: dict[str, str] = {}
    for name, text in words.items():
        done[name] = "(?:" + _MACRO.sub(lambda found: done[found[1]], text) + ")"
    return done


def _class(name: str, data: Mapping[str, Any], words: Mapping[str, str]) -> ClauseClass:
    label = f"{name}: class {data.get('class', '?')}"
    _check_fields(label, data, _CLASS_FIELDS)
    patterns = tuple(_pattern(name, item, data, words) for item in data["patterns"])
    return ClauseClass(str(data["class"]), str(data["title"]), str(data.get("hint", "")), patterns)


def _pattern(
    name: str, data: Mapping[str, Any], group: Mapping[str, Any], words: Mapping[str, str]
) -> Pattern:
    label = f"{name}: pattern {data.get('id', '?')}"
    _check_fields(label, data, _PATTERN_FIELDS)
    if not _ID.match(str(data.get("id", ""))):
        raise PatternError(f"{label}: field id: two letters, a dash, two digits")
    weight = float(data.get("weight", 0.8))
    if not 0 < weight <= 1:
        raise PatternError(f"{label}: field weight: more than 0, at most 1")
    if not data.get("find"):
        raise PatternError(f"{label}: field find: at least one expression")

    def compiled(key: str) -> tuple[re.Pattern[str], ...]:
        return tuple(_compile(label, key, text, words) for text in _listed(data.get(key)))

    return Pattern(
        id=data["id"],
        title=str(data.get("title", "")),
        class_code=str(group["class"]),
        rule=str(data.get("rule", group.get("rule", ""))),
        provisions=_provisions(label, data.get("provisions") or group.get("provisions") or []),
        find=compiled("find"),
        needs=compiled("needs"),
        unless=compiled("unless"),
        unless_near=compiled("unless_near"),
        doubt=tuple(
            Doubt(_compile(label, "doubt", item["when"], words), str(item["note"]))
            for item in data.get("doubt") or []
        ),
        weight=weight,
        hint=str(data.get("hint", group.get("hint", ""))),
        prohibition=bool(data.get("prohibition", True)),
    )


def _check_fields(label: str, data: Mapping[str, Any], known: set[str]) -> None:
    for key in data:
        if key not in known:
            raise PatternError(f"{label}: unknown field {key}")


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def _compile(label: str, key: str, text: str, words: Mapping[str, str]) -> re.Pattern[str]:
    try:
        return re.compile(_MACRO.sub(lambda found: words[found[1]], text))
    except KeyError as error:
        raise PatternError(f"{label}: field {key}: <{error.args[0]}> is not among the words") from None
    except re.error as error:
        raise PatternError(f"{label}: field {key}: {text!r}: {error}") from None


def _provisions(label: str, items: list[Mapping[str, str]]) -> tuple[Provision, ...]:
    found = []
    for item in items:
        provision = Provision(**{key: str(value) for key, value in item.items()})
        if provision.instrument not in article_titles():
            raise PatternError(f"{label}: field provisions: unknown instrument {provision.instrument}")
        if not provision.text and provision.article != "未核实":
            raise PatternError(f"{label}: field provisions: {provision.label} has no wording")
        found.append(provision)
    return tuple(found)
