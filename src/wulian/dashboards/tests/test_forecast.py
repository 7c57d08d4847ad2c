"""A forecast uses the method that erred least on the past, says so, and is silent when the past is short."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest

from wulian.dashboards.briefing.chance import at_least, at_most, binomial_at_least, wins_by_chance
from wulian.dashboards.briefing.forecast import (
    HORIZON,
    METHODS,
    MIN_MONTHS,
    MIN_TRAINING,
    forecast,
    past_errors,
    same_month,
)

SEASONS = [20, 5, 30, 28, 25, 31, 33, 24, 26, 18, 22, 12]


def test_a_short_series_gets_no_forecast():
    assert forecast([5.0] * (MIN_MONTHS - 1)) is None
    assert forecast([5.0] * MIN_MONTHS) is not None


def test_a_yearly_pattern_is_forecast_by_the_same_month_of_the_year_before():
    found = forecast([float(value) for value in SEASONS * 4])
    assert found.method == "上年同月法"
    assert found.values == SEASONS[:HORIZON]
    assert found.scores[0].mae == 0 and found.scores[0].mape == 0
    assert found.lower == found.values == found.upper


def test_noise_around_a_level_is_smoothed_and_not_chased():
    random = np.random.default_rng(7)
    series = 50 + random.normal(0, 8, 48)
    found = forecast(series)
    by_name = {score.method: score.mae for score in found.scores}
    assert by_name["一次指数平滑法"] < by_name["上月值法"]
    assert found.values[0] == pytest.approx(50, abs=8)
    assert all(
        low <= value <= high for low, value, high in zip(found.lower, found.values, found.upper, strict=True)
    )


def test_a_rise_is_followed_and_its_error_is_that_of_the_backtest():
    series = [10 + 3 * month for month in range(30)]
    found = forecast(series)
    assert found.method == "阻尼趋势指数平滑法"
    errors, facts = past_errors(METHODS[found.method], np.array(series, dtype=float), HORIZON)
    assert found.scores[0].mae == pytest.approx(np.mean(np.abs(errors)))
    assert found.scores[0].mape == pytest.approx(np.mean(np.abs(errors) / facts))
    assert found.scores[0].origins == len(series) - MIN_TRAINING - HORIZON + 1 == len(errors)


def test_the_scores_are_sorted_and_the_first_is_the_one_used():
    found = forecast([float(3 + month % 5) for month in range(30)])
    assert [score.mae for score in found.scores] == sorted(score.mae for score in found.scores)
    assert found.method == found.scores[0].method
    assert {score.method for score in found.scores} == set(METHODS)


def test_a_month_without_any_gives_no_percentage():
    found = forecast([0.0, 4.0] * 12)
    assert all(score.mape is None for score in found.scores)


def test_a_backtest_never_sees_what_came_later():
    series = np.arange(24, dtype=float)
    seen = []

    def spy(past, horizon):
        seen.append(len(past))
        assert past[-1] == len(past) - 1
        return np.repeat(past[-1], horizon)

    past_errors(spy, series, HORIZON)
    assert seen == list(range(MIN_TRAINING, len(series) - HORIZON + 1))


def test_a_falling_series_is_never_forecast_below_zero():
    found = forecast([float(max(0, 60 - 3 * month)) for month in range(24)])
    assert min(found.values + found.lower) >= 0


def test_the_same_month_goes_on_beyond_a_year():
    assert same_month(np.arange(1.0, 13.0), 14).tolist() == [*range(1, 13), 1, 2]


def test_chances_that_are_alike_give_the_binomial_distribution():
    found = wins_by_chance([0.3] * 6)
    assert found.tolist() == pytest.approx([comb(6, k) * 0.3**k * 0.7 ** (6 - k) for k in range(7)])
    assert at_least(found, 2) == pytest.approx(binomial_at_least(2, 6, 0.3))
    assert at_least(found, 3) + at_most(found, 2) == pytest.approx(1)


def test_chances_that_differ_are_counted_exactly():
    assert wins_by_chance([0.5, 0.2]).tolist() == pytest.approx([0.4, 0.5, 0.1])


@pytest.mark.parametrize(
    ("count", "trials", "chance", "expected"), [(0, 5, 0.1, 1), (5, 5, 0.5, 1 / 32), (300, 500, 0.5, 4.6e-6)]
)
def test_tails_are_right_at_the_ends_and_for_many_trials(count, trials, chance, expected):
    assert binomial_at_least(count, trials, chance) == pytest.approx(expected, rel=0.05)
