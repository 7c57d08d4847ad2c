from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wulian.exchange.records import BEIJING
from wulian.exchange.values import clean_text, parse_amount, parse_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-04-08T09:30:00+08:00", datetime(2025, 4, 8, 9, 30, tzinfo=BEIJING)),
        ("2025-04-08T01:30:00Z", datetime(2025, 4, 8, 1, 30, tzinfo=UTC)),
        ("2018-01-04T19:23:45.0858714Z", datetime(2018, 1, 4, 19, 23, 45, 85871, tzinfo=UTC)),
        ("2025-04-08 09:30", datetime(2025, 4, 8, 9, 30, tzinfo=BEIJING)),
        ("2025/4/8", datetime(2025, 4, 8, tzinfo=BEIJING)),
        ("2025年4月8日 9时30分", datetime(2025, 4, 8, 9, 30, tzinfo=BEIJING)),
        ("20250408", datetime(2025, 4, 8, tzinfo=BEIJING)),
    ],
)
def test_a_time_is_read_in_the_shapes_that_publishers_use(text, expected):
    assert parse_time(text) == expected


def test_a_bare_date_that_ends_a_period_is_the_last_second_of_that_day():
    assert parse_time("2025-04-08", end_of_day=True) == datetime(2025, 4, 8, 23, 59, 59, tzinfo=BEIJING)


@pytest.mark.parametrize(
    "text",
    [
        "0000-00-00",
        "2025-02-30",
        "08/04/2025",
        "soon",
        "2025-04-08T25:00:00Z",
        "0001-01-01T00:00:00",
        "2917-01-01",
    ],
)
def test_what_is_not_one_believable_moment_is_refused_with_a_reason(text):
    with pytest.raises(ValueError, match=r"应|年份"):
        parse_time(text)


@pytest.mark.parametrize(
    ("value", "amount", "rounded"),
    [
        (43500000, "43500000.00", False),
        ("43,500,000.5", "43500000.50", False),
        (Decimal("4728.624"), "4728.62", True),
        (Decimal("0.005"), "0.01", True),
        (9999999999999999, "9999999999999999.00", False),
    ],
)
def test_an_amount_has_two_decimals_and_says_when_it_was_rounded(value, amount, rounded):
    assert parse_amount(value) == (Decimal(amount), rounded)


@pytest.mark.parametrize(
    "value",
    [
        -1,
        "-0.01",
        10**16,
        Decimal("1e999999"),
        Decimal("9999999999999999.995"),
        "NaN",
        "Infinity",
        "12 万",
        "",
        True,
        {},
        [],
    ],
)
def test_what_is_no_amount_is_refused(value):
    with pytest.raises(ValueError):
        parse_amount(value)


@given(st.decimals(min_value=0, max_value=Decimal("9999999999999999"), places=2))
def test_an_amount_of_two_decimals_is_never_changed(amount):
    assert parse_amount(str(amount)) == (amount, False)


@given(st.text())
def test_a_cleaned_text_can_be_stored_in_any_database(text):
    cleaned = clean_text(text)
    assert "\x00" not in cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned


def test_a_lone_surrogate_does_not_survive():
    assert clean_text("随\ud800州\x00") == "随?州"
