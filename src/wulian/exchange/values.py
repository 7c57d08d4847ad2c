"""Times and amounts as the world writes them: read strictly, refused with a reason."""

from __future__ import annotations

import re
from datetime import datetime, time
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from wulian.exchange.records import BEIJING

CENT = Decimal("0.01")
WHOLE_DIGITS = 16
EARLIEST_YEAR, LATEST_YEAR = 1900, 2199

_DATE = re.compile(
    r"(?P<y>\d{4})(?:[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})|年(?P<m2>\d{1,2})月(?P<d2>\d{1,2})日"
    r"|(?P<m3>\d{2})(?P<d3>\d{2}))(?P<rest>.*)",
    re.DOTALL,
)
_CLOCK = re.compile(
    r"[T\s]*(?P<h>\d{1,2})(?:[:：时](?P<min>\d{1,2}))(?:[:：分](?P<s>\d{1,2})?)?(?:[.,](?P<f>\d{1,9}))?秒?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?(?:\d{2})?)?"
)
_AMOUNT = re.compile(r"[+-]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d*)?(?:[eE][+-]?\d{1,3})?")
TIME_EXPECTED = "应为日期或时间，如 2026-03-01 或 2026-03-01T09:30:00+08:00"
AMOUNT_EXPECTED = "应为不小于0的金额（最多16位整数）"


def parse_time(text: str, *, end_of_day: bool = False) -> datetime:
    """An aware time; without an offset it is Beijing time, a bare date its first (or last) second.

    Raises ValueError, saying what was expected, for anything that is not one moment between 1900 and 2199.
    """
    text = text.strip()
    if len(text) >= 19 and text[10] == "T":
        # What nearly every publisher writes, read by the C parser.
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            pass
        else:
            return _believable(moment if moment.tzinfo else moment.replace(tzinfo=BEIJING))
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(TIME_EXPECTED)
    parts = match.groupdict()
    rest = (parts["rest"] or "").strip()
    try:
        day = datetime(
            int(parts["y"]),
            int(parts["m"] or parts["m2"] or parts["m3"]),
            int(parts["d"] or parts["d2"] or parts["d3"]),
            tzinfo=BEIJING,
        )
    except ValueError:
        raise ValueError(f"{TIME_EXPECTED}；没有这一天") from None
    _believable(day)
    if not rest:
        return datetime.combine(day, time(23, 59, 59), BEIJING) if end_of_day else day
    clock = _CLOCK.fullmatch(rest)
    if clock is None:
        raise ValueError(TIME_EXPECTED)
    return _with_clock(day, clock)


def _believable(moment: datetime) -> datetime:
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise ValueError(f"年份应在{EARLIEST_YEAR}至{LATEST_YEAR}之间")
    return moment


def _with_clock(day: datetime, clock: re.Match[str]) -> datetime:
    zone = clock["zone"]
    iso = f"{day:%Y-%m-%d}T{int(clock['h']):02}:{int(clock['min']):02}:{int(clock['s'] or 0):02}"
    fraction = f".{(clock['f'] or '0')[:6]:0<6}"
    try:
        moment = datetime.fromisoformat(iso + fraction + (zone or ""))
    except ValueError:
        raise ValueError(f"{TIME_EXPECTED}；没有这一时刻") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)


def parse_amount(value: object, *, signed: bool = False) -> tuple[Decimal, bool]:
    """The amount to two decimals, and whether that rounded it; ValueError when it is none, negative or too large."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise ValueError(AMOUNT_EXPECTED)
    if isinstance(value, str):
        text = value.strip()
        if not _AMOUNT.fullmatch(text):
            raise ValueError(AMOUNT_EXPECTED)
        value = text.replace(",", "").replace("，", "")
    elif isinstance(value, float):
        value = repr(value)
    try:
        amount = Decimal(value)
    except InvalidOperation:
        raise ValueError(AMOUNT_EXPECTED) from None
    if not amount.is_finite():
        raise ValueError(AMOUNT_EXPECTED)
    if amount < 0 and not signed:
        raise ValueError("金额不能为负数")
    # Looked at before quantising: 1e999999 must not become a million digits.
    if amount and amount.adjusted() >= WHOLE_DIGITS:
        raise ValueError(f"金额过大，整数部分最多{WHOLE_DIGITS}位")
    if amount.adjusted() < -20:
        return Decimal("0.00"), bool(amount)
    rounded = amount.quantize(CENT, ROUND_HALF_UP)
    if rounded.adjusted() >= WHOLE_DIGITS:
        raise ValueError(f"金额过大，整数部分最多{WHOLE_DIGITS}位")
    return rounded + 0, rounded != amount


def clean_text(value: object) -> str:
    """A text fit for any database: no NUL, no lone surrogates, no spaces around; other types become their text."""
    if value is None or isinstance(value, dict | list | bool):
        return ""
    text = value if isinstance(value, str) else str(value)
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\x00", "").strip()


def cut(text: str, limit: int) -> str:
    """At most ``limit`` characters, the last one … when something was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
