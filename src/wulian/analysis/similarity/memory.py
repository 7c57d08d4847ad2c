"""A bid against all the bids the city has seen: candidates from the index, then the exact comparison with these few.

A bidder that uses its own old text again gives no hint: what stands in an earlier file of its own, not younger than the other
bidder's, is taken for its own text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING, Protocol

from wulian.analysis.similarity.comparison import Place, Shared, Text, compare
from wulian.analysis.similarity.files import ReadFile
from wulian.analysis.similarity.findings import Evidence, Finding, Outcome, State, exclusions

if TYPE_CHECKING:
    from collections.abc import Sized

    from wulian.analysis.similarity.library import Earlier

MOST, OWN = 5, 3
"""Candidates of one file that are compared letter by letter: of other bidders, and of the bidder itself."""
LEAST, LONG = 100, 300
"""Letters from which a passage is told, and from which it is strong."""
COVERED = 0.8
"""The share of a passage that has to stand in an earlier file of the bidder's own to be its own text."""
SHOWN = 8
NO_MEMORY = "没有提供历史投标文件库，未与历史投标文件比对"
_OWN = "同一投标人沿用自己的旧文件"


class Memory(Protocol):
    """What is asked of a library of earlier bids."""

    def candidates(self, text: str) -> list[tuple[Earlier, int]]:
        """Return documents that share fingerprints with a text, and how many, most first."""
        ...

    def text(self, number: int) -> str:
        """Return the text of a document; empty when there is none."""
        ...

    def documents(self) -> Sized:
        """Return all documents."""
        ...

    def is_own(self, earlier: Earlier, bidder: str) -> bool:
        """Say whether a document is of the same bidder."""
        ...


@dataclass(frozen=True)
class _Match:
    """What a file shares with one earlier document."""

    file: ReadFile
    earlier: Earlier
    text: str
    passages: list[Shared]


def compare_with_memory(
    bids: Sequence[ReadFile],
    memory: Memory | None,
    *,
    tender: Sequence[Text] = (),
    library: Sequence[Text] = (),
) -> Outcome:
    """Return which earlier bids of others the bids copy; a file that is in the memory itself is passed over."""
    if memory is None:
        return Outcome(notes=(NO_MEMORY,))
    now = {file.sha256 for file in bids}
    findings: list[Finding] = []
    reused: list[str] = []
    asked: set[int] = set()
    for bidder, files in groupby(sorted(bids, key=lambda one: one.bidder), key=lambda one: one.bidder):
        own_files = [file for file in files if file.content]
        chosen = {one.number: one for file in own_files for one in _candidates(file, memory, now)}
        asked |= chosen.keys()
        matches = list(_matches(own_files, chosen.values(), memory, [*tender, *library]))
        own = [one for one in matches if memory.is_own(one.earlier, bidder)]
        if own:
            letters = sum(sum(shared.matched for shared in one.passages) for one in own)
            reused.append(f"{bidder}沿用自己的历史文件，相同{letters:,}字，不作提示")
        findings += [_finding(one, own) for one in matches if not memory.is_own(one.earlier, bidder)]
    notes = (f"历史投标文件库共{len(memory.documents()):,}份文件，候选{len(asked)}份", *reused)
    return Outcome(tuple(findings), notes)


def nearest(found: Iterable[Earlier], is_own: Callable[[Earlier], bool]) -> list[Earlier]:
    """Return the first few of others and the first few of the bidder's own: its own many never crowd out another's."""
    found = list(found)
    own = islice((one for one in found if is_own(one)), OWN)
    return [*islice((one for one in found if not is_own(one)), MOST), *own]


def _candidates(file: ReadFile, memory: Memory, now: set[str]) -> list[Earlier]:
    found = (one for one, _ in memory.candidates(file.content) if one.sha256 not in now)
    return nearest(found, lambda one: memory.is_own(one, file.bidder))


def _matches(
    files: Sequence[ReadFile], chosen: Iterable[Earlier], memory: Memory, sources: Sequence[Text]
) -> Iterator[_Match]:
    earlier = {f"#{one.number}": one for one in chosen}
    texts = {name: text for name, one in earlier.items() if (text := memory.text(one.number))}
    if not texts:
        return
    new = [Text(file.name, file.content, "now") for file in files]
    old = [Text(name, text, "earlier") for name, text in texts.items()]
    shared: dict[tuple[str, str], list[Shared]] = defaultdict(list)
    for one in compare([*new, *old], library=sources).passages:
        if one.matched >= LEAST:
            shared[one.a.name, one.b.name].append(one)
    by_name = {file.name: file for file in files}
    for (name, number), passages in shared.items():
        passages.sort(key=lambda one: -one.matched)
        yield _Match(by_name[name], earlier[number], texts[number], passages)


def _finding(match: _Match, own: Sequence[_Match]) -> Finding:
    file, earlier = match.file, match.earlier
    older = [
        shared.a
        for one in own
        if one.file is file and one.earlier.added_at <= earlier.added_at
        for shared in one.passages
    ]
    foreign = [one for one in match.passages if not _is_covered(one.a, older)]
    passages = foreign or match.passages
    matched = sum(one.matched for one in passages)
    state: State = "ruled_out" if foreign else "applies"
    remark = "这些文字不见于本投标人更早的历史文件" if foreign else "同样的文字见于本投标人更早的历史文件"
    evidence = [item for one in passages[:SHOWN] for item in _evidence(one, match)]
    return Finding(
        "C-1", (file.bidder,), f"与{earlier.tender or '历史项目'}中{earlier.bidder}的文件相同{matched:,}字", "hint",
        tuple(evidence), exclusions("C-1", {_OWN: (state, remark)}), strong=passages[0].matched >= LONG,
        threshold=f"一处{LEAST}字以上；{LONG}字以上为强", weight=matched / max(1, len(file.content)),
    )  # fmt: skip


def _is_covered(place: Place, others: Iterable[Place]) -> bool:
    at, covered = place.start, 0
    for other in sorted(others, key=lambda one: one.start):
        start, end = max(at, other.start), min(place.end, other.end)
        if end > start:
            covered, at = covered + end - start, end
    return covered >= COVERED * (place.end - place.start)


def _evidence(one: Shared, match: _Match) -> Iterator[Evidence]:
    """Give the place in the bid, then the place in the earlier document."""
    file, earlier = match.file, match.earlier
    page, paragraph = file.place(one.a.start)
    words = file.content[one.a.start : one.a.end].replace("\n", " ")
    yield Evidence(
        file.bidder, file.name, f"相同{one.matched}字：{words[:60]}", page, f"第{paragraph}段", file.sha256,
        one.a.start, one.a.end,
    )  # fmt: skip
    before = match.text[one.b.start : one.b.end].replace("\n", " ")
    yield Evidence(
        earlier.bidder, earlier.name, f"{earlier.tender}：{before[:60]}" if earlier.tender else before[:60], None,
        f"字{one.b.start}–{one.b.end}", earlier.sha256, one.b.start, one.b.end,
    )  # fmt: skip
