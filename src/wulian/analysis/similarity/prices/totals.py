"""Totals at equal distances (P-1)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np

from wulian.analysis.similarity.findings import Evidence, Finding, State, exclusions
from wulian.analysis.similarity.prices.level import ALPHA, FAMILIES


def progressions(totals: Mapping[str, float]) -> Iterator[Finding]:
    """P-1: totals at equal distances, of all bidders or of any four or five; p from uniform spacings, exact for small ones."""
    names = sorted((name for name in totals if totals[name] > 0), key=lambda name: totals[name])
    groups: list[tuple[str, ...]] = [tuple(names)] if len(names) >= 3 else []
    if len(names) <= 12:
        groups += [group for size in (4, 5) if size < len(names) for group in combinations(names, size)]
    best: dict[str, tuple[float, tuple[str, ...], float]] = {}
    for group in groups:
        values = np.array([totals[name] for name in group])
        for kind, gaps in (("等差", np.diff(values)), ("等比", np.diff(np.log(values)))):
            if gaps.min() <= 0 or np.ptp(values) < 1e-6 * values[0]:
                continue
            variation = float(gaps.std() / gaps.mean())
            p = min(1.0, progression_p(variation, len(gaps)) * FAMILIES * 2 * len(groups))
            if p <= ALPHA and p < best.get(kind, (2.0, (), 0.0))[0]:
                best[kind] = (p, group, variation)
    if best:
        kind, (p, group, variation) = min(best.items(), key=lambda one: one[1][0])
        evidence = tuple(
            Evidence(name, "", f"投标总价 {totals[name]:,.2f} 元", place="总价") for name in group
        )
        tested: dict[str, tuple[State, str]] = {
            "投标人很少时的巧合": ("ruled_out", f"偶然出现的概率不超过{p:.2g}")
        }
        yield Finding(
            "P-1", group, f"总价成{kind}数列，间距的变异系数 {variation:.2e}", "hint", evidence, exclusions("P-1", tested),
            strong=True, threshold=f"校正后 p ≤ {ALPHA}", p_value=p, tried=2 * len(groups), weight=-math.log10(max(p, 1e-300)),
        )  # fmt: skip


def progression_p(variation: float, gaps: int) -> float:
    """Return the chance that so many uniform spacings vary so little (coefficient of variation); never too small."""
    if gaps < 2:
        return 1.0
    size = gaps - 1
    radius = variation / math.sqrt(gaps)
    ball = math.pi ** (size / 2) / math.gamma(size / 2 + 1) * radius**size
    return min(1.0, ball * math.factorial(size) / math.sqrt(gaps))
