"""Numbers without gaps, per kind and year."""

from __future__ import annotations

from typing import Final, NamedTuple

from wulian.core.config.numbers import next_number

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
    n = next_number(f"intake:{kind}", year)
    return Number(FORMATS[kind].format(year=year, n=n), year, n)
