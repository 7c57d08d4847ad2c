"""Dates and money as official documents write them."""

from datetime import date
from decimal import Decimal

import pytest

from wulian.core.documents.catalogue import formal_date, money, money_in_capitals


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 1, 1), "二〇二六年一月一日"),
        (date(2026, 10, 10), "二〇二六年十月十日"),
        (date(2026, 11, 19), "二〇二六年十一月十九日"),
        (date(2030, 12, 31), "二〇三〇年十二月三十一日"),
    ],
)
def test_the_date_under_the_seal_is_written_in_chinese_numerals(day, words):
    assert formal_date(day) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("50000", "伍万元整"),
        ("123456.07", "壹拾贰万叁仟肆佰伍拾陆元零柒分"),
        ("10050.00", "壹万零伍拾元整"),
        ("100000000", "壹亿元整"),
        ("0.5", "伍角"),
    ],
)
def test_money_is_written_in_capitals(amount, words):
    assert money_in_capitals(Decimal(amount)) == words


def test_money_stands_in_capitals_and_figures():
    assert money(Decimal("50000")) == "人民币伍万元整（¥50,000.00）"


def test_a_negative_amount_is_no_amount_of_a_document():
    with pytest.raises(ValueError, match="negative"):
        money_in_capitals(Decimal("-1"))
