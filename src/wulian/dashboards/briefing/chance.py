"""How likely something is by chance alone: exact tails of counts."""

from __future__ import annotations

from collections.abc import Iterable
from math import comb

import numpy as np
from numpy.typing import NDArray


def wins_by_chance(chances: Iterable[float]) -> NDArray[np.float64]:
    """The probabilities of 0, 1, 2 … successes in independent trials with these chances (Poisson-binomial, exact)."""
    found = np.ones(1)
    for chance in chances:
        found = np.convolve(found, (1 - chance, chance))
    return found


def at_least(distribution: NDArray[np.float64], count: int) -> float:
    """The probability of `count` or more."""
    return float(min(1.0, distribution[count:].sum()))


def at_most(distribution: NDArray[np.float64], count: int) -> float:
    """The probability of `count` or fewer."""
    return float(min(1.0, distribution[: count + 1].sum()))


def binomial_at_least(count: int, trials: int, chance: float) -> float:
    """The probability of `count` or more successes in `trials` with the same chance."""
    if count <= 0:
        return 1.0
    if trials > 400:
        return at_least(wins_by_chance([chance] * trials), count)
    terms = (comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(count, trials + 1))
    return float(min(1.0, sum(terms)))
