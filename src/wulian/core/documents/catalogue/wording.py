"""How official Chinese documents write numbers, dates and money."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import cn2an

_DIGITS = "〇一二三四五六七八九"


def chinese_date(day: date) -> str:
    """Return 2026年7月3日, the form used in the text of a document."""
    return f"{day.year}年{day.month}月{day.day}日"


def formal_date(day: date) -> str:
    """Return 二〇二六年七月三日, the form under the seal."""
    year = "".join(_DIGITS[int(digit)] for digit in str(day.year))
    return f"{year}年{cn2an.an2cn(day.month)}月{_day_word(day.day)}日"


def _day_word(day: int) -> str:
    return cn2an.an2cn(day).removeprefix("一") if 10 <= day < 20 else cn2an.an2cn(day)


def money_in_capitals(amount: Decimal) -> str:
    """Return the 大写金额 of an amount in 元 with at most two decimals, such as 伍万元整; raises ValueError below zero."""
    if amount < 0:
        raise ValueError(f"an amount in a document is not negative: {amount}")
    if amount == 0:
        return "零元整"
    return cn2an.an2cn(f"{amount:.2f}", "rmb")


def money(amount: Decimal) -> str:
    """Return 人民币伍万元整（¥50,000.00）."""
    return f"人民币{money_in_capitals(amount)}（¥{amount:,.2f}）"
