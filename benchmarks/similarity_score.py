"""The measure of text alignment: precision, recall, granularity and plagdet, macro-averaged over passages.

Potthast, Stein, Barrón-Cedeño, Rosso: An Evaluation Framework for Plagiarism Detection (COLING 2010).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

Passage = tuple[str, int, int, str, int, int]
"""File, start, end, file, start, end; ends exclusive, files in alphabetical order."""


@dataclass(frozen=True)
class Score:
    """How well detections fit the planted passages; `recall_of` by kind, `false` detections that meet no planted one."""

    precision: float
    recall: float
    granularity: float
    recall_of: dict[str, float]
    false: int

    @property
    def plagdet(self) -> float:
        """Return F1 divided by log2(1 + granularity)."""
        if not self.precision + self.recall:
            return 0.0
        f1 = 2 * self.precision * self.recall / (self.precision + self.recall)
        return f1 / math.log2(1 + self.granularity)


def ordered(a: str, a_start: int, a_end: int, b: str, b_start: int, b_end: int) -> Passage:
    """Put the two places of a passage in the order of their files."""
    return (a, a_start, a_end, b, b_start, b_end) if a <= b else (b, b_start, b_end, a, a_start, a_end)


def score(planted: Sequence[tuple[Passage, str]], detected: Sequence[Passage]) -> Score:
    """Compare detections with the planted passages and their kinds."""
    by_pair: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, found in enumerate(detected):
        by_pair[found[0], found[3]].append(number)
    recalls: dict[str, list[float]] = defaultdict(list)
    pieces: list[int] = []
    met: dict[int, list[Passage]] = defaultdict(list)
    for case, kind in planted:
        hits = [n for n in by_pair[case[0], case[3]] if _overlap(case, detected[n])]
        for number in hits:
            met[number].append(case)
        recalls[kind].append(_share(case, [detected[n] for n in hits]))
        if hits:
            pieces.append(len(hits))
    precisions = [_share(found, met.get(number, [])) for number, found in enumerate(detected)]
    every = [value for values in recalls.values() for value in values]
    return Score(
        precision=sum(precisions) / max(1, len(precisions)),
        recall=sum(every) / max(1, len(every)),
        granularity=sum(pieces) / len(pieces) if pieces else 1.0,
        recall_of={kind: sum(values) / len(values) for kind, values in recalls.items()},
        false=len(detected) - len(met),
    )


def _overlap(one: Passage, other: Passage) -> bool:
    return min(one[2], other[2]) > max(one[1], other[1]) and min(one[5], other[5]) > max(one[4], other[4])


def _share(whole: Passage, others: Sequence[Passage]) -> float:
    """Return the share of the characters of `whole`, both sides together, that the others cover."""
    covered = sum(
        _covered(whole[side + 1], whole[side + 2], [(o[side + 1], o[side + 2]) for o in others])
        for side in (0, 3)
    )
    return covered / max(1, whole[2] - whole[1] + whole[5] - whole[4])


def _covered(start: int, end: int, stretches: list[tuple[int, int]]) -> int:
    covered, at = 0, start
    for a, b in sorted(stretches):
        a, b = max(a, at), min(b, end)
        if b > a:
            covered, at = covered + b - a, b
    return covered
