"""Thresholds and numeric limits (REFERENCE B): one row a code, its numbers by name, how to count, where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Limit(_Strict):
    """One number of a threshold; `sense` says on which side of it the law wants the value to be."""

    name: str = Field(pattern=r"^[a-z_]+$")
    title: str = ""
    value: int | str
    unit: str
    sense: Literal["≥", "≤", "="]


class Threshold(_Strict):
    """One row. `rules` are those it decides without lending them a number."""

    code: str = Field(pattern=r"^B-\d{2}$")
    item: str = Field(min_length=2)
    limits: list[Limit] = Field(default_factory=list)
    text: str = Field("", description="what applies, where a number alone does not say it")
    counting: str = ""
    citation: str
    instruments: list[str] = Field(default_factory=list)
    confidence: Literal["V", "V/M", "M", "U"]
    rules: list[str] = Field(default_factory=list)

    @property
    def verified(self) -> bool:
        """Whether all of it was read in the official text; otherwise pages show 来源待核."""
        return self.confidence == "V"


@cache
def thresholds() -> Mapping[str, Threshold]:
    """Return every threshold by code; ValueError when a row is wrong or a code appears twice."""
    text = (files("wulian.law") / "thresholds.yaml").read_text(encoding="utf-8")
    found: dict[str, Threshold] = {}
    for row in yaml.safe_load(text):
        item = Threshold.model_validate(row)
        if item.code in found:
            raise ValueError(f"threshold {item.code} appears twice")
        found[item.code] = item
    return found


def threshold_value(key: str) -> int | str:
    """Return the number of ``B-15.days``; ValueError when there is none of that name."""
    code, _dot, name = key.partition(".")
    row = thresholds().get(code)
    for limit in row.limits if row else ():
        if limit.name == name:
            return limit.value
    raise ValueError(f"there is no threshold {key!r}")
