"""Canned paragraphs by article, picked into the note and reason fields of the steps; a person always finishes the text."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml
from django import forms
from pydantic import BaseModel, ConfigDict, Field

Place = Literal[
    "refuse", "dispatch", "transfer", "dispute", "completion", "decline", "guide", "leniency", "feedback",
    "suspension", "decision", "withdrawal", "order", "message",
]  # fmt: skip


class Paragraph(BaseModel):
    """One paragraph: its text, the article it rests on with its confidence (REFERENCE 0.1), and where it may be used."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^P\d\d$")
    title: str = Field(min_length=2)
    text: str = Field(min_length=10)
    article: str = Field(min_length=4)
    confidence: Literal["V", "S", "M", "E"]
    places: tuple[Place, ...] = Field(min_length=1)

    @property
    def source(self) -> str:
        """The article, with the words that pages use for a text nobody has checked."""
        marks = {"V": "", "E": "（本系统参数）"}
        return self.article + marks.get(self.confidence, "（来源待核）")

    @property
    def inserted(self) -> str:
        """What is put into the field: the text with its article, without the remark that a rule is our own."""
        return self.text if self.confidence == "E" else f"{self.text}（{self.article}）"


@cache
def paragraphs() -> tuple[Paragraph, ...]:
    """Return every paragraph; raises pydantic.ValidationError for a bad table."""
    raw = (files("wulian.casework.intake") / "paragraphs.yaml").read_text(encoding="utf-8")
    return tuple(Paragraph.model_validate(item) for item in yaml.safe_load(raw))


def paragraphs_for(place: Place) -> list[Paragraph]:
    """Return the paragraphs that may be picked in one place."""
    return [item for item in paragraphs() if place in item.places]


class ParagraphArea(forms.Textarea):
    """A text area with a picker above it that puts a canned paragraph where the cursor stands."""

    template_name = "intake/widgets/paragraphs.html"

    def __init__(self, place: Place, rows: int = 5, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": rows, **(attrs or {})})
        self.place = place

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return {**super().get_context(name, value, attrs), "paragraphs": paragraphs_for(self.place)}
