"""A visitor's answers on their way to a submission; they live sealed in the session until they are sent."""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.http import HttpRequest

from wulian.casework.intake import sealing
from wulian.casework.intake.choices import OBJECTION_FIRST, MatterKind

SESSION_KEY: Final = "portal_draft"


@dataclass
class Draft:
    """Answers by step, as plain text. `submission` makes a second sending of the same draft harmless."""

    answers: dict[str, dict[str, str]] = field(default_factory=dict)
    submission: str = field(default_factory=lambda: secrets.token_hex(32))
    begun_at: int = field(default_factory=lambda: int(time.time()))
    challenge: str = ""
    reviewed: bool = False

    def answer(self, step: str, name: str) -> str:
        """Return one answer, or an empty text."""
        return self.answers.get(step, {}).get(name, "")

    @property
    def topic(self) -> str:
        return self.answer("topic", "topic")

    @property
    def needs_objection(self) -> bool:
        """Whether the law wants an objection to the procuring entity first (实施条例 第六十条第二款)."""
        return self.topic in OBJECTION_FIRST

    @property
    def lacks_objection(self) -> bool:
        """Whether it does, and none was raised."""
        return self.needs_objection and self.answer("objection", "raised") == "no"

    @property
    def is_complaint(self) -> bool:
        return self.answer("channel", "kind") == MatterKind.COMPLAINT

    @property
    def is_anonymous(self) -> bool:
        return not self.is_complaint and self.answer("name_given", "named") == "no"

    @property
    def is_empty(self) -> bool:
        return not self.answers

    def save(self, request: HttpRequest) -> None:
        sealing.put(request, SESSION_KEY, asdict(self))


def draft_of(request: HttpRequest) -> Draft:
    """Return the draft of this session, or an empty one."""
    kept: dict[str, Any] | None = sealing.get(request, SESSION_KEY)
    return Draft(**kept) if kept else Draft()


def forget_draft(request: HttpRequest) -> None:
    """Drop the draft."""
    sealing.drop(request, SESSION_KEY)
