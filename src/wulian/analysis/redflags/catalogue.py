"""Reads the catalogue of red flags: the YAML files of this folder, checked against the list of public sources."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import yaml
from pydantic import ValidationError

from wulian.analysis.redflags.models import GROUPS, RedFlag
from wulian.law.rules import CatalogueError

SOURCES, FIELDS = "sources.yaml", "fields.yaml"


@cache
def all_red_flags() -> tuple[RedFlag, ...]:
    """Return every red flag, ordered by id; raises CatalogueError when a file is wrong."""
    return load_red_flags({name: _text(f"{name}.yaml") for name in GROUPS}, _sources())


def red_flag(flag_id: str) -> RedFlag:
    """Return one red flag; KeyError when there is none."""
    return {flag.id: flag for flag in all_red_flags()}[flag_id]


@cache
def catalogue_titles() -> Mapping[str, str]:
    """Return the name of each public catalogue by the first word of its codes, e.g. ``OCP``."""
    return {key: entry["title"] for key, entry in _sources().items()}


@cache
def field_titles() -> Mapping[str, str]:
    """Return the Chinese titles of the fields that only red flags compute."""
    titles: dict[str, str] = yaml.safe_load(_text(FIELDS))
    return titles


def load_red_flags(texts: Mapping[str, str], sources: Mapping[str, Mapping[str, str]]) -> tuple[RedFlag, ...]:
    """Build the red flags from YAML texts by group; `sources` says which codes each public catalogue has.

    Raises CatalogueError, naming group, flag and field, for an unknown field, a wrong value, a code that no catalogue has, or
    an id that appears twice.
    """
    flags = [_build(group, data, sources) for group, text in texts.items() for data in yaml.safe_load(text)]
    flags.sort(key=lambda flag: flag.id)
    for earlier, later in pairwise(flags):
        if earlier.id == later.id:
            raise CatalogueError(f"red flag {later.id}: field id: appears twice")
    return tuple(flags)


def _build(group: str, data: dict[str, Any], sources: Mapping[str, Mapping[str, str]]) -> RedFlag:
    label = f"{group}.yaml: red flag {data.get('id')}"
    try:
        flag = RedFlag.model_validate({"group": group, **data})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(step) for step in first["loc"]) or "record"
        raise CatalogueError(f"{label}: field {where}: {first['msg']}") from None
    for source in flag.sources:
        key, _space, code = source.partition(" ")
        if key not in sources or not re.fullmatch(sources[key]["codes"], code):
            raise CatalogueError(f"{label}: field sources: no public catalogue has {source!r}")
    return flag


def _sources() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(_text(SOURCES))
    return found


def _text(name: str) -> str:
    return files("wulian.analysis.redflags").joinpath(name).read_text(encoding="utf-8")
