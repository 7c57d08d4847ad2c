"""What the dialogue does when the intake announces something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from wulian.casework.dialogue.models import SupplementRequest
from wulian.casework.dialogue.services import ask_supplement, withdraw_supplement

if TYPE_CHECKING:
    from wulian.casework.intake.models import Matter
    from wulian.core.accounts.models import User


def completion_was_asked(
    sender: Any, matter: Matter, what: Sequence[str], due_on: date, actor: User, **kwargs: Any
) -> None:
    """A 补正通知 asks the reporter on the public page too; it takes the place of an earlier request."""
    for earlier in SupplementRequest.objects.of(matter).filter(received_at=None, withdrawn_at=None):
        withdraw_supplement(actor=actor, request=earlier)
    ask_supplement(actor=actor, matter=matter, what="\n".join(what), due_on=due_on)
