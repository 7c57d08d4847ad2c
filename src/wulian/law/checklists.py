"""Checklists that are no rule: what to ask of a policy document (REFERENCE A.5)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Question(_Strict):
    """One question, with an example of a wording that answers it with yes."""

    text: str
    example: str = ""


class Checklist(_Strict):
    """Questions under one basis; `confidence` as everywhere, so that pages can show 来源待核."""

    title: str
    basis: list[str]
    confidence: str
    scope: str
    note: str
    questions: list[Question]

    @property
    def verified(self) -> bool:
        """Whether the list was read in the official text."""
        return self.confidence == "V"


@cache
def policy_checklist() -> Checklist:
    """Return the checklist for policy documents of authorities."""
    text = (files("wulian.law") / "checklists.yaml").read_text(encoding="utf-8")
    return Checklist.model_validate(yaml.safe_load(text)["policy"])
