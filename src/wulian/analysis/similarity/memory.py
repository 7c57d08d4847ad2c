"""A bid against all the bids the city has seen: candidates from the index, then the exact comparison with these few."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wulian.analysis.similarity.comparison import Shared, Text, compare
from wulian.analysis.similarity.facts import plain
from wulian.analysis.similarity.files import ReadFile
from wulian.analysis.similarity.findings import Evidence, Finding, Outcome, State, exclusions

if TYPE_CHECKING:
    from wulian.analysis.similarity.library import Earlier, Library

MOST = 5
"""Candidates of one bid that are compared letter by letter."""
LEAST, LONG = 100, 300
"""Letters from which a passage is told, and from which it is strong."""
SHOWN = 8
_OWN = "同一投标人沿用自己的旧文件"


def compare_with_memory(
    bids: Sequence[ReadFile],
    memory: Library | None,
    *,
    tender: Sequence[Text] = (),
    library: Sequence[Text] = (),
) -> Outcome:
    """Return which earlier bids the bids copy; a file that is in the memory itself is passed over."""
    if memory is None:
        return Outcome(notes=("没有提供历史投标文件库，未与历史投标文件比对",))
    now = {file.sha256 for file in bids}
    earlier: dict[int, Earlier] = {}
    for file in bids:
        if file.content:
            found = [one for one, _ in memory.candidates(file.content) if one.sha256 not in now]
            earlier |= {one.number: one for one in found[:MOST]}
    texts = {f"#{number}": memory.text(number) for number in earlier}
    old = [Text(name, text, "earlier") for name, text in texts.items() if text]
    notes = (f"历史投标文件库共{len(memory.documents()):,}份文件，候选{len(earlier)}份",)
    if not old:
        return Outcome(notes=notes)
    new = [Text(file.name, file.content, "now") for file in bids if file.content]
    shared: dict[tuple[str, str], list[Shared]] = defaultdict(list)
    for one in compare([*new, *old], tender=tender, library=library).passages:
        if one.matched >= LEAST:
            shared[one.a.name, one.b.name].append(one)
    files = {file.name: file for file in bids}
    findings = [
        _finding(files[name], earlier[int(number[1:])], texts[number], passages)
        for (name, number), passages in shared.items()
    ]
    return Outcome(tuple(findings), notes)


def _finding(file: ReadFile, earlier: Earlier, text: str, passages: list[Shared]) -> Finding:
    passages = sorted(passages, key=lambda one: -one.matched)
    matched = sum(one.matched for one in passages)
    evidence = []
    for one in passages[:SHOWN]:
        page, paragraph = file.place(one.a.start)
        words = file.content[one.a.start : one.a.end].replace("\n", " ")
        evidence.append(
            Evidence(
                file.bidder,
                file.name,
                f"相同{one.matched}字：{words[:60]}",
                page,
                f"第{paragraph}段",
                file.sha256,
                one.a.start,
                one.a.end,
            )
        )
        evidence.append(
            Evidence(earlier.bidder, earlier.name, f"{earlier.tender}：{text[one.b.start : one.b.end][:60]}".replace("\n", " "),
                     None, f"字{one.b.start}–{one.b.end}", earlier.sha256, one.b.start, one.b.end)
        )  # fmt: skip
    own = plain(earlier.bidder) == plain(file.bidder)
    tested: dict[str, tuple[State, str]] = {_OWN: ("applies" if own else "ruled_out", earlier.bidder)}
    return Finding(
        "C-1", (file.bidder,), f"与{earlier.tender or '历史项目'}中 {earlier.bidder} 的文件相同{matched:,}字", "hint",
        tuple(evidence), exclusions("C-1", tested), strong=passages[0].matched >= LONG,
        threshold=f"一处{LEAST}字以上；{LONG}字以上为强", weight=matched / max(1, len(file.content)),
    )  # fmt: skip
