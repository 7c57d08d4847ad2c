"""Reads the catalogue: every YAML file of rules in this folder, checked, dated and with the articles' wording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from wulian.law.rules.models import Rule

ARTICLES = "articles.yaml"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class CatalogueError(ValueError):
    """A catalogue file is wrong; the message names the file, the rule and the field."""


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every version of every rule, ordered by id and version, disabled ones included.

    Raises CatalogueError when a file is wrong.
    """
    return load_rules(_packaged_texts())


@cache
def _packaged_texts() -> Mapping[str, str]:
    folder = files("wulian.law.rules")
    return {
        item.name: item.read_text(encoding="utf-8")
        for item in folder.iterdir()
        if item.name.endswith(".yaml")
    }


@cache
def _packaged_records() -> Mapping[tuple[str, int], tuple[str, dict[str, Any]]]:
    """Return the file and the record as written of every version in the package."""
    return {
        (str(data["id"]), int(data.get("version", 1))): (name, data)
        for name, text in _packaged_texts().items()
        if name != ARTICLES
        for data in _records(name, text)
    }


def packaged_record(rule_id: str, version: int) -> dict[str, Any]:
    """Return a copy of the record as written; KeyError when the package has no such version."""
    return deepcopy(_packaged_records()[rule_id, version][1])


def revised(record: Mapping[str, Any], *, parameters: Mapping[str, Any], **changes: Any) -> Rule:
    """Build a rule from a record with other values of its parameters and other fields (version, dates, enabled).

    Raises CatalogueError naming rule and field, also for a parameter the rule does not have.
    """
    data = {**deepcopy(dict(record)), **changes}
    left = dict(parameters)
    for item in data.get("parameters") or []:
        if item["name"] in left:
            item["value"] = left.pop(item["name"])
    if left:
        raise CatalogueError(f"rule {data['id']}: field parameters.{min(left)}: there is no such parameter")
    return _build("revision", 0, data, _packaged_articles())


@cache
def _packaged_articles() -> Mapping[str, str]:
    return _articles(yaml.load(_packaged_texts()[ARTICLES], Loader=_Loader))


def check_text(
    name: str, text: str, *, beside: Iterable[Rule] = ()
) -> tuple[tuple[Rule, dict[str, Any]], ...]:
    """Build the rules of one local file, each with its record; the articles they cite may be the packaged ones.

    Raises CatalogueError naming file, rule and field: also for a code that the package has, and for a version that repeats or
    overlaps one of those `beside` it.
    """
    packaged = {item.id for item in all_rules()}
    records = list(_records(name, text))
    built = [
        _build(name, place, deepcopy(data), _packaged_articles()) for place, data in enumerate(records, 1)
    ]
    if not built:
        raise CatalogueError(f"{name}: there is no rule in the file")
    for item in built:
        if item.id in packaged:
            raise CatalogueError(
                f"{name}: rule {item.id}: field id: this code belongs to the packaged catalogue"
            )
    try:
        _check_versions(sorted([*beside, *built], key=lambda item: (item.id, item.version)))
    except CatalogueError as error:
        raise CatalogueError(f"{name}: {error}") from None
    return tuple(zip(built, records, strict=True))


def rule(rule_id: str) -> Rule:
    """Return the newest version of the rule; KeyError when there is none."""
    versions = [item for item in all_rules() if item.id == rule_id]
    if not versions:
        raise KeyError(rule_id)
    return versions[-1]


def rules_at(conduct_date: date) -> tuple[Rule, ...]:
    """Return the enabled rules in the version that governs conduct of `conduct_date`."""
    return tuple(item for item in all_rules() if item.enabled and item.applies_on(conduct_date))


def load_rules(texts: Mapping[str, str]) -> tuple[Rule, ...]:
    """Build the rules from YAML texts by file name; ``articles.yaml`` holds the wording of the cited articles.

    Raises CatalogueError for an unknown field, a wrong value, two versions that overlap, or an article without wording.
    """
    articles = _articles(yaml.load(texts.get(ARTICLES, "{}"), Loader=_Loader) or {})
    rules: list[Rule] = []
    for name in sorted(texts):
        if name == ARTICLES:
            continue
        for position, data in enumerate(_records(name, texts[name]), start=1):
            rules.append(_build(name, position, data, articles))
    rules.sort(key=lambda item: (item.id, item.version))
    _check_versions(rules)
    return tuple(rules)


def load_folder(folder: Path) -> tuple[Rule, ...]:
    """Build the rules from a folder of YAML files (a local catalogue); raises CatalogueError as `load_rules` does."""
    return load_rules({path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yaml"))})


@cache
def article_titles() -> Mapping[str, str]:
    """Return the name of each cited instrument by its key."""
    return {
        key: value["title"] for key, value in yaml.load(_packaged_texts()[ARTICLES], Loader=_Loader).items()
    }


def _articles(data: Mapping[str, Any]) -> dict[str, str]:
    return {
        f"{instrument}-{number}": text
        for instrument, entry in data.items()
        for number, text in entry["articles"].items()
    }


def _records(name: str, text: str) -> Iterable[dict[str, Any]]:
    try:
        data = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise CatalogueError(f"{name}: {error}") from None
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise CatalogueError(f"{name}: a catalogue file is a list of rules")
    return data


def _build(name: str, position: int, data: dict[str, Any], articles: Mapping[str, str]) -> Rule:
    label = f"{name}: rule {data.get('id') or f'no. {position}'}"
    for part in ("duty", "liability"):
        for citation in data.get(part) or []:
            if isinstance(citation, dict) and not citation.get("text"):
                citation["text"] = articles.get(f"{citation.get('instrument')}-{citation.get('article')}", "")
    try:
        built = Rule.model_validate(data)
    except ValidationError as error:
        # A field nobody knows is named before what may only follow from its misspelling.
        first = min(error.errors(), key=lambda item: item["type"] != "extra_forbidden")
        where = ".".join(str(step) for step in first["loc"]) or "record"
        raise CatalogueError(f"{label}: field {where}: {_reason(first)}") from None
    for citation in [*built.duty, *built.liability]:
        if not citation.text and built.verified:
            raise CatalogueError(
                f"{label}: field duty/liability: {citation.key} has no wording in {ARTICLES}"
            )
    return built


_REASONS = {
    "extra_forbidden": "没有这个字段",
    "missing": "缺少这个字段",
    "literal_error": "应为 {expected}",
    "union_tag_invalid": "应为 {expected_tags}",
    "string_pattern_mismatch": "应符合样式 {pattern}",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "bool_parsing": "应为 true 或者 false",
    "bool_type": "应为 true 或者 false",
    "list_type": "应为列表",
    "string_type": "应为文字",
    "dict_type": "应为名称与值",
    "too_short": "至少要有 {min_length} 项",
    "string_too_short": "至少要有 {min_length} 个字",
    "string_too_long": "至多 {max_length} 个字",
    "greater_than_equal": "应不小于 {ge}",
    "date_parsing": "应为日期，例如 2026-01-01",
    "date_from_datetime_parsing": "应为日期，例如 2026-01-01",
    "date_type": "应为日期，例如 2026-01-01",
}


def _reason(error: Any) -> str:
    """Return what is wrong in Chinese, as pydantic says it where there is no word for it."""
    text = _REASONS.get(error["type"])
    return text.format(**error.get("ctx", {})) if text else str(error["msg"])


def _check_versions(rules: list[Rule]) -> None:
    for earlier, later in pairwise(rules):
        if earlier.id != later.id:
            continue
        if earlier.version == later.version:
            raise CatalogueError(f"rule {later.id}: field version: {later.version} appears twice")
        if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
            raise CatalogueError(
                f"rule {later.id}: field valid_from: version {later.version} overlaps the one before"
            )
