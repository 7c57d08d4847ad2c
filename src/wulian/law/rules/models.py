"""One record of the rule catalogue (REFERENCE O): what it looks for, on which law it rests, when it applies."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from wulian.law.rules.conditions import Condition
from wulian.law.rules.expressions import Expression
from wulian.law.thresholds import threshold_value

Severity = Literal["红", "橙", "黄", "蓝"]
SEVERITIES: tuple[Severity, ...] = ("红", "橙", "黄", "蓝")
Kind = Literal["computed", "clauses", "checklist", "missing"]
"""How a rule finds its candidates: by a condition over data, in the text of documents, by an officer, or not yet."""
SubjectKind = Literal["project", "tender", "lot", "bid", "contract", "party"]
Rows = Literal[
    "project",
    "tender",
    "lot",
    "clarification",
    "objection",
    "lot_objection",
    "bid",
    "member",
    "replacement",
    "score",
    "score_item",
    "award",
    "contract",
    "lot_contract",
    "implementation",
    "node",
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Range(_Strict):
    """What the law allows as a fine: a span in yuan or as a share of `base`."""

    unit: Literal["元", "‰", "%"]
    min: Decimal | None = None
    max: Decimal | None = None
    base: str = ""


class Citation(_Strict):
    """One provision; `text` is its wording as published, filled in from the snapshot of articles."""

    instrument: str
    article: str
    paragraph: str = ""
    item: str = ""
    text: str = ""

    @property
    def key(self) -> str:
        """Return the key of the article in the snapshot, e.g. ``ZBF-24``."""
        return f"{self.instrument}-{self.article}"


class Liability(Citation):
    """The provision that sanctions the breach, and its range."""

    range: Range | None = None


class Parameter(_Strict):
    """A number or list that is not fixed by a verified law; conditions refer to it as ``$name``."""

    name: str = Field(pattern=r"^[a-z_]+$")
    value: Any
    unit: str = ""
    confidence: Literal["V", "S", "M", "U", "E"]
    note: str = ""
    shape: Literal["", "whole", "number", "words"] = Field(
        "", description="what it holds, where the value may be empty and does not tell"
    )

    @property
    def editable(self) -> bool:
        """Whether an officer may change it: never a number that verified law fixes."""
        return self.confidence in ("E", "M", "U")


class Rule(_Strict):
    """One version of one rule. A hit is an alert that a person judges, never a finding of a violation (REFERENCE 0.7)."""

    id: str = Field(pattern=r"^[A-Z]{2}-\d{2}$")
    version: int = Field(1, ge=1)
    title: str = Field(min_length=2, max_length=60)
    node: str = Field(pattern=r"^N(0[1-9]|1[0-8])$")
    severity: Severity
    automation: Literal["A", "A/H", "H", "ST"]
    confidence: Literal["V", "S", "M", "U", "E"]
    source: str
    subject: SubjectKind
    rows: Rows
    unit: str = Field("", description="of value and threshold: 日, 元, 家, 项 …")
    applies_if: Expression | None = None
    condition: Condition | None = None
    clauses: bool = Field(False, description="candidates come from the scanner of clauses")
    checklist: list[str] = Field(default_factory=list, description="questions that an officer answers")
    needs: str = Field("", description="data that are missing, so that nothing is computed")
    limits: dict[str, str] = Field(
        default_factory=dict, description="name → threshold, e.g. B-15.days; the condition writes $name"
    )
    conduct_date: Expression | None = None
    evidence: list[str] = Field(default_factory=list)
    parameters: list[Parameter] = Field(default_factory=list)
    duty: list[Citation] = Field(min_length=1)
    liability: list[Liability] = Field(default_factory=list)
    violation_code: str = Field("", pattern=r"^(WF-\d{2})?$")
    exclusions: list[str] = Field(min_length=1)
    next_steps: list[str] = Field(min_length=1)
    note: str = ""
    valid_from: date
    valid_to: date | None = None
    enabled: bool = True

    @model_validator(mode="before")
    @classmethod
    def _fill_parameters(cls, data: Any) -> Any:
        """Put the values of the parameters and thresholds where the condition names them."""
        if not isinstance(data, dict):
            return data
        limits = data.get("limits")
        values = {
            **{
                name: threshold_value(str(key))
                for name, key in (limits or {}).items()
                if isinstance(limits, dict)
            },
            **{
                item.get("name"): item.get("value")
                for item in data.get("parameters") or []
                if isinstance(item, dict)
            },
        }
        return {
            key: _substitute(value, values) if key in ("condition", "applies_if") else value
            for key, value in data.items()
        }

    @model_validator(mode="after")
    def _dates_in_order(self) -> Rule:
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(f"valid_to {self.valid_to} lies before valid_from {self.valid_from}")
        if self.confidence == "U" and self.enabled:
            raise ValueError("a rule of confidence U ships disabled (enabled: false)")
        return self

    @model_validator(mode="after")
    def _finds_somehow(self) -> Rule:
        if self.condition is None and not (self.clauses or self.checklist or self.needs):
            raise ValueError("a rule has a condition, clauses, a checklist, or says which data it needs")
        if self.kind == "missing" and self.enabled:
            raise ValueError("a rule whose data are missing (needs) ships disabled (enabled: false)")
        return self

    @property
    def key(self) -> str:
        """Return ``<id>@<version>``, unique in the catalogue."""
        return f"{self.id}@{self.version}"

    @property
    def kind(self) -> Kind:
        """Return how the rule finds its candidates."""
        if self.condition is not None:
            return "computed"
        if self.clauses:
            return "clauses"
        return "checklist" if self.checklist else "missing"

    @property
    def computed(self) -> bool:
        """Say whether the engine judges it."""
        return self.condition is not None

    @property
    def across_projects(self) -> bool:
        """Say whether it compares rows of different projects, so that it can only be judged over all of them."""
        return self.subject == "party" or "combined_total" in _functions(self.condition)

    @property
    def verified(self) -> bool:
        """Say whether the cited text was read; otherwise pages show 来源待核."""
        return self.confidence == "V"

    def fields(self) -> tuple[str, ...]:
        """Return every field path the rule reads or shows, each once: scope, condition, evidence."""
        scope = self.applies_if.fields if self.applies_if else ()
        read = self.condition.fields() if self.condition else ()
        return tuple(dict.fromkeys([*self.evidence, *scope, *read]))

    def applies_on(self, day: date) -> bool:
        """Say whether this version governs conduct of `day`, both ends included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def _functions(condition: Condition | None) -> set[str]:
    if condition is None:
        return set()
    inner = condition.conditions if condition.fn == "any_of" else ()
    return {condition.fn}.union(*map(_functions, inner))


def _substitute(value: Any, parameters: dict[Any, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _substitute(item, parameters) for key, item in value.items()}
    if isinstance(value, list):
        return [_substitute(item, parameters) for item in value]
    if isinstance(value, str) and "$" in value:
        return _fill_text(value, parameters)
    return value


def _fill_text(text: str, parameters: dict[Any, Any]) -> Any:
    if text.startswith("$") and text[1:] in parameters:
        return parameters[text[1:]]
    for name, value in sorted(parameters.items(), key=lambda item: -len(item[0])):
        written = ", ".join(map(repr, value)) if isinstance(value, list) else str(value)
        text = text.replace(f"${name}", written)
    # A dollar left over is a parameter nobody declared; as a regular expression's anchor it stands before a quote.
    if any(part[:1].isalpha() for part in text.split("$")[1:]):
        raise ValueError(f"{text!r} names a parameter that is not declared")
    return text
