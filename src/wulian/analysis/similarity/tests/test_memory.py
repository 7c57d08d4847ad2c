"""Earlier bids beside the bids of now: another's words are a hint, one's own older words are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from wulian.analysis.similarity.files import ReadFile
from wulian.analysis.similarity.library import Library
from wulian.analysis.similarity.memory import MOST, OWN, compare_with_memory, nearest
from wulian.analysis.similarity.tests.building import CHU, HAN, JIANG
from wulian.analysis.similarity.tests.texts import COPIED, own_text

WORDS = COPIED * 2


def text(seed: int, *parts: str) -> str:
    own = own_text(seed, 20)
    return "".join([*own[:10], *parts, *own[10:]])


def bid(bidder: str, seed: int, *parts: str) -> ReadFile:
    return ReadFile(f"{bidder}/技术标.txt", bidder, f"now {seed}", text(seed, *parts))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library", create=True)


def remember(library: Library, bidder: str, seed: int, *parts: str, at: str = "2024-01-01") -> None:
    about = {"name": f"{seed}.txt", "bidder": bidder, "tender": f"项目{seed}", "sha256": f"{seed}"}
    library.add([(about, text(seed, *parts))], at=at)


def test_anothers_words_are_a_hint_with_both_places(library):
    remember(library, HAN, 1, WORDS)
    now = bid(CHU, 2, WORDS)
    [finding] = compare_with_memory([now], library).findings
    mine, theirs = finding.evidence[:2]
    assert (finding.subjects, finding.excluded) == ((CHU,), False)
    assert now.content[mine.start : mine.end] == text(1, WORDS)[theirs.start : theirs.end]
    assert (theirs.bidder, theirs.source) == (HAN, "1.txt")


def test_ones_own_earlier_words_are_told_and_are_no_finding(library):
    remember(library, CHU, 1, WORDS)
    outcome = compare_with_memory([bid(CHU, 2, WORDS), bid(HAN, 3)], library)
    assert outcome.findings == ()
    assert any(note.startswith(f"{CHU}沿用自己的历史文件") for note in outcome.notes)


@pytest.mark.parametrize(("at", "excluded"), [("2023-01-01", True), ("2025-01-01", False)])
def test_what_another_took_from_oneself_is_excluded_and_what_one_took_from_another_is_not(
    library, at, excluded
):
    remember(library, HAN, 1, WORDS, at="2024-01-01")
    remember(library, CHU, 2, WORDS, at=at)
    [finding] = compare_with_memory([bid(CHU, 3, WORDS)], library).findings
    assert finding.excluded is excluded


def test_only_the_words_that_are_not_ones_own_count(library):
    other = "".join(own_text(70, 8))
    remember(library, CHU, 1, WORDS, at="2023-01-01")
    remember(library, HAN, 2, WORDS, "".join(own_text(71, 4)), other)
    now = bid(CHU, 3, WORDS, "".join(own_text(72, 4)), other)
    [finding] = compare_with_memory([now], library).findings
    assert not finding.excluded
    mine = [now.content[one.start : one.end] for one in finding.evidence if one.bidder == CHU]
    assert any(other in words for words in mine) and not any(WORDS in words for words in mine)


def test_ones_own_many_never_crowd_out_anothers(library):
    for seed in range(10, 22):
        remember(library, CHU, seed, WORDS, WORDS)
    remember(library, JIANG, 30, WORDS, at="2020-01-01")
    found = [one for one, _ in library.candidates(text(1, WORDS, WORDS))]
    chosen = nearest(found, lambda one: one.bidder == CHU)
    assert [one.bidder for one in chosen] == [JIANG, *[CHU] * OWN]
    assert len(nearest(found, lambda one: False)) == MOST
