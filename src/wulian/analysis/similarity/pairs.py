"""What two bidders share, all kinds together, and how grave it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from wulian.analysis.similarity.comparison import Comparison, Place, Shared, SharedDeviation
from wulian.analysis.similarity.files import ReadFile
from wulian.analysis.similarity.findings import Evidence, Finding, State, exclusions

LONG_BLOCK = 300
STRONG, WEAK = 0.6, 0.3
"""Containment from which identical text is a strong or a weak hint (REFERENCE C.4, T-1); a block of 300 letters is strong."""
SHOWN = 8


@dataclass(frozen=True)
class Pair:
    """Two bidders; `containment` is shared letters over the shorter bid's letters that are its own."""

    number: int
    a: str
    b: str
    passages: list[Shared]
    deviations: list[SharedDeviation]
    containment: float
    findings: list[Finding] = field(default_factory=list)

    @property
    def matched(self) -> int:
        """Return how many letters are shared."""
        return sum(one.matched for one in self.passages)

    @property
    def standing(self) -> list[Finding]:
        """Return the findings that no tested exclusion explains."""
        return [one for one in self.findings if not one.excluded]

    @property
    def level(self) -> str:
        """Return 疑似视为, 强提示, 提示 or 关注; none of them is evidence before a person has tested the exclusions."""
        if any(one.level == "deemed" for one in self.standing):
            return "疑似视为"
        if any(one.strong for one in self.standing):
            return "强提示"
        by_text = _text_level(self)
        return "提示" if by_text == "关注" and self.standing else by_text


def _text_level(pair: Pair) -> str:
    longest = max((one.matched for one in pair.passages), default=0)
    if pair.containment >= STRONG or longest >= LONG_BLOCK or pair.deviations:
        return "强提示"
    return "提示" if pair.containment >= WEAK else "关注"


def text_pairs(comparison: Comparison, bids: Sequence[ReadFile]) -> list[Pair]:
    """Return the pairs of bidders that share text, most first."""
    bidder = {file.name: file.bidder for file in bids}
    passages: dict[tuple[str, str], list[Shared]] = defaultdict(list)
    deviations: dict[tuple[str, str], list[SharedDeviation]] = defaultdict(list)
    for shared in comparison.passages:
        passages[_key(bidder, shared.a, shared.b)].append(shared)
    for deviation in comparison.deviations:
        deviations[_key(bidder, deviation.a, deviation.b)].append(deviation)
    own = _own_letters(comparison, bids)
    found = []
    for a, b in {**passages, **deviations}:
        ones = sorted(passages.get((a, b), []), key=lambda one: -one.matched)
        containment = sum(one.matched for one in ones) / max(1, min(own[a], own[b]))
        found.append((a, b, ones, deviations.get((a, b), []), min(1.0, containment)))
    found.sort(key=lambda one: (-one[4], -len(one[3]), one[0], one[1]))
    return [Pair(number, *one) for number, one in enumerate(found, start=1)]


def with_findings(pairs: Sequence[Pair], findings: Sequence[Finding]) -> list[Pair]:
    """Return the pairs with what was found between them, and those that share no text; the gravest first."""
    by_key: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for finding in findings:
        for a, b in combinations(sorted(set(finding.subjects)), 2):
            by_key[a, b].append(finding)
    known = {(pair.a, pair.b): pair for pair in pairs}
    keys = [
        *known,
        *(key for key, own in by_key.items() if key not in known and any(not f.excluded for f in own)),
    ]
    whole = []
    for key in keys:
        pair = known.get(key)
        whole.append(
            (*key, pair.passages if pair else [], pair.deviations if pair else [],
             pair.containment if pair else 0.0, by_key.get(key, []))
        )  # fmt: skip
    grave = lambda one: -sum(f.level == "deemed" and not f.excluded for f in one[5])  # noqa: E731
    whole.sort(key=lambda one: (grave(one), -one[4], -len(one[3]), -len(one[5]), one[0], one[1]))
    return [Pair(number, *one) for number, one in enumerate(whole, start=1)]


def text_findings(pairs: Sequence[Pair], files: Mapping[str, ReadFile], *, subtracted: bool) -> list[Finding]:
    """Return T-1 for each pair that shares enough text: a hint, strong from 60 % or a block of 300 letters on."""
    found = []
    for pair in pairs:
        level = _text_level(pair)
        if level == "关注":
            continue
        evidence = [
            _passage_evidence(place, files, f"相同{one.matched}字：")
            for one in pair.passages[:SHOWN]
            for place in (one.a, one.b)
        ]
        evidence += [
            _passage_evidence(place, files, "对招标文件的相同私改：")
            for one in pair.deviations[:SHOWN]
            for place in (one.a, one.b)
        ]
        value = f"相同{pair.matched:,}字，占较短一份自有文字的{pair.containment:.1%}"
        if pair.deviations:
            value += f"；对招标文件的相同私改{len(pair.deviations)}处"
        tested: dict[str, tuple[State, str]] = (
            {"来自招标文件、标准或者公开范本": ("ruled_out", "已扣除提供的招标文件和公共文本")}
            if subtracted
            else {}
        )
        found.append(
            Finding("T-1", (pair.a, pair.b), value, "hint", tuple(evidence), exclusions("T-1", tested),
                    strong=level == "强提示", threshold="占比30%为提示；60%、或有300字以上的相同内容、或有相同私改为强",
                    weight=pair.containment)
        )  # fmt: skip
    return found


def _passage_evidence(place: Place, files: Mapping[str, ReadFile], what: str) -> Evidence:
    file = files[place.name]
    page, paragraph = file.place(place.start)
    words = file.content[place.start : place.end].replace("\n", " ")
    return Evidence(
        file.bidder, file.name, what + (words if len(words) <= 60 else words[:60] + "…"), page, f"第{paragraph}段",
        file.sha256, place.start, place.end,
    )  # fmt: skip


def _key(bidder: Mapping[str, str], a: Place, b: Place) -> tuple[str, str]:
    first, second = sorted((bidder[a.name], bidder[b.name]))
    return first, second


def _own_letters(comparison: Comparison, bids: Sequence[ReadFile]) -> dict[str, int]:
    """Return how many letters of each bidder do not come from the tender document or the library."""
    own: dict[str, int] = defaultdict(int)
    bidder = {file.name: file.bidder for file in bids}
    for file in bids:
        own[file.bidder] += comparison.letters.get(file.name, 0)
    for copied in comparison.from_sources:
        own[bidder[copied.b.name]] -= copied.matched
    return own
