"""Unit prices of every two bidders, test by test (P-2, P-3, P-5)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from wulian.analysis.similarity.findings import Finding, State, exclusions
from wulian.analysis.similarity.prices.level import ALPHA, FAMILIES
from wulian.analysis.similarity.prices.table import CHEAP, Floats, Prices, line

FEWEST_ITEMS = 20
SAME_RATIO = 0.002
"""Width of the window of log ratios that count as one: ± 0.1 %."""
ENOUGH = 5
"""Bidders from which on the pairs of a tender tell what is usual in it."""
USUAL_SPREAD = 0.05
"""Assumed median deviation of log ratios where the tender itself cannot tell."""
MOST_ASSUMED = 0.25
"""What is usual is never taken to be more: a tender in which all are alike is to be seen, too."""
CORRELATED, CLOSE = 0.37, 0.044
SHOWN = 8
TESTS = ("P-3", "P-2", "P-2D", "P-3D", "P-5")
_FIXED = "费率固定的项目、政府指导价"


class PairTests:
    """All pairs of bidders, test by test."""

    def __init__(self, prices: Prices, pairs: int) -> None:
        self.prices, self.tried = prices, pairs * len(TESTS) * FAMILIES
        self.pairs = list(combinations(range(len(prices.bidders)), 2))
        with np.errstate(invalid="ignore"):
            self.logs = np.log(prices.price)

    def run(self) -> Iterator[tuple[str, list[Finding]]]:
        """Give each test with what it found."""
        spread = self._spreads()
        for check, test in (("P-3", self.equal), ("P-2", self.ratio), ("P-2D", self.difference), ("P-3D", self.digits), ("P-5", self.correlation)):  # fmt: skip
            yield check, self._joined(check, list(test(spread)))

    def _both(self, a: int, b: int) -> tuple[Floats, Floats, NDArray[np.intp]]:
        x, y = self.prices.price[:, a], self.prices.price[:, b]
        rows = np.flatnonzero(~np.isnan(x) & ~np.isnan(y) & (np.maximum(x, y) >= CHEAP))
        return x[rows], y[rows], rows

    def _spreads(self) -> Floats:
        """Return the median deviation of the log ratios of each pair."""
        found = []
        for a, b in self.pairs:
            x, y, _ = self._both(a, b)
            ratios = np.log(x / y)
            found.append(float(np.median(np.abs(ratios - np.median(ratios)))) if len(x) else math.nan)
        return np.array(found)

    def _usual(self, shares: Floats, least: float, assumed: float) -> float:
        """What honest pairs of this tender share: half as much again as a quarter of the pairs stay below."""
        known = shares[~np.isnan(shares)]
        if len(self.prices.bidders) < ENOUGH or not len(known):
            return assumed
        return float(min(MOST_ASSUMED, max(least, 1.5 * np.quantile(known, 0.25))))

    def _tail(self, hits: int, of: int, chance: float, places: int = 1) -> float:
        """Chance of so many hits somewhere, for every pair, test and place that was tried."""
        if hits <= 0 or of <= 0:
            return 1.0
        return float(min(1.0, special.bdtrc(hits - 1, of, chance) * places * self.tried))

    def equal(self, _spread: Floats) -> Iterator[tuple[int, int, float, dict[str, Any]]]:
        """P-3: unit prices equal to the cent."""
        alike = []
        for a, b in self.pairs:
            x, y, rows = self._both(a, b)
            alike.append((rows[np.abs(x - y) < 0.005], len(rows)))
        usual = self._usual(np.array([len(same) / max(1, of) for same, of in alike]), 0.02, 0.05)
        for (a, b), (same, of) in zip(self.pairs, alike, strict=True):
            share = len(same) / max(1, of)
            p = self._tail(len(same), of, usual)
            yield a, b, p, {
                "rows": same, "strong": share >= 0.3, "value": f"{of}项单价中{len(same)}项相同（{share:.0%}）",
                "threshold": f"偶然相同按{usual:.1%}计，校正后 p ≤ {ALPHA}；30%以上为强",
            }  # fmt: skip

    def ratio(self, spread: Floats) -> Iterator[tuple[int, int, float, dict[str, Any]]]:
        """P-2: one ratio for most items, in the whole bill or in a chapter."""
        sections = np.array(self.prices.sections)
        windows = []
        for a, b in self.pairs:
            x, y, rows = self._both(a, b)
            windows.append((np.log(x / y), rows))
        dense = [densest(ratios, SAME_RATIO) for ratios, _ in windows]
        shares = np.array(
            [len(inside) / max(1, len(rows)) for inside, (_, rows) in zip(dense, windows, strict=True)]
        )
        laplace = self._by_spread(spread, SAME_RATIO)
        usual = self._usual(shares, laplace, laplace)
        for (a, b), inside, (ratios, rows) in zip(self.pairs, dense, windows, strict=True):
            of, share = len(rows), len(inside) / max(1, len(rows))
            p = self._tail(len(inside) - 1, of - 1, usual, of)
            value = f"{of}项单价中{len(inside)}项的比值同为 {math.exp(float(np.median(ratios[inside]))):.4f}（{share:.0%}）"
            chapter = self._by_chapter(ratios, sections[rows], usual)
            if chapter and chapter[0] < p:
                p, value, inside = chapter
            yield a, b, p, {
                "rows": rows[inside], "strong": share >= 0.6 and of >= 50, "value": value,
                "threshold": f"比值相差不超过0.1%；偶然集中按{usual:.1%}计，校正后 p ≤ {ALPHA}；50项以上的60%为强",
            }  # fmt: skip

    def _by_spread(self, spread: Floats, width: float) -> float:
        """Chance of a window at the peak of a Laplace distribution, generously."""
        known = spread[~np.isnan(spread)]
        typical = (
            float(np.median(known)) if len(self.prices.bidders) >= ENOUGH and len(known) else USUAL_SPREAD
        )
        return min(MOST_ASSUMED, 1.5 * width / (2 * max(typical, 0.02) / math.log(2)))

    def _by_chapter(
        self, ratios: Floats, sections: NDArray[np.str_], usual: float
    ) -> tuple[float, str, NDArray[np.intp]] | None:
        chapters = [
            name for name in dict.fromkeys(sections.tolist()) if (sections == name).sum() >= FEWEST_ITEMS
        ]
        best: tuple[float, str, NDArray[np.intp]] | None = None
        if len(chapters) < 2:
            return None
        hits, within = 0, []
        for name in chapters:
            rows = np.flatnonzero(sections == name)
            inside = densest(ratios[rows], SAME_RATIO)
            hits += len(inside)
            within.append((name, rows, inside))
            p = self._tail(len(inside) - 1, len(rows) - 1, usual, len(rows) * (len(chapters) + 1))
            if best is None or p < best[0]:
                value = f"“{name}”{len(rows)}项单价中{len(inside)}项的比值相同"
                best = (p, value, rows[inside])
        return best

    def difference(self, spread: Floats) -> Iterator[tuple[int, int, float, dict[str, Any]]]:
        """P-2D: one difference, not nought, for most items."""
        known = spread[~np.isnan(spread)]
        typical = (
            float(np.median(known)) if len(self.prices.bidders) >= ENOUGH and len(known) else USUAL_SPREAD
        )
        scale = 2 * max(typical, 0.02) / math.log(2)
        for a, b in self.pairs:
            x, y, rows = self._both(a, b)
            cents = np.round((x - y) * 100).astype(np.int64)
            apart = np.flatnonzero(np.abs(cents) > 1)
            if not len(apart):
                continue
            values, counts = np.unique(cents[apart], return_counts=True)
            value = int(values[np.argmax(counts)])
            inside = apart[cents[apart] == value]
            expected = float(np.minimum(1.0, 1.5 * 0.01 / (scale * np.minimum(x, y)[apart])).sum())
            p = float(min(1.0, special.gammainc(len(inside), expected) * len(values) * self.tried))
            yield a, b, p, {
                "rows": rows[inside], "strong": len(inside) >= 0.6 * len(rows) and len(rows) >= 50,
                "value": f"{len(rows)}项单价中{len(inside)}项的差额同为 {value / 100:.2f} 元",
                "threshold": f"偶然相同按{expected:.1f}项计，校正后 p ≤ {ALPHA}",
            }  # fmt: skip

    def digits(self, _spread: Floats) -> Iterator[tuple[int, int, float, dict[str, Any]]]:
        """P-3D: different prices with the same 角 and 分; whole amounts are left out."""
        alike = []
        for a, b in self.pairs:
            x, y, rows = self._both(a, b)
            cents = np.round(np.stack([x, y]) * 100).astype(np.int64)
            told = (np.abs(x - y) > 1) & ((cents % 10 != 0).any(axis=0))
            same = told & (cents[0] % 100 == cents[1] % 100)
            alike.append((rows[same], int(told.sum())))
        usual = self._usual(np.array([len(same) / max(1, of) for same, of in alike]), 0.03, 0.05)
        for (a, b), (same, of) in zip(self.pairs, alike, strict=True):
            yield a, b, self._tail(len(same), of, usual), {
                "rows": same, "strong": len(same) >= 0.3 * of and of >= 50,
                "value": f"{of}项不同单价中{len(same)}项的角分相同",
                "threshold": f"偶然相同按{usual:.1%}计，校正后 p ≤ {ALPHA}",
            }  # fmt: skip

    def correlation(self, spread: Floats) -> Iterator[tuple[int, int, float, dict[str, Any]]]:
        """P-5: what is left beyond control price, firm, chapter and the other bidders' median moves together."""
        if len(self.prices.bidders) < ENOUGH:
            return
        left = self._residuals()
        values = np.array([_spearman(*self._apart(left, a, b)) for a, b in self.pairs])
        items = len(left)
        beyond = _outliers(np.arctanh(np.clip(values, -0.999999, 0.999999)), 1 / math.sqrt(max(items - 3, 1)))
        tight = _outliers(-np.log(np.maximum(spread, 1e-6)), 1.2 / math.sqrt(items))
        for number, (a, b) in enumerate(self.pairs):
            by_rank = beyond[number] if values[number] >= CORRELATED else 1.0
            by_spread = tight[number] if spread[number] <= CLOSE else 1.0
            p = min(1.0, 2 * min(by_rank, by_spread) * self.tried)
            told = (
                "扣除控制价、企业和分部的总体水平后"
                if not np.isnan(self.prices.control).all()
                else "扣除各家的中位价和总体水平后"
            )
            yield a, b, p, {
                "rows": np.zeros(0, dtype=np.intp), "strong": False,
                "value": f"{told}相关系数 {values[number]:.2f}，比值离散度 {spread[number]:.3f}，明显偏离其余各对",
                "threshold": f"相关系数 ≥ {CORRELATED} 或离散度 ≤ {CLOSE}，且与其余各对相比校正后 p ≤ {ALPHA}",
            }  # fmt: skip

    def _residuals(self) -> Floats:
        base = np.log(self.prices.control)
        usual = np.nanmedian(self.logs, axis=1)
        left = self.logs - np.where(np.isnan(base), usual, base)[:, None]
        sections = np.array(self.prices.sections)
        for name in dict.fromkeys(self.prices.sections):
            rows = sections == name
            if rows.sum() >= 5:
                left[rows] -= np.nanmedian(left[rows], axis=0)
        return left - np.nanmedian(left, axis=0)

    def _apart(self, left: Floats, a: int, b: int) -> tuple[Floats, Floats]:
        """Take away what the other bidders have in common."""
        others = np.delete(left, [a, b], axis=1) if left.shape[1] <= 12 else left
        with np.errstate(all="ignore"):
            usual = np.nanmedian(others, axis=1)
        both = ~np.isnan(left[:, a]) & ~np.isnan(left[:, b]) & ~np.isnan(usual)
        return left[both, a] - usual[both], left[both, b] - usual[both]

    def _joined(self, check: str, tried: list[tuple[int, int, float, dict[str, Any]]]) -> list[Finding]:
        """Bidders of whom every two were found are one finding."""
        hits = {(a, b): (p, told) for a, b, p, told in tried if p <= ALPHA}
        found: list[Finding] = []
        left = dict(hits)
        while left:
            (a, b), _ = min(left.items(), key=lambda one: one[1][0])
            group = [a, b]
            for other in range(len(self.prices.bidders)):
                if other not in group and all((min(one, other), max(one, other)) in left for one in group):
                    group.append(other)
            pairs = [pair for pair in left if set(pair) <= set(group)]
            found.append(self._finding(check, sorted(group), [left.pop(pair) for pair in pairs]))
        return found

    def _finding(self, check: str, group: list[int], told: list[tuple[float, dict[str, Any]]]) -> Finding:
        p, best = min(told, key=lambda one: one[0])
        subjects = tuple(self.prices.bidders[one] for one in group)
        rows = best["rows"][:SHOWN]
        evidence = tuple(line(self.prices, name, self.prices.keys[row]) for row in rows for name in subjects)
        tested: dict[str, tuple[State, str]] = {}
        if _FIXED in {one.reason for one in exclusions(check)}:
            tested[_FIXED] = ("ruled_out", f"{self.prices.removed}项已剔除；政府指导价须人工核实")
        return Finding(
            check, subjects, best["value"], "hint", evidence, exclusions(check, tested), strong=best["strong"],
            threshold=best["threshold"], p_value=p, tried=self.tried, weight=-math.log10(max(p, 1e-300)),
            remark="单独一项规律只是线索；与另一项规律同时出现时，可提交专家研判是否属于规律性差异",
        )  # fmt: skip


def densest(values: Floats, width: float) -> NDArray[np.intp]:
    """Return which values lie in the window of this width that holds most of them."""
    if not len(values):
        return np.zeros(0, dtype=np.intp)
    order = np.argsort(values)
    ranked = values[order]
    ends = np.searchsorted(ranked, ranked + width, side="right")
    start = int(np.argmax(ends - np.arange(len(ranked))))
    return np.sort(order[start : ends[start]])


def _spearman(x: Floats, y: Floats) -> float:
    if len(x) < FEWEST_ITEMS:
        return 0.0
    ranks = [np.argsort(np.argsort(values)).astype(np.float64) for values in (x, y)]
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _outliers(values: Floats, least: float) -> Floats:
    """Return how likely each value, or a larger one, is among the others: robust centre and scale, tail of Student's t."""
    known = np.nan_to_num(values, nan=float(np.nanmedian(values)))
    centre = float(np.median(known))
    scale = max(least, 1.4826 * float(np.median(np.abs(known - centre))))
    return np.asarray(special.stdtr(max(2, len(known) - 1), -(known - centre) / scale))
