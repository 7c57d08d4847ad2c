"""The indices name who stands out, with the numbers; few observations and ordinary luck name nobody."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from wulian.dashboards.briefing.indices import (
    ALPHA,
    CAUTION,
    MIN_BIDS,
    agencies,
    champions,
    companions,
    compute_indices,
    loyal_experts,
    outlying_experts,
    questioned,
)
from wulian.dashboards.briefing.market import Committee, LotFacts, Market

KING, SHADOW, AGENCY = 1, 2, 90


def market(lots=(), committees=(), matters=None):
    names = {number: f"第{number}建设公司" for number in range(200)}
    experts = {f"E{number}": f"专家{number}" for number in range(60)}
    return Market(dict(enumerate(lots)), dict(enumerate(committees)), experts, matters or {}, names, 0)


def fair_lots(random, count=200, firms=range(10, 60), agency=None):
    lots = []
    for _turn in range(count):
        bidders = random.sample(list(firms), 6)
        lots.append(LotFacts(bidders, 0, random.choice(bidders), agency))
    return lots


def parts_of(row):
    return dict(row.components)


def test_a_firm_that_wins_nearly_always_stands_out_with_its_expectation():
    lots = fair_lots(Random(1))
    lots += [LotFacts([KING, 10, 11, 12, 13], 0, KING) for _turn in range(9)] + [
        LotFacts([KING, 10, 11, 12, 13], 0, 10)
    ]
    [row] = [row for row in champions(market(lots)).rows if row.party == KING]
    assert row.value == "4.5倍"
    assert parts_of(row)["参与标段"] == "10"
    assert parts_of(row)["机会均等时的期望中标"] == "2.0"
    assert row.p < 0.00001
    assert "样本提示" not in parts_of(row)


def test_a_small_sample_is_told_with_its_caution_and_a_smaller_one_not_at_all():
    lots = fair_lots(Random(2)) + [LotFacts([KING, 10, 11, 12, 13], 0, KING)] * MIN_BIDS
    [row] = [row for row in champions(market(lots)).rows if row.party == KING]
    assert "样本偏小" in parts_of(row)["样本提示"]
    fewer = fair_lots(Random(2)) + [LotFacts([KING, 10, 11, 12, 13], 0, KING)] * (MIN_BIDS - 1)
    assert KING not in [row.party for row in champions(market(fewer)).rows]


def test_a_firm_that_wins_often_because_few_compete_does_not_stand_out():
    """Six wins of twelve against one competitor each is what chance gives."""
    lots = fair_lots(Random(3)) + [LotFacts([KING, 10], 0, KING if turn % 2 else 10) for turn in range(12)]
    assert KING not in [row.party for row in champions(market(lots)).rows]


def test_a_lot_with_a_single_bidder_is_no_competition_and_is_left_out():
    lots = fair_lots(Random(4)) + [LotFacts([KING], 0, KING)] * 30
    assert KING not in [row.party for row in champions(market(lots)).rows]


def test_luck_alone_names_about_as_many_as_the_caution_says():
    named = tested = 0
    for seed in range(20):
        index = champions(market(fair_lots(Random(seed))))
        named += len(index.rows)
        tested += index.tested
    assert named <= 3 * ALPHA * tested


def test_a_firm_that_never_wins_beside_the_same_winner_stands_out_with_the_winner_named():
    lots = fair_lots(Random(5)) + [LotFacts([KING, SHADOW, 10, 11, 12, 13], 0, KING) for _turn in range(8)]
    [row] = [row for row in companions(market(lots)).rows if row.party == SHADOW]
    assert row.value == "100.0%"
    assert "第1建设公司 8次" in parts_of(row)["同场中标较多的主体"]
    assert "其中标8次" in parts_of(row)["与首位同场投标"]


def test_a_firm_that_wins_now_and_then_is_no_companion():
    lots = fair_lots(Random(6)) + [
        LotFacts([KING, SHADOW, 10, 11, 12], 0, KING if turn else SHADOW) for turn in range(8)
    ]
    assert SHADOW not in [row.party for row in companions(market(lots)).rows]


def test_complaints_about_a_party_are_counted_and_excluded_alerts_and_complainants_are_not():
    matters = {
        KING: Counter({"投诉": 2, "举报": 1, "预警": 5, "预警已转办": 1}),
        SHADOW: Counter({"预警": 9}),
        12: Counter({"投诉": 1}),
    }
    index = questioned(market(fair_lots(Random(7)), matters=matters))
    assert [(row.party, row.value) for row in index.rows] == [(KING, "4")]
    assert index.too_few == 2


def test_an_agency_with_many_rejections_is_compared_with_the_others():
    random = Random(8)
    lots = [lot for agency in (91, 92, 93) for lot in fair_lots(random, 40, agency=agency)]
    for lot in lots:
        lot.rejected = int(random.random() < 0.3)
    own = fair_lots(random, 12, agency=AGENCY)
    for lot in own:
        lot.rejected = 5
    [row] = agencies(market(lots + own)).rows
    assert row.party == AGENCY
    assert parts_of(row)["否决投标"].startswith("60/72")
    assert parts_of(row)["仅一家有效投标的标段"].startswith("12")


def test_an_agency_with_few_lots_is_not_judged():
    lots = fair_lots(Random(9), 60, agency=91) + [LotFacts([10, 11], 2, 10, AGENCY)] * 4
    index = agencies(market(lots))
    assert AGENCY not in [row.party for row in index.rows] and index.too_few == 1


def committee(random, experts, bias=0.0, winner=10):
    """Five experts, six bids; the first expert lifts the winner by `bias` points."""
    found = Committee(winner=winner)
    for bid in range(6):
        found.tenderers[bid] = 10 + bid
        quality = random.uniform(70, 90)
        for place, expert in enumerate(experts):
            lift = bias if place == 0 and bid == 0 else 0
            found.points[expert][bid] = quality + random.gauss(0, 1.5) + lift
    return found


def test_an_expert_who_often_scores_far_from_the_others_stands_out():
    random = Random(10)
    ordinary = [f"E{number}" for number in range(1, 40)]
    groups = [
        committee(random, random.sample(ordinary, 5), winner=random.randint(10, 40)) for _turn in range(60)
    ]
    biased = [
        committee(random, ["E0", *random.sample(ordinary, 4)], 25, random.randint(10, 40))
        for _turn in range(8)
    ]
    index = outlying_experts(market(committees=groups + biased))
    assert index.rows[0].subject == "专家0"
    assert parts_of(index.rows[0])["参加评标标段"] == "8"
    assert index.rows[0].party is None


def test_experts_who_agree_exactly_are_no_outliers():
    same = Committee(winner=10, tenderers={0: 10, 1: 11})
    for expert in ("E1", "E2", "E3"):
        same.points[expert] = {0: 90.0, 1: 80.0}
    assert outlying_experts(market(committees=[same] * 20)).rows == []


def test_an_expert_under_whom_one_firm_keeps_winning_stands_out():
    random = Random(11)
    ordinary = [f"E{number}" for number in range(1, 40)]
    groups = [
        committee(random, random.sample(ordinary, 5), winner=random.randint(10, 60)) for _turn in range(80)
    ]
    loyal = [committee(random, ["E0", *random.sample(ordinary, 4)], winner=KING) for _turn in range(5)]
    index = loyal_experts(market(committees=groups + loyal))
    assert index.rows[0].subject == "专家0"
    assert "第1建设公司 5次" in parts_of(index.rows[0])["同一中标人"]


def test_a_winner_of_all_the_market_says_nothing_about_an_expert():
    random = Random(12)
    ordinary = [f"E{number}" for number in range(20)]
    groups = [committee(random, random.sample(ordinary, 5), winner=KING) for _turn in range(40)]
    assert loyal_experts(market(committees=groups)).rows == []


@pytest.mark.parametrize("lots", [[], [LotFacts([1], 0, None)], [LotFacts([1, 2], 2, None, 90)]])
def test_a_market_without_results_gives_every_index_without_rows(lots):
    for index in compute_indices(market(lots)):
        assert index.rows == []


def test_every_index_says_formula_minimum_and_that_it_proves_nothing():
    for index in compute_indices(market(fair_lots(Random(13)))):
        assert index.formula and index.minimum and index.source.startswith(("C.4 N-", "K "))
        assert index.caution.startswith(CAUTION)
