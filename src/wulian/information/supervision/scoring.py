"""Scores of a committee looked at while they come in: who is far from the others, and whether it changes the ranking.

Pure arithmetic over a story. The measure is that of REFERENCE PB-14: a subjective score is an outlier when it is further from the
members' median than three times the median absolute deviation and than a fifth of the item's weight. A hint, never a finding.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median
from typing import Any

from wulian.exchange.events import Story

SPREAD = 3
"""Times the median absolute deviation."""
SHARE = Decimal("0.2")
"""Of the item's weight."""
LEAST_MEMBERS = 3
PLACES = 3
"""Places of the ranking that matter: candidates are at most three (招标投标法实施条例 第五十三条)."""

Totals = dict[str, Decimal]


@dataclass(frozen=True)
class Outlier:
    """One score far from the others'."""

    member: str
    bid: str
    item: str
    score: Decimal
    median: Decimal
    limit: Decimal


@dataclass
class Cell:
    """What one member gave one bid."""

    total: Decimal | None = None
    outliers: list[Outlier] = field(default_factory=list)


@dataclass
class ScoreSheet:
    """The matrix with what stands out; rankings only once every member has scored every bid that stands."""

    members: list[str]
    rows: list[tuple[str, list[Cell], Decimal | None, Decimal | None]]
    outliers: list[Outlier]
    unequal: list[tuple[str, str]]
    ranking: list[str]
    median_ranking: list[str]
    without: dict[str, list[str]]
    missing: int

    @property
    def flips(self) -> bool:
        """Whether the first places are others by the median."""
        return self.ranking[:PLACES] != self.median_ranking[:PLACES]


def score_sheet(story: Story) -> ScoreSheet | None:
    """The sheet of a story; None before the first score."""
    if not story.scores:
        return None
    members = list(story.members)
    standing = [key for key, bid in story.bids.items() if not bid.withdrawn_at and not bid.rejection]
    scored = [key for key in story.bids if any(bid == key for _member, bid in story.scores)]
    outliers = list(find_outliers(story))
    missing = sum((member, bid) not in story.scores for bid in standing for member in members)
    means, medians = _totals(story, standing), _totals(story, standing, by_median=True)
    complete = not missing
    far = sorted({found.member for found in outliers})
    return ScoreSheet(
        members=members,
        rows=[_row(story, members, bid, outliers, means, medians) for bid in scored],
        outliers=outliers,
        unequal=_unequal(story),
        ranking=_ranking(means) if complete else [],
        median_ranking=_ranking(medians) if complete else [],
        without={member: _ranking(_totals(story, standing, but=member)) for member in far}
        if complete
        else {},
        missing=missing,
    )


def find_outliers(story: Story) -> Iterable[Outlier]:
    """Subjective scores far from the median of the members."""
    for (bid, item), given in _by_item(story).items():
        weight, objective = next(iter(given.values()))[1:]
        if objective or len(given) < LEAST_MEMBERS:
            continue
        middle, limit = robust_limit([score for score, _weight, _objective in given.values()], weight)
        for member, (score, _weight, _objective) in given.items():
            if abs(score - middle) > limit:
                yield Outlier(member, bid, item, score, middle, limit)


def robust_limit(scores: Iterable[Decimal], weight: Decimal) -> tuple[Decimal, Decimal]:
    """The median, and how far from it a score may be."""
    values = list(scores)
    middle = median(values)
    deviation = median(abs(value - middle) for value in values)
    return middle, max(SPREAD * deviation, SHARE * weight)


def _by_item(story: Story) -> dict[tuple[str, str], dict[str, tuple[Decimal, Decimal, bool]]]:
    found: dict[tuple[str, str], dict[str, tuple[Decimal, Decimal, bool]]] = {}
    for (member, bid), items in story.scores.items():
        for row in items:
            found.setdefault((bid, row.item), {})[member] = (row.score, row.weight, row.objective)
    return found


def _unequal(story: Story) -> list[tuple[str, str]]:
    """Objective items that members scored differently (发改法规规〔2022〕1117号 第五项)."""
    return [
        key
        for key, given in _by_item(story).items()
        if next(iter(given.values()))[2] and len({score for score, _weight, _objective in given.values()}) > 1
    ]


def _totals(story: Story, bids: list[str], *, by_median: bool = False, but: str = "") -> Totals:
    """Each bid's total: items averaged over the members, subjective ones by median, or without one member's."""
    totals: Totals = {}
    by_item = _by_item(story)
    for (bid, _item), given in by_item.items():
        if bid not in bids:
            continue
        objective = next(iter(given.values()))[2]
        values = [score for member, (score, _w, _o) in given.items() if objective or member != but]
        if not values:
            continue
        middle = median(values) if by_median and not objective else sum(values, Decimal(0)) / len(values)
        totals[bid] = totals.get(bid, Decimal(0)) + middle
    return totals


def _ranking(totals: Mapping[str, Decimal]) -> list[str]:
    return sorted(totals, key=lambda bid: (-totals[bid], bid))


def _row(
    story: Story, members: list[str], bid: str, outliers: list[Outlier], means: Totals, medians: Totals
) -> tuple[str, list[Cell], Decimal | None, Decimal | None]:
    cells = []
    for member in members:
        items: list[Any] | None = story.scores.get((member, bid))
        total = sum((item.score for item in items), Decimal(0)) if items else None
        own = [found for found in outliers if (found.member, found.bid) == (member, bid)]
        cells.append(Cell(total, own))
    return bid, cells, means.get(bid), medians.get(bid)
