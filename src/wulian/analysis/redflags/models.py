"""One entry of the catalogue of red flags (疑点): what it looks at, whose idea it is, and when it cannot tell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import SimpleNamespace
from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from wulian.law.rules import Citation, Liability, Parameter

GROUPS = {
    "procedure": "采购程序",
    "competition": "竞争与围标",
    "prices": "报价规律",
    "traces": "电子痕迹与关联",
    "evaluation": "评标与定标",
    "market": "供应商与市场",
    "contract": "合同与履约",
    "transparency": "信息完整",
}
SubjectKind = Literal["project", "tender", "lot", "bid", "contract", "party", "pair", "expert"]
BEGINNING = date(1999, 1, 1)
"""A red flag as it was delivered looks at everything since then; a revision cuts that, as it does with a rule."""


class RedFlag(BaseModel):
    """A statistical hint (ST) or a candidate that a person judges (H); it has sources in place of articles.

    It answers true, false or unknown for each subject. `across` says that it looks beyond one project, so that it can only be
    judged when all projects are.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^RF-\d{2}$")
    version: int = Field(1, ge=1)
    title: str = Field(min_length=2, max_length=60)
    group: Literal[
        "procedure", "competition", "prices", "traces", "evaluation", "market", "contract", "transparency"
    ]
    node: str = Field(pattern=r"^N(0[1-9]|1[0-8])$")
    severity: Literal["黄", "蓝"]
    automation: Literal["H", "ST"]
    subject: SubjectKind
    across: bool = False
    unit: str = ""
    sources: list[str] = Field(min_length=1, description="public codes, e.g. OCP R018")
    meaning: str = Field(min_length=4)
    method: str = Field(min_length=4)
    insufficient: str = Field(min_length=4, description="when the data do not suffice to tell")
    exclusions: list[str] = Field(min_length=1)
    next_steps: list[str] = Field(min_length=1)
    evidence: list[str] = Field(min_length=1)
    parameters: list[Parameter] = Field(default_factory=list)
    enabled: bool = True
    valid_from: date = BEGINNING
    valid_to: date | None = None

    # What a page and a revision ask of a rule of law as well: a red flag rests on no article and names no violation.
    confidence: ClassVar[str] = "E"
    verified: ClassVar[bool] = True
    computed: ClassVar[bool] = True
    kind: ClassVar[str] = "computed"
    needs: ClassVar[str] = ""
    violation_code: ClassVar[str] = ""
    duty: ClassVar[tuple[Citation, ...]] = ()
    liability: ClassVar[tuple[Liability, ...]] = ()

    @model_validator(mode="after")
    def _parameters_are_of_the_house(self) -> RedFlag:
        if any(item.confidence != "E" for item in self.parameters):
            raise ValueError("a red flag's numbers are parameters of the house (confidence E)")
        return self

    @property
    def key(self) -> str:
        """Return ``<id>@<version>``, unique in the catalogue."""
        return f"{self.id}@{self.version}"

    @property
    def across_projects(self) -> bool:
        """Say whether it can only be judged when all projects are."""
        return self.across

    @property
    def note(self) -> str:
        """Return what the hint means, in plain words."""
        return self.meaning

    @property
    def values(self) -> Any:
        """Return the parameters by name."""
        return SimpleNamespace(**{item.name: item.value for item in self.parameters})

    def applies_on(self, day: date) -> bool:
        """Say whether this version governs conduct of `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def revised(self, parameters: Mapping[str, Any], **changes: Any) -> Self:
        """Return the flag with other values of its parameters and other fields; ValueError for a parameter it does not have."""
        if unknown := set(parameters) - {item.name for item in self.parameters}:
            raise ValueError(
                f"red flag {self.id}: field parameters.{min(unknown)}: there is no such parameter"
            )
        items = [
            item.model_copy(update={"value": parameters.get(item.name, item.value)})
            for item in self.parameters
        ]
        return self.model_copy(update={**changes, "parameters": items})

    def fields(self) -> tuple[str, ...]:
        """Return every field path that the hint shows."""
        return tuple(self.evidence)
