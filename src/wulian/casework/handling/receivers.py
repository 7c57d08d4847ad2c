"""What the handling hears from the dialogue with the complainant."""

from __future__ import annotations

from typing import Any

from wulian.casework.dialogue.models import WithdrawalRequest
from wulian.casework.handling.services import clocks
from wulian.casework.intake.models import Complaint


def start_examination(*, request: WithdrawalRequest, **given: Any) -> None:
    """A complainant wishes to withdraw: our own three working days to examine it run from the request (REFERENCE D.6 C09)."""
    complaint = request.about
    if isinstance(complaint, Complaint):
        clocks.start(complaint, clocks.WITHDRAWAL, "permit_withdrawal", None)
