"""Weights of the objects of a draw, in whole thousandths, each with its explanation (REFERENCE H.2, 2)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from wulian.casework.credit.selectors import accounts_of
from wulian.casework.intake.models import Complaint
from wulian.information.alerts.choices import AlertState, Severity
from wulian.information.alerts.models import Alert

GRADE_WEIGHTS: Final = {"A": 500, "B": 1000, "C": 2000, "D": 4000}
DEFAULT_GRADE: Final = "B"
"""Where no grade is on record: neither advantage nor burden."""

MONTHS_OF_ALERTS: Final = 12


@dataclass(frozen=True)
class Weight:
    """A weight in thousandths and why."""

    value: int
    explanation: str


def weigh(*, grade: str = "", open_complaints: int = 0, red_alerts: int = 0) -> Weight:
    """Return base(grade: A 0.5, B 1, C 2, D 4) x (1 + 0.2·open complaints + 0.3·red alerts of 12 months), in thousandths.

    Never 0, so that no object has probability 0; raises ValueError for an unknown grade or a negative count.
    """
    if grade and grade not in GRADE_WEIGHTS:
        raise ValueError(f"credit grade is one of {sorted(GRADE_WEIGHTS)}, not {grade!r}")
    if open_complaints < 0 or red_alerts < 0:
        raise ValueError("counts of complaints and alerts are 0 or more")
    base = GRADE_WEIGHTS[grade or DEFAULT_GRADE]
    value = base * (10 + 2 * open_complaints + 3 * red_alerts) // 10
    words = f"量化记分等级{grade}（试行测算）" if grade else f"无信用等级记录，按{DEFAULT_GRADE}级"
    return Weight(
        value,
        f"{words}基数{base / 1000:g}×（1+0.2×未结投诉{open_complaints}件+0.3×近12个月红色预警{red_alerts}条）={value / 1000:g}",
    )


def weights_of(party_ids: Iterable[int], *, on: dt.date) -> dict[int, Weight]:
    """Return the weight of each party: level of its point account on `on`, open complaints now, red alerts before `on`.

    Only counts enter: who complained, and of what, is not looked at.
    """
    ids = list(party_ids)
    accounts, complaints, alerts = accounts_of(ids, on), open_complaints_of(ids), red_alerts_of(ids, on=on)
    return {
        pk: weigh(
            grade=accounts[pk].level.code,
            open_complaints=complaints.get(pk, 0),
            red_alerts=alerts.get(pk, 0),
        )
        for pk in ids
    }


def open_complaints_of(party_ids: Iterable[int]) -> dict[int, int]:
    """Return how many complaints about each party are not closed."""
    rows = Complaint.objects.filter(respondent__in=list(party_ids)).open()
    return dict(Counter(rows.values_list("respondent", flat=True)))


def red_alerts_of(party_ids: Iterable[int], *, on: dt.date) -> dict[int, int]:
    """Return how many red alerts of the twelve months before `on`, not excluded, concern lots each party won.

    One alert counts once for a party however many of its lots it touches.
    """
    since = _months_before(on, MONTHS_OF_ALERTS)
    rows = (
        Alert.objects.filter(
            severity=Severity.RED,
            raised_at__date__gte=since,
            raised_at__date__lte=on,
            lot__awards__supplier__in=list(party_ids),
        )
        .exclude(state=AlertState.EXCLUDED)
        .values_list("lot__awards__supplier", "pk")
        .distinct()
    )
    return dict(Counter(party for party, _alert in rows))


def _months_before(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(f"no such day: {day}")
