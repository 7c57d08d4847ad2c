"""What holds for all indicators: exclusions, the main currency, quartiles, and agreement with a plain program."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wulian.analysis.indicators import BY_CODE, GROUPS, parse_settings
from wulian.analysis.indicators.fences import Quartiles, fused, quantiles, shown
from wulian.analysis.indicators.tests.releases import (
    award,
    bid,
    contest,
    flagged,
    found,
    messy,
    release,
    to_lines,
)
from wulian.analysis.indicators.tests.single_pass import judge_lines

EVERY = {code: {} for code in BY_CODE}


# -- all of them -------------------------------------------------------------------------------------------------------


def test_a_cancelled_tender_is_left_out_of_everything():
    made = release(
        "p",
        [bid("A", 100), bid("B", 100, "disqualified")],
        [award("A")],
        buyer="X",
        status="cancelled",
        numberOfTenderers=1,
        procurementMethod="open",
        tenderPeriod={"startDate": "2026-03-01T00:00:00Z", "endDate": "2026-03-02T00:00:00Z"},
    )
    assert set(found([made], **EVERY)) == {"Meta"}


def test_methods_can_be_excluded_from_all_or_from_price_comparison():
    same = [bid("A", 100), bid("B", 100)]
    drawn = release(
        "drawn", same, procurementMethodDetails="抽签", numberOfTenderers=1, procurementMethod="open"
    )
    unknown = release("unknown", same)
    made = [drawn, unknown]

    def rows(**settings):
        return {
            key: sorted(codes) for key, codes in found(made, R018={}, R028={}, **settings)["OCID"].items()
        }

    assert rows() == {"drawn": ["R018", "R028"], "unknown": ["R028"]}
    assert rows(exclusions={"procurement_method_details": "抽签|摇号"}) == {"unknown": ["R028"]}
    assert rows(no_price_comparison_procurement_methods="抽签") == {"drawn": ["R018"], "unknown": ["R028"]}
    assert rows(price_comparison_procurement_methods="抽签") == {"drawn": ["R018", "R028"]}
    assert rows(price_comparison_procurement_methods="公开") == {"drawn": ["R018"]}


def test_without_a_set_currency_the_first_one_met_is_the_main_one():
    dollars = [
        release(f"u{n}", [bid("A", 100, currency="USD"), bid("B", 101, currency="USD")], [award("A")])
        for n in (1, 2)
    ]
    yuan = contest("y", 100, 101)
    assert set(flagged([yuan, *dollars], "R024", threshold=0.5)) == {"y"}
    assert set(flagged([*dollars, yuan], "R024", threshold=0.5)) == {"u1", "u2"}
    assert set(flagged([*dollars, yuan], "R024", threshold=0.5, settings={"currency": "CNY"})) == {"y"}
    # A price that no comparison reads is no price met.
    unread = release("z", [bid("A", 100, currency="JPY")])
    assert set(flagged([unread, yuan, *dollars], "R024", threshold=0.5)) == {"y"}
    assert flagged([yuan], "R024", threshold=0.5, settings={"currency": "XXX"}) == {}


@pytest.mark.parametrize("seed", range(12))
def test_on_messy_releases_every_indicator_agrees_with_a_plain_program(seed):
    made = messy(150, seed)
    variants = [
        {"currency": "CNY"},
        {},
        {
            "R024": {"threshold": 0.3},
            "R025": {"threshold": 0.5, "percentile": 40},
            "R048": {"minimum_contracting_processes": 2},
        },
        {
            "exclusions": {"procurement_method_details": "抽签"},
            "R038": {"threshold": 0.3, "minimum_submitted_bids": 5},
        },
        {
            "no_price_comparison_procurement_methods": "抽签",
            "R003": {"threshold": 19, "procurement_method_details": {"抽签": 21}},
        },
        {
            "price_comparison_procurement_methods": "公开招标|邀请招标",
            "R048": {"digits": 1, "minimum_contracting_processes": 0},
        },
    ]
    given = {**EVERY, **variants[seed % len(variants)]}
    assert found(made, **given) == judge_lines(to_lines(made), parse_settings(given))


def test_messy_releases_trip_every_indicator():
    given = {
        **EVERY,
        "currency": "CNY",
        "R003": {"threshold": 21},
        "R024": {"threshold": 0.01},
        "R025": {"threshold": 0.3},
        "R038": {"threshold": 0.2},
        "R048": {"minimum_contracting_processes": 1},
    }
    made = [item for seed in range(4) for item in messy(150, seed)]
    rows = found(made, **given)
    assert {code for group in GROUPS for codes in rows[group].values() for code in codes} == set(BY_CODE)


# -- quantiles ---------------------------------------------------------------------------------------------------------


def test_quantiles_are_of_type_r8():
    """Hyndman and Fan 1996, definition 8; the values are those of R's quantile(1:9, c(.25, .75), type = 8)."""
    first, third = quantiles(np.arange(9.0, 0.0, -1.0), 0.25, 0.75)
    assert (first, third) == (pytest.approx(8 / 3), pytest.approx(22 / 3))


def test_quantiles_of_one_value_are_the_value_and_of_none_no_number():
    assert quantiles(np.array([3.0]), 0.0, 0.25, 0.75, 1.0) == [3.0] * 4
    assert all(
        math.isnan(value) for value in (Quartiles.of(np.empty(0)).q1, Quartiles.of(np.empty(0)).upper_fence)
    )


def test_a_fence_is_rounded_once():
    assert fused(0.1, 10.0, -1.0) == 2**-54
    assert 0.1 * 10.0 - 1.0 == 0.0


def test_meta_rounds_halves_away_from_zero():
    assert [shown(value) for value in (0.00005, -0.00005, 0.12344, math.nan, math.inf)] == [
        0.0001,
        -0.0001,
        0.1234,
        None,
        None,
    ]
