"""Quartiles and fences exactly as Cardinal's: quantiles of type R8 (Hyndman and Fan 1996), one rounding in a fence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

Column = np.ndarray[Any, np.dtype[np.float64]]


def quantiles(values: Column, *shares: float) -> list[float]:
    """Return quantiles of type R8, h = (n + 1/3)·share + 1/3, of values in any order; NaN when there are none."""
    count = len(values)
    if not count:
        return [math.nan for _share in shares]
    places = [_place(count, share) for share in shares]
    wanted = {index for below, _beyond in places for index in (below, min(below + 1, count - 1))}
    ordered = np.partition(values, sorted(wanted))
    return [
        float(ordered[below] + beyond * (ordered[below + 1] - ordered[below]) if beyond else ordered[below])
        for below, beyond in places
    ]


def _place(count: int, share: float) -> tuple[int, float]:
    """Return the index, counted from 0, of the value below, and how far towards the next one the quantile is."""
    place = (count + 1.0 / 3.0) * share + 1.0 / 3.0
    below = int(place)
    if below <= 0 or share == 0.0:
        return 0, 0.0
    if below >= count or share == 1.0:
        return count - 1, 0.0
    return below - 1, place - below


@dataclass(frozen=True)
class Quartiles:
    """First and third quartile, not a number when there are no values."""

    q1: float
    q3: float

    @classmethod
    def of(cls, values: Column) -> Quartiles:
        """Return the quartiles of values in any order."""
        return cls(*quantiles(values, 0.25, 0.75))

    @property
    def lower_fence(self) -> float:
        """Q1 − 1.5 IQR."""
        return fused(self.q3 - self.q1, -1.5, self.q1)

    @property
    def upper_fence(self) -> float:
        """Q3 + 1.5 IQR."""
        return fused(self.q3 - self.q1, 1.5, self.q3)


def fused(first: float, second: float, third: float) -> float:
    """Return first · second + third, rounded once."""
    if not all(map(math.isfinite, (first, second, third))):
        return first * second + third
    return float(Fraction(first) * Fraction(second) + Fraction(third))


def shown(value: float) -> float | None:
    """Round to 4 places, halves away from zero, as the group `Meta` shows it; None for what is not a number."""
    if not math.isfinite(value):
        return None
    scaled = value * 10_000.0
    whole = math.floor(abs(scaled))
    if abs(scaled) - whole >= 0.5:
        whole += 1
    return math.copysign(whole, scaled) / 10_000.0
