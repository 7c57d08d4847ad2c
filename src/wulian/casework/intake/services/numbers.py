"""Numbers without gaps, per kind and year."""

from __future__ import annotations

from typing import Final, NamedTuple

from wulian.casework.intake.models import IntakeSequence

FORMATS: Final = {
    "receipt": "随招收〔{year}〕{n}号",
    "complaint": "随招投诉〔{year}〕{n}号",
    "tip_off": "随招举报〔{year}〕{n}号",
    "alias": "R-{year}-{n:05d}",
}


class Number(NamedTuple):
    """A number taken from a sequence."""

    text: str
    year: int
    n: int


def take_number(kind: str, year: int) -> Number:
    """Take the next number of a kind (see FORMATS) under the row lock; it comes back when the transaction does."""
    IntakeSequence.objects.get_or_create(kind=kind, year=year)
    sequence = IntakeSequence.objects.select_for_update().get(kind=kind, year=year)
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return Number(FORMATS[kind].format(year=year, n=sequence.last), year, sequence.last)
