"""Who is far from the others, and whether it changes the ranking (REFERENCE PB-13, PB-14)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from wulian.exchange.events import EVENT, Story
from wulian.exchange.events.day import Day
from wulian.information.supervision.scoring import robust_limit, score_sheet


def story(scenario="normal", seed=1, upto=None):
    found = Story()
    for event in Day("E1", 5, scenario, seed).events(datetime(2026, 7, 1, 1, tzinfo=UTC)):
        found.apply(EVENT.validate_python(event))
        if event["kind"] == upto:
            break
    return found


@pytest.mark.parametrize(
    ("scores", "weight", "limit"),
    [
        ([10, 10, 10, 10, 4], 15, "3.0"),
        ([10, 11, 12, 13, 14], 15, "3"),
        ([8, 10, 12, 14, 16], 15, "6"),
    ],
)
def test_the_limit_is_the_larger_of_three_deviations_and_a_fifth_of_the_weight(scores, weight, limit):
    middle, found = robust_limit([Decimal(score) for score in scores], Decimal(weight))
    assert middle == sorted(scores)[2]
    assert found == Decimal(limit)


def test_a_normal_day_has_no_outlier_and_keeps_its_ranking():
    sheet = score_sheet(story(seed=2))
    assert sheet is not None
    assert (sheet.outliers, sheet.unequal, sheet.flips, sheet.missing) == ([], [], False, 0)
    assert len(sheet.ranking) == 4, "the rejected bid is not ranked"


def test_one_member_can_flip_the_ranking_and_is_named():
    sheet = score_sheet(story("outlier"))
    assert sheet is not None
    assert {found.member for found in sheet.outliers} == {"M1"}
    assert sheet.flips
    assert sheet.without["M1"][0] == sheet.median_ranking[0] != sheet.ranking[0]


def test_no_ranking_is_shown_before_every_member_has_scored():
    sheet = score_sheet(story("outlier", upto="scores.given"))
    assert sheet is not None
    assert (sheet.ranking, sheet.flips, sheet.missing) == ([], False, 24)


def test_an_objective_item_scored_differently_is_named():
    told = story()
    items = told.scores["M2", "B01"]
    told.scores["M2", "B01"] = [
        item.model_copy(update={"score": item.score - 1}) if item.item == "企业业绩与信誉" else item
        for item in items
    ]
    sheet = score_sheet(told)
    assert sheet is not None
    assert sheet.unequal == [("B01", "企业业绩与信誉")]


def test_before_the_first_score_there_is_no_sheet():
    assert score_sheet(story(upto="evaluation.started")) is None
