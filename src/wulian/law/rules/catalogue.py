"""Reads the catalogue: every YAML file of rules in this folder, checked, dated and with the articles' wording."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    folder = files("wulian.law.rules")
    return load_rules(
        {
            item.name: item.read_text(encoding="utf-8")
            for item in folder.iterdir()
            if item.name.endswith(".yaml")
        }
    )


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
    text = (files("wulian.law.rules") / ARTICLES).read_text(encoding="utf-8")
    return {key: value["title"] for key, value in yaml.load(text, Loader=_Loader).items()}


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
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "record"
        raise CatalogueError(f"{label}: field {where}: {first['msg']}") from None
    for citation in [*built.duty, *built.liability]:
        if not citation.text and built.verified:
            raise CatalogueError(
                f"{label}: field duty/liability: {citation.key} has no wording in {ARTICLES}"
            )
    return built


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
