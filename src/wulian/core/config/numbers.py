"""Numbers without gaps: taken under a row lock, given back when the transaction rolls back."""

from __future__ import annotations

from datetime import date

from wulian.core.config.models import NumberSequence


def next_number(scope: str, period: int | date) -> int:
    """Return the next number of a scope in a year or on a day; call it inside the transaction that uses it."""
    NumberSequence.objects.get_or_create(scope=scope, period=str(period))
    sequence = NumberSequence.objects.select_for_update().get(scope=scope, period=str(period))
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return sequence.last
