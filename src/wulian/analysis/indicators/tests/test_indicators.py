"""Each indicator as Cardinal 0.0.8 defines it, on releases small enough to judge by hand."""

from __future__ import annotations

import pytest

from wulian.analysis.indicators.tests.releases import award, bid, contest, flagged, found, release


def _period(start, end, **more):
    return release("p", tenderPeriod={"startDate": start, "endDate": end}, **more)


# -- R003 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "short"),
    [
        ("2026-03-01T09:00:00Z", "2026-03-16T08:59:59Z", True),
        ("2026-03-01T09:00:00Z", "2026-03-16T09:00:00Z", False),
        # The same moment, written at another offset.
        ("2026-03-01T09:00:00+08:00", "2026-03-16T01:00:00Z", False),
        ("2026-03-01T09:00:00.500Z", "2026-03-16T09:00:00Z", True),
        ("2026-03-16T09:00:00Z", "2026-03-01T09:00:00Z", True),
        ("2026-03-01t09:00:00z", "2026-03-02 09:00:00-00:30", True),
        # Not RFC 3339: no judgement.
        ("2026-03-01", "2026-03-02", False),
        ("2026-03-01T09:00:00", "2026-03-02T09:00:00", False),
        ("2026-02-30T09:00:00Z", "2026-03-02T09:00:00Z", False),
        (None, "2026-03-02T09:00:00Z", False),
        (20260301, "2026-03-02T09:00:00Z", False),
    ],
)
def test_r003_counts_whole_days_between_points_in_time(start, end, short):
    assert flagged([_period(start, end)], "R003") == ({"p": 1.0} if short else {})


def test_r003_has_a_threshold_for_each_method_and_may_look_at_some_methods_only():
    days = ("2026-03-01T09:00:00Z", "2026-03-12T09:00:00Z")
    urgent = _period(*days, procurementMethodDetails="紧急", procurementMethod="limited")
    options = {"threshold": 12, "procurement_method_details": {"紧急": 10}}
    assert flagged([urgent], "R003", **options) == {}
    assert flagged([_period(*days)], "R003", **options) == {"p": 1.0}
    assert flagged([urgent], "R003", procurement_methods="open|selective") == {}
    assert flagged([urgent], "R003", procurement_methods="open|limited|") == {"p": 1.0}
    assert flagged([_period(*days)], "R003", procurement_methods="open") == {}


# -- R018 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "method", "single"),
    [
        (1, "open", True),
        (1, "direct", False),
        (2, "open", False),
        (1.0, "open", False),
        ("1", "open", False),
        (1, None, False),
    ],
)
def test_r018_is_one_tenderer_in_a_competitive_method(number, method, single):
    one = release("p", numberOfTenderers=number, procurementMethod=method)
    assert flagged([one], "R018") == ({"p": 1.0} if single else {})


def test_r018_with_no_methods_named_looks_at_every_one():
    assert flagged([release("p", numberOfTenderers=1)], "R018", procurement_methods="") == {"p": 1.0}


# -- R024 and R058 ---------------------------------------------------------------------------------------------------


def test_r024_flags_the_process_the_winner_and_the_second_lowest_bidder():
    close = contest("near", 1000, 1001, 1500)
    rows = found([close, contest("far", 1000, 1400)], R024={"threshold": 0.001})
    assert rows["OCID"] == {"near": {"R024": 0.001}}
    assert rows["Tenderer"] == {"A": {"R024": 0.0}, "B": {"R024": 0.0}}
    assert rows["Meta"] == {"R024": {"lower_fence": 0.001}}


def test_r024_of_several_second_lowest_bids_the_first_one_counts():
    tied = release("p", [bid("C", 101), bid("B", 101), bid("A", 100)], [award("A")])
    assert flagged([tied], "R024", "Tenderer", threshold=0.5) == {"A": 0.0, "C": 0.0}


def test_r024_takes_the_winners_lowest_bid():
    again = release("p", [bid("A", 120), bid("A", 100), bid("B", 110)], [award("A")])
    assert flagged([again], "R024", threshold=0.5) == {"p": 0.1}


@pytest.mark.parametrize(
    "left_out",
    [
        contest("p", 100, 90),  # the lowest bid did not win
        release("p", [bid("A", 100), bid("B", 101)], [award("A"), award("B")]),
        release("p", [bid("A", 100), bid("B", 101)], [award("A"), award("A", "pending")]),
        release("p", [bid("A", 100), bid("B", 101)], [award("A+B")]),
        release("p", [bid("A", 100), bid("B+C", 101)], [award("A")]),
        release("p", [bid("A", 100), bid("B", 101, "disqualified")], [award("A")]),
        release("p", [bid("A", 100), bid("B", 101, currency="USD")], [award("A")]),
        release("p", [bid("A", 100), bid("B", "101")], [award("A")]),
        release("p", [bid("A", 100)], [award("A")]),
        release("p", [bid("A", 100), bid("B", 101)]),
        contest("p", 0, 5),  # no share of nothing
    ],
)
def test_r024_compares_prices_only_where_a_single_bidder_won_by_price(left_out):
    assert flagged([left_out], "R024", threshold=0.5, settings={"currency": "CNY"}) == {}


def test_r024_cancelled_and_unsuccessful_awards_were_earlier_attempts():
    awards = [award("B", "cancelled"), award("C", "unsuccessful"), {"suppliers": []}, award("A")]
    retried = release("p", [bid("A", 100), bid("B", 101)], awards)
    assert flagged([retried], "R024", threshold=0.5) == {"p": 0.01}


def test_r024_and_r058_use_the_fences_of_the_data():
    contests = [
        contest(f"p{number}", 1000, 1000 + number) for number in (1, 50, 51, 52, 53, 54, 55, 56, 57, 200)
    ]
    rows = found(contests, R024={}, R058={})
    assert rows["OCID"] == {"p1": {"R024": 0.001}, "p200": {"R058": 0.2}}
    assert rows["Tenderer"] == {"A": {"R024": 0.0, "R058": 0.0}, "B": {"R024": 0.0}}
    assert rows["Meta"]["R024"]["lower_fence"] == 0.0432
    assert rows["Meta"]["R058"] == {"q1": 0.0509, "q3": 0.0561, "upper_fence": 0.0638}


def test_no_fence_of_zero_flags_the_many_that_show_no_difference():
    equal = [contest(f"p{number}", 100, 100) for number in range(9)]
    assert found(equal, R024={}, R058={}) == {
        "Meta": {
            "R024": {"q1": 0.0, "q3": 0.0, "lower_fence": 0.0},
            "R058": {"q1": 0.0, "q3": 0.0, "upper_fence": 0.0},
        }
    }


# -- R025 ------------------------------------------------------------------------------------------------------------


def test_r025_flags_who_bids_most_and_wins_least():
    processes = [
        release(f"p{number}", [bid("L", 5), bid("L", 6), bid(f"F{number % 3}", 5)], [award(f"F{number % 3}")])
        for number in range(9)
    ]
    rows = found(processes, R025={"threshold": 0.1})
    assert rows == {
        "Tenderer": {"L": {"R025": 0.0}},
        "Meta": {"R025": {"lower_fence": 0.1, "upper_fence": 6.5}},
    }


def test_r025_needs_no_amounts_and_no_consortia_and_counts_a_process_once():
    bids = [bid("A"), bid("A"), bid("B"), bid("A+B"), bid("C", status="disqualified")]
    rows = found([release("p", bids, [award("A")])], R025={"threshold": 0.5, "percentile": 0})
    assert rows["Tenderer"] == {"B": {"R025": 0.0}}
    assert rows["Meta"]["R025"]["upper_fence"] == 1.0


# -- R028 ------------------------------------------------------------------------------------------------------------


def test_r028_is_one_price_of_different_tenderers():
    same = release("p", [bid("A", 100), bid("B", 100.0, "disqualified"), bid("C", 101)])
    assert found([same], R028={}) == {
        "OCID": {"p": {"R028": 1.0}},
        "Tenderer": {"A": {"R028": 1.0}, "B": {"R028": 1.0}},
        "Meta": {},
    }


@pytest.mark.parametrize(
    "bids",
    [
        [bid("A", 100), bid("A", 100)],
        [bid("A+B", 100), bid("B+A", 100)],
        [bid("A", 100), bid("B", 100, currency="USD")],
        [bid("A", 100), bid("B", 100, "withdrawn")],
        [bid("A", 100), bid("", 100)],
        [bid("A", 100), {**bid("B", 100), "status": None}],
    ],
)
def test_r028_a_tenderer_may_bid_its_price_again_and_other_currencies_are_other_prices(bids):
    assert found([release("p", bids)], R028={}) == {"Meta": {}}


def test_r028_members_of_a_consortium_are_flagged_each():
    bids = [bid("A+B", 100), bid("C", 100), bid("A", 90)]
    assert flagged([release("p", bids)], "R028", "Tenderer") == {"A": 1.0, "B": 1.0, "C": 1.0}


# -- R030 ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("date", "late"),
    [
        ("2026-03-16T09:00:01Z", True),
        ("2026-03-16T09:00:00Z", False),
        ("2026-03-16T09:00:00.000Z", False),
        # 09:30 in Beijing is 01:30 in Greenwich, though its text is the greater one.
        ("2026-03-16T09:30:00+08:00", False),
        ("2026-03-16T05:00:00-06:00", True),
        # Texts that are no times are compared as texts.
        ("2026-03-17", True),
        ("2026-03-16", False),
    ],
)
def test_r030_compares_points_in_time(date, late):
    period = {"endDate": "2026-03-16T09:00:00Z"}
    made = release("p", [bid("A", date=date), bid("B", date="2027-01-01")], [award("A")], tenderPeriod=period)
    expected = {"OCID": {"p": {"R030": 1.0}}, "Tenderer": {"A": {"R030": 1.0}}} if late else {}
    assert found([made], R030={}) == {**expected, "Meta": {}}


def test_r030_flags_the_awarded_members_of_a_valid_bid_only():
    late = {"date": "2026-03-17T00:00:00Z"}
    bids = [bid("A+B", **late), bid("C", status="disqualified", **late)]
    made = release(
        "p", bids, [award("B+C"), award("X", "pending")], tenderPeriod={"endDate": "2026-03-16T00:00:00Z"}
    )
    assert flagged([made], "R030", "Tenderer") == {"B": 1.0}


# -- R035 ------------------------------------------------------------------------------------------------------------


def _alone(*disqualified, winner="A", valid=("A",), awards=None):
    bids = [*(bid(name) for name in valid), *(bid(name, status="disqualified") for name in disqualified)]
    return release("p", bids, [award(winner)] if awards is None else awards)


def test_r035_counts_the_other_tenderers_that_were_disqualified():
    assert found([_alone("B", "C+D", "C", "A")], R035={}) == {
        "OCID": {"p": {"R035": 3.0}},
        "Tenderer": {"A": {"R035": 0.0}},
        "Meta": {},
    }


@pytest.mark.parametrize(
    "made",
    [
        _alone("A"),
        _alone("B", winner="C"),
        _alone("B", valid=("A", "C")),
        _alone("B", valid=("A+C",)),
        _alone("B", winner="A+C"),
        _alone("B", awards=[award("A"), award("A", "pending")]),
        _alone("B", awards=[award("A", "cancelled")]),
        _alone(),
    ],
)
def test_r035_needs_one_valid_tenderer_who_alone_was_awarded(made):
    assert flagged([made], "R035") == {}


def test_r035_several_awards_to_the_only_valid_tenderer_are_one():
    made = _alone("B", awards=[award("A"), award("A"), award("C", "cancelled")])
    assert flagged([made], "R035") == {"p": 1.0}


def test_r035_the_threshold_is_the_number_of_others_and_at_least_one():
    assert flagged([_alone("B")], "R035", threshold=2) == {}
    assert flagged([_alone("B", "C")], "R035", threshold=2) == {"p": 2.0}
    assert flagged([_alone()], "R035", threshold=0) == {}


# -- R036 ------------------------------------------------------------------------------------------------------------


def _lowest(*bids, awards=("active",)):
    return release("p", bids, [award("A", status) for status in awards])


def test_r036_is_the_lowest_bid_disqualified_while_another_valid_one_has_a_price():
    assert flagged([_lowest(bid("A", 100), bid("B", 99, "disqualified"))], "R036") == {"p": 1.0}
    # Unlike R024 it asks for one active award, not for all to be final, and takes consortia.
    assert flagged(
        [_lowest(bid("A+C", 100), bid("", 99, "disqualified"), awards=("active", "pending"))], "R036"
    )


@pytest.mark.parametrize(
    "made",
    [
        _lowest(bid("A", 100), bid("B", 101, "disqualified")),
        _lowest(bid("A"), bid("B", 99, "disqualified")),
        _lowest(bid("A", 100), bid("B", 99, "disqualified"), awards=("pending",)),
        _lowest(bid("A", 100), bid("B", 99, "disqualified"), bid("C", 98, "pending")),
        _lowest(bid("A", 100), bid("B", 99, "disqualified", currency="USD")),
        _lowest(bid("A", 100, "pending"), bid("B", 99, "disqualified")),
    ],
)
def test_r036_does_not_flag_otherwise(made):
    assert flagged([made], "R036", settings={"currency": "CNY"}) == {}


def test_r036_of_equal_lowest_bids_the_first_one_decides():
    refused, valid = bid("B", 99, "disqualified"), bid("A", 99)
    assert flagged([_lowest(refused, valid)], "R036") == {"p": 1.0}
    assert flagged([_lowest(valid, refused)], "R036") == {}


# -- R038 ------------------------------------------------------------------------------------------------------------


def test_r038_flags_buyers_entities_and_tenderers_by_their_share():
    made = [
        release("p", [bid("A"), bid("B", status="disqualified")], buyer="X", procuringEntity={"id": "E"}),
        release("q", [bid("A"), bid("B+C", status="disqualified"), bid("C", status="withdrawn")], buyer="X"),
        release("r", [bid("D")] * 2, buyer="Y"),
    ]
    rows = found(made, R038={"threshold": 0.5})
    assert rows["Buyer"] == {"X": {"R038": 0.5}}
    assert rows["ProcuringEntity"] == {"E": {"R038": 0.5}}
    assert rows["Tenderer"] == {"B": {"R038": 1.0}}  # C submitted once
    assert rows["Meta"]["R038"] == dict.fromkeys(
        ("Buyer_upper_fence", "ProcuringEntity_upper_fence", "Tenderer_upper_fence"), 0.5
    )


def test_r038_the_minimum_of_a_buyer_counts_bids_as_cardinal_does():
    one_process = release("p", [bid("A", status="disqualified"), bid("B", status="disqualified")], buyer="X")
    assert flagged([one_process], "R038", "Buyer", threshold=0.5) == {"X": 1.0}
    assert flagged([one_process], "R038", "Buyer", threshold=0.5, minimum_contracting_processes=3) == {}
    assert flagged([one_process], "R038", "Tenderer", threshold=0.5, minimum_submitted_bids=1) == {
        "A": 1.0,
        "B": 1.0,
    }


def test_r038_says_nothing_where_nobody_reaches_the_minimum():
    assert found([release("p", [bid("A")], buyer="X")], R038={}) == {"Meta": {}}


# -- R048 ------------------------------------------------------------------------------------------------------------


def _supply(ocid, supplier, *classes, status="active"):
    return release(ocid, awards=[award(supplier, status, classes)])


def test_r048_counts_classes_by_their_first_digits():
    made = [
        _supply("p", "A", "4511", "4520", "7132"),
        _supply("q", "A", "4511", "市政公用"),
        _supply("r", "B", "4511"),
        _supply("s", "A+B", "99"),
        _supply("t", "B", "98", status="pending"),
    ]
    assert flagged(made, "R048", "Tenderer", minimum_contracting_processes=1, threshold=3) == {"A": 3.0}
    assert flagged(made, "R048", "Tenderer", minimum_contracting_processes=2, threshold=1, digits=3) == {
        "A": 4.0
    }
    assert flagged(made, "R048", "Tenderer", minimum_contracting_processes=1, threshold=1, digits=0) == {
        "A": 1.0,
        "B": 1.0,
    }
    assert found(made, R048={})["Meta"] == {"R048": {"q1": None, "q3": None, "upper_fence": None}}
