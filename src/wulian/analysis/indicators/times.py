"""Times in releases: compared as points in time when they are RFC 3339."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+\-−])(\d\d):(\d\d))", re.ASCII
)
_NANOSECONDS = 1_000_000_000
_DAY = 86_400 * _NANOSECONDS


@lru_cache(maxsize=65_536)
def instant(text: str) -> int | None:
    """Return an RFC 3339 time in nanoseconds since year 1, None when the text is none."""
    found = _RFC3339.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    fraction, sign, offset_hours, offset_minutes = found.groups()[6:]
    if hour > 23 or minute > 59 or second > 60:
        return None
    seconds = hour * 3600 + minute * 60 + second
    if sign is not None:
        if int(offset_hours) > 23 or int(offset_minutes) > 59:
            return None
        offset = int(offset_hours) * 3600 + int(offset_minutes) * 60
        seconds += -offset if sign == "+" else offset
    try:
        days = date(year, month, day).toordinal()
    except ValueError:
        return None
    return days * _DAY + seconds * _NANOSECONDS + int(((fraction or "") + "0" * 9)[:9])


def whole_days(start: str | None, end: str | None) -> int | None:
    """Return the whole days between two RFC 3339 times, towards zero; None when one of them is missing or none."""
    first = instant(start) if start is not None else None
    last = instant(end) if end is not None else None
    if first is None or last is None:
        return None
    days = abs(last - first) // _DAY
    return days if last >= first else -days


def is_after(moment: str | None, deadline: str) -> bool:
    """Tell whether `moment` is later: as points in time when both are RFC 3339, else as texts."""
    if moment is None:
        return False
    first, last = instant(moment), instant(deadline)
    return moment > deadline if first is None or last is None else first > last
