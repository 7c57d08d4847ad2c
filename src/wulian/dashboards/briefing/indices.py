"""Reasoned indices of parties, agencies and experts: a hint where to look, with its formula, never a finding (REFERENCE C.4).

Each row says what was observed, what chance alone would give, and how likely at least as much would be by chance. Fewer
observations than the minimum give no row: small numbers say nothing. Words and rows are data of the report, so they are Chinese.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np

from wulian.dashboards.briefing.chance import at_least, at_most, binomial_at_least, wins_by_chance
from wulian.dashboards.briefing.market import Committee, Market

TOP: Final = 10
ALPHA: Final = 0.01
ALPHA_COMPANION: Final = 0.05
MIN_BIDS, MIN_QUESTIONED = 5, 2
REFERENCE_CHAMPION, REFERENCE_COMPANION = 10, 20
"""From how many bids on REFERENCE C.4 (N-1, N-2) speaks of such a firm; exact chances are told from MIN_BIDS on, with a caution."""
MIN_AGENCY_LOTS, MIN_EXPERT_LOTS, MIN_EXPERT_SCORES = 5, 5, 15
COMPANION_RATE: Final = 0.02
OUTLIER: Final = 3.0
CAUTION: Final = "线索提示，不作认定"


@dataclass
class IndexRow:
    """One subject: `key` names it for good, `p` is the likelihood by chance alone, `components` the reasons."""

    key: str
    subject: str
    party: int | None
    value: str
    p: float | None
    components: list[tuple[str, str]]


@dataclass
class Index:
    """One index with what must be known to read it."""

    code: str
    title: str
    source: str
    formula: str
    minimum: str
    caution: str
    tested: int
    too_few: int
    rows: list[IndexRow] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def compute_indices(market: Market) -> list[Index]:
    """Every index over one market."""
    makers: tuple[Callable[[Market], Index], ...] = (
        champions,
        companions,
        questioned,
        agencies,
        outlying_experts,
        loyal_experts,
    )
    return [make(market) for make in makers]


Bids = list[tuple[float, int, list[int]]]
"""For each decided lot a party bid for: its chance to win if all bidders are alike, the winner, all bidders."""


def _bids_of(market: Market) -> dict[int, Bids]:
    found: dict[int, Bids] = defaultdict(list)
    for lot in market.decided:
        for party in lot.bidders:
            found[party].append((1 / len(lot.bidders), lot.winner or 0, lot.bidders))
    return found


def _small(n: int, reference: int) -> list[tuple[str, str]]:
    return [("样本提示", f"少于参考下限{reference}次，样本偏小，慎用")] if n < reference else []


def champions(market: Market) -> Index:
    """标王 (N-2): wins far more often than its competitors in the same lots would let expect."""
    bids = _bids_of(market)
    large = {party: rows for party, rows in bids.items() if len(rows) >= MIN_BIDS}
    rates = [sum(winner == party for _c, winner, _b in rows) / len(rows) for party, rows in large.items()]
    percentile = float(np.quantile(rates, 0.99)) if rates else 0.0
    found = []
    for party, rows in large.items():
        wins = sum(winner == party for _chance, winner, _bidders in rows)
        expected = sum(chance for chance, _winner, _bidders in rows)
        p = at_least(wins_by_chance(chance for chance, _winner, _bidders in rows), wins)
        if p <= ALPHA:
            parts = [
                ("参与标段", str(len(rows))),
                ("中标", f"{wins}（{_percent(wins / len(rows))}）"),
                ("机会均等时的期望中标", f"{expected:.1f}"),
                ("同类主体中标率第99百分位", _percent(percentile)),
                *_small(len(rows), REFERENCE_CHAMPION),
            ]
            found.append(_row("champion", market, party, f"{wins / expected:.1f}倍", p, parts))
    return _index(
        "champion", "标王（中标异常集中）", "C.4 N-2",
        "指数＝实际中标数÷期望中标数；期望中标数＝各标段“1÷投标人数”之和（假定同一标段各投标人机会均等）。"
        "偶然概率＝机会均等时中标不少于该数的概率（泊松二项分布精确计算），不大于1%的列入。",
        f"24个月内至少参与{MIN_BIDS}个有中标结果且投标人不少于2家的标段", found, len(large), len(bids) - len(large),
    )  # fmt: skip


def companions(market: Market) -> Index:
    """陪标 (N-1): bids often, hardly ever wins, while one and the same firm wins beside it."""
    bids = _bids_of(market)
    large = {party: rows for party, rows in bids.items() if len(rows) >= MIN_BIDS}
    found, tested = [], 0
    for party, rows in large.items():
        wins = sum(winner == party for _chance, winner, _bidders in rows)
        if wins / len(rows) > COMPANION_RATE:
            continue
        tested += 1
        beside = Counter(winner for _chance, winner, _bidders in rows if winner != party)
        first, times = beside.most_common(1)[0]
        together = [chance for chance, _winner, bidders in rows if first in bidders]
        same = len(beside) * at_least(wins_by_chance(together), times)
        never = at_most(wins_by_chance(chance for chance, _winner, _bidders in rows), wins)
        p = min(1.0, 2 * min(same, never))
        if p <= ALPHA_COMPANION:
            others = "；".join(
                f"{market.names.get(winner, winner)} {n}次" for winner, n in beside.most_common(3)
            )
            parts = [
                ("参与标段", str(len(rows))),
                ("中标", f"{wins}（期望{sum(chance for chance, _winner, _bidders in rows):.1f}）"),
                ("同场中标较多的主体", others),
                ("与首位同场投标", f"{len(together)}次，其中标{times}次（期望{sum(together):.1f}）"),
                *_small(len(rows), REFERENCE_COMPANION),
            ]
            found.append(_row("companion", market, party, _percent(times / len(rows)), p, parts))
    return _index(
        "companion", "陪标（屡投不中）", "C.4 N-1",
        "对象：中标率不高于2%的主体。指数＝其参与标段中由同一主体中标的最高比例。两项检验：机会均等时中标不多于该数的概率；"
        "同场投标的标段中，该主体中标不少于该次数的概率乘以同场中标人数（Bonferroni校正）。取较小者乘以2，不大于5%的列入。",
        f"24个月内至少参与{MIN_BIDS}个有中标结果且投标人不少于2家的标段", found, tested, len(bids) - len(large),
        alpha=ALPHA_COMPANION,
    )  # fmt: skip


def questioned(market: Market) -> Index:
    """被质疑 (N-9): how often complaints, tip-offs and alerts name a party; complaining itself is a right and is not counted."""
    bids = Counter(party for lot in market.lots.values() for party in lot.bidders)
    named = {party: kinds for party, kinds in market.matters.items() if party in market.names}
    found = []
    for party, kinds in named.items():
        weight = kinds["投诉"] + kinds["举报"] + kinds["预警已转办"]
        if weight >= MIN_QUESTIONED:
            parts = [(label, str(kinds[label])) for label in ("投诉", "举报", "预警", "预警已转办")]
            found.append(
                _row("questioned", market, party, str(weight), None, [*parts, ("同期投标", str(bids[party]))])
            )
    found.sort(key=lambda row: -int(row.value))
    few = len(named) - len(found)
    return _index(
        "questioned", "被质疑（投诉举报集中）", "C.4 N-9",
        "指数＝作为被投诉人的投诉件数＋被举报件数＋经研判已转办的预警条数；已排除、已消除的预警不计。"
        "投诉、举报是当事人的权利，本指数不统计投诉人、举报人，件数多也不等于问题多。",
        f"24个月内上述件数合计不少于{MIN_QUESTIONED}", found, len(named) - few, few, ordered=True,
    )  # fmt: skip


def agencies(market: Market) -> Index:
    """Agencies with unusually many rejected bids, or lots left with a single valid bid (REFERENCE K 13)."""
    lots = defaultdict(list)
    for lot in market.lots.values():
        if lot.agency:
            lots[lot.agency].append(lot)
    everything = [lot for group in lots.values() for lot in group]
    bids, rejected = sum(len(lot.bidders) for lot in everything), sum(lot.rejected for lot in everything)
    singles = sum(lot.valid <= 1 for lot in everything)
    found, few = [], 0
    for agency, group in lots.items():
        if len(group) < MIN_AGENCY_LOTS:
            few += 1
            continue
        own_bids, own_rejected = sum(len(lot.bidders) for lot in group), sum(lot.rejected for lot in group)
        own_singles = sum(lot.valid <= 1 for lot in group)
        # The others are the yardstick: an agency is not compared with itself.
        others_rejected = _share(rejected - own_rejected, bids - own_bids)
        others_single = _share(singles - own_singles, len(everything) - len(group))
        p_rejected = binomial_at_least(own_rejected, own_bids, others_rejected)
        p_single = binomial_at_least(own_singles, len(group), others_single)
        p = min(1.0, 2 * min(p_rejected, p_single))
        if p <= ALPHA:
            parts = [
                ("代理标段", str(len(group))),
                ("否决投标", f"{own_rejected}/{own_bids}（{_percent(own_rejected / own_bids)}）"),
                ("其他代理机构否决率", _percent(others_rejected)),
                ("仅一家有效投标的标段", f"{own_singles}（{_percent(own_singles / len(group))}）"),
                ("其他代理机构该比例", _percent(others_single)),
            ]
            leading = own_rejected / own_bids if p_rejected <= p_single else own_singles / len(group)
            found.append(_row("agency", market, agency, _percent(leading), p, parts))
    return _index(
        "agency", "代理机构（否决或单一有效投标偏多）", "K 13",
        "分别比较否决率、仅一家有效投标的标段比例与其他代理机构的合并比例；偶然概率＝按其他代理机构比例（加一平滑）不少于该数的二项概率，"
        "取两项中较小者乘以2（两次检验），不大于1%的列入。",
        f"24个月内至少代理{MIN_AGENCY_LOTS}个标段", found, len(lots) - few, few,
    )  # fmt: skip


def outlying_experts(market: Market) -> Index:
    """Experts whose points lie far from those of the other members more often than others' do (N-7)."""
    given: dict[str, list[bool]] = defaultdict(list)
    lots: Counter[str] = Counter()
    for committee in market.committees.values():
        for expert, flags in _outliers(committee).items():
            given[expert] += flags
            lots[expert] += 1
    every = [flag for flags in given.values() for flag in flags]
    found, few = [], 0
    for expert, flags in given.items():
        if len(flags) < MIN_EXPERT_SCORES or lots[expert] < MIN_EXPERT_LOTS:
            few += 1
            continue
        others = _share(sum(every) - sum(flags), len(every) - len(flags))
        p = binomial_at_least(sum(flags), len(flags), others)
        if p <= ALPHA and sum(flags) > 1:
            parts = [
                ("参加评标标段", str(lots[expert])),
                ("离群评分", f"{sum(flags)}/{len(flags)}（{_percent(sum(flags) / len(flags))}）"),
                ("其他专家离群比例", _percent(others)),
            ]
            found.append(
                _expert("expert_outlier", market, expert, _percent(sum(flags) / len(flags)), p, parts)
            )
    return _index(
        "expert_outlier", "专家评分离群", "C.4 N-7",
        "某专家对某投标的总分与同组其他专家平均分之差，超过该评标中全部此类差值稳健离散度（1.4826×绝对中位差）的3倍为离群。"
        "偶然概率＝按其他专家离群比例（加一平滑）不少于该次数的二项概率，不大于1%的列入。",
        f"24个月内至少参加{MIN_EXPERT_LOTS}个标段、评分不少于{MIN_EXPERT_SCORES}次，同组专家不少于3人",
        found, len(given) - few, few,
    )  # fmt: skip


def _outliers(committee: Committee) -> dict[str, list[bool]]:
    """For each expert, whether each of the points given stands far from the mean of the other members."""
    gaps: dict[str, list[float]] = defaultdict(list)
    for bid in committee.tenderers:
        given = {expert: points[bid] for expert, points in committee.points.items() if bid in points}
        if len(given) < 3:
            continue
        total = sum(given.values())
        for expert, points in given.items():
            gaps[expert].append(points - (total - points) / (len(given) - 1))
    every = np.array([gap for values in gaps.values() for gap in values])
    spread = 1.4826 * float(np.median(np.abs(every))) if len(every) else 0.0
    if not spread:
        return {}
    return {expert: [abs(gap) > OUTLIER * spread for gap in values] for expert, values in gaps.items()}


def loyal_experts(market: Market) -> Index:
    """Experts in whose evaluations the same firm wins more often than in all others (N-7)."""
    seen: dict[str, Counter[int]] = defaultdict(Counter)
    everything: Counter[int] = Counter()
    for committee in market.committees.values():
        if committee.winner:
            everything[committee.winner] += 1
            for expert in committee.points:
                seen[expert][committee.winner] += 1
    total, found, few = sum(everything.values()), [], 0
    for expert, winners in seen.items():
        n = sum(winners.values())
        if n < MIN_EXPERT_LOTS:
            few += 1
            continue
        winner, times = winners.most_common(1)[0]
        others = _share(everything[winner] - times, total - n)
        # It might have been any of the winners: the bound of Bonferroni.
        p = min(1.0, len(winners) * binomial_at_least(times, n, others))
        if p <= ALPHA and times > 2:
            name = market.names.get(winner, str(winner))
            parts = [
                ("参加评标标段", str(n)),
                ("同一中标人", f"{name} {times}次"),
                ("该中标人在其他评标中的中标比例", _percent(others)),
            ]
            found.append(_expert("expert_winner", market, expert, _percent(times / n), p, parts))
    return _index(
        "expert_winner", "专家与中标人重合", "C.4 N-7",
        "指数＝其参加的评标中由同一主体中标的最高比例；偶然概率＝按该主体在其他评标中的中标比例（加一平滑）不少于该次数的二项概率，"
        "乘以其见过的中标人数（Bonferroni校正），不大于1%的列入。",
        f"24个月内至少参加{MIN_EXPERT_LOTS}个有中标结果的标段", found, len(seen) - few, few,
    )  # fmt: skip


def _row(
    code: str, market: Market, party: int, value: str, p: float | None, parts: list[tuple[str, str]]
) -> IndexRow:
    return IndexRow(f"{code}:party:{party}", market.names.get(party, str(party)), party, value, p, parts)


def _expert(
    code: str, market: Market, expert: str, value: str, p: float, parts: list[tuple[str, str]]
) -> IndexRow:
    return IndexRow(f"{code}:expert:{expert}", market.experts.get(expert, expert), None, value, p, parts)


def _index(
    code: str, title: str, source: str, formula: str, minimum: str, found: list[IndexRow], tested: int, few: int,
    ordered: bool = False, alpha: float = ALPHA,
) -> Index:  # fmt: skip
    if not ordered:
        found.sort(key=lambda row: (row.p if row.p is not None else 1.0, row.key))
    by_chance = (
        f"本指数检验{tested}个对象，纯属偶然时预计也会有约{tested * alpha:.1f}个列入。" if not ordered else ""
    )
    caution = f"{CAUTION}。样本量小于下限的{few}个对象不计算。{by_chance}市场小、专业窄、分工不同等正当原因须先行排除。"
    return Index(code, title, source, formula, minimum, caution, tested, few, found[:TOP])


def _share(part: int, whole: int) -> float:
    """The share among the others, with one more of each kind: that none of them did it is no proof that none would."""
    return (part + 1) / (whole + 2)


def _percent(share: float) -> str:
    return f"{share * 100:.1f}%"
