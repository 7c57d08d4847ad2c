"""Forecasts of monthly counts: simple methods, the one with the smallest error on the past, and that error beside it.

Each method is judged by a rolling origin (Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 5.10): at every
month from the thirteenth on it sees only what came before, and its forecasts of the next months are held against what came.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

Series = NDArray[np.float64]
Method = Callable[[Series, int], Series]
SEASON: Final = 12
HORIZON: Final = 3
MIN_TRAINING: Final = 12
MIN_MONTHS: Final = MIN_TRAINING + 2 * HORIZON
WEIGHTS: Final = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
DAMPING: Final = 0.9
COVERED: Final = 0.8


@dataclass(frozen=True)
class Score:
    """The error of one method on the past: MAE in the unit of the series, MAPE as a share (None when a month had none)."""

    method: str
    mae: float
    mape: float | None
    origins: int


@dataclass(frozen=True)
class Forecast:
    """The next months by the best method, with the span that held four fifths of the errors on the past."""

    method: str
    values: list[float]
    lower: list[float]
    upper: list[float]
    scores: list[Score]


def last_value(series: Series, horizon: int) -> Series:
    """上月值法: every month to come is like the last one."""
    return np.repeat(series[-1], horizon)


def same_month(series: Series, horizon: int) -> Series:
    """上年同月法 (seasonal naive): every month is like the same month a year before."""
    return np.array([series[len(series) - SEASON + step % SEASON] for step in range(horizon)])


def smoothed(series: Series, horizon: int) -> Series:
    """一次指数平滑: a mean in which a month weighs less the longer it is past; the weight fits the past best."""
    best, level = np.inf, series[-1]
    for weight in WEIGHTS:
        current, squares = float(series[:3].mean()), 0.0
        for value in series:
            squares += (value - current) ** 2
            current += weight * (value - current)
        if squares < best:
            best, level = squares, current
    return np.repeat(level, horizon)


def damped_trend(series: Series, horizon: int) -> Series:
    """阻尼趋势指数平滑 (Holt, Gardner and McKenzie): level and trend, the trend fading from month to month."""
    best, chosen = np.inf, (float(series[-1]), 0.0)
    for alpha, beta in product(WEIGHTS[::2], WEIGHTS[:5:2]):
        level, trend, squares = float(series[0]), float(series[1] - series[0]), 0.0
        for value in series[1:]:
            expected = level + DAMPING * trend
            squares += (value - expected) ** 2
            before, level = level, expected + alpha * (value - expected)
            trend = beta * (level - before) + (1 - beta) * DAMPING * trend
        if squares < best:
            best, chosen = squares, (level, trend)
    fading = np.cumsum(DAMPING ** np.arange(1, horizon + 1))
    return chosen[0] + chosen[1] * fading


METHODS: Final[dict[str, Method]] = {
    "上月值法": last_value,
    "上年同月法": same_month,
    "一次指数平滑法": smoothed,
    "阻尼趋势指数平滑法": damped_trend,
}


def forecast(values: Sequence[float], horizon: int = HORIZON) -> Forecast | None:
    """Forecast the next `horizon` months of a monthly series; None when it has fewer than MIN_MONTHS months."""
    series = np.asarray(values, dtype=np.float64)
    if len(series) < MIN_MONTHS:
        return None
    errors = {name: past_errors(method, series, horizon) for name, method in METHODS.items()}
    scores = sorted((_score(name, *found) for name, found in errors.items()), key=lambda item: item.mae)
    best = scores[0].method
    ahead = np.maximum(METHODS[best](series, horizon), 0)
    spread = np.quantile(np.abs(errors[best][0]), COVERED, axis=0)
    return Forecast(
        best, ahead.tolist(), np.maximum(ahead - spread, 0).tolist(), (ahead + spread).tolist(), scores
    )


def past_errors(method: Method, series: Series, horizon: int) -> tuple[Series, Series]:
    """Forecast minus fact, and the facts, one row for each origin and one column for each month ahead."""
    origins = range(MIN_TRAINING, len(series) - horizon + 1)
    facts = np.array([series[origin : origin + horizon] for origin in origins])
    guesses = np.array([np.maximum(method(series[:origin], horizon), 0) for origin in origins])
    return guesses - facts, facts


def _score(name: str, errors: Series, facts: Series) -> Score:
    share = float(np.mean(np.abs(errors) / facts)) if np.all(facts > 0) else None
    return Score(name, float(np.mean(np.abs(errors))), share, len(errors))
