"""What the global search finds at the window."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wulian.casework.intake.models import Complaint, TipOff
from wulian.core.ui.search import PER_GROUP, Hit

SHORTEST = 6


def find_entries(user: Any, text: str) -> Iterator[Hit]:
    """Matters that `user` may see, by the provisional number on the slip that was handed out while the line was down."""
    number = text.strip().upper()
    if len(number) < SHORTEST or not number.startswith("LS"):
        return
    for model in (Complaint, TipOff):
        rows = model.objects.visible_to(user).filter(
            receipt__window_entry__provisional_number__startswith=number
        )
        for matter in rows.select_related("receipt__window_entry")[:PER_GROUP]:
            entry, receipt = matter.receipt.window_entry, matter.receipt
            yield Hit(
                matter.number,
                matter.get_absolute_url(),
                model._meta.verbose_name_plural or "",
                f"{entry.provisional_number} · {receipt.number}",
                "message-report",
            )
