"""Two bids share exactly what was copied between them, whatever was done to hide it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wulian.analysis.similarity.comparison import Comparison, Text, compare
from wulian.analysis.similarity.normalising import normalise
from wulian.analysis.similarity.tests.texts import COPIED, own_text

TENDER = "".join(own_text(1, 60))


def bid(seed: int, *passages: str, owner: str = "") -> Text:
    """A bid of sixty sentences of its own, with passages among them."""
    parts = own_text(seed, 60)
    for number, passage in enumerate(passages, start=1):
        parts.insert(number * 15, passage)
    return Text(f"bid-{seed}.txt", "\n".join(parts), owner)


def words(comparison: Comparison, bids: list[Text]) -> list[tuple[str, str, str]]:
    raw = {text.name: text.raw for text in bids}
    return [
        (one.kind, raw[one.a.name][one.a.start : one.a.end], raw[one.b.name][one.b.start : one.b.end])
        for one in comparison.passages
    ]


def test_a_verbatim_copy_is_found_to_the_character():
    bids = [bid(2, COPIED), bid(3, COPIED), bid(4)]
    assert words(compare(bids), bids) == [("exact", COPIED, COPIED)]


def test_other_signs_spaces_width_and_line_breaks_hide_nothing():
    hidden = COPIED.replace("，", " , ").replace("。", "\n").replace("三级", "三　级")
    bids = [bid(2, COPIED), bid(3, hidden)]
    [(kind, a, b)] = words(compare(bids), bids)
    assert kind == "formatted"
    assert normalise(a).codes.tolist() == normalise(b).codes.tolist() == normalise(COPIED).codes.tolist()


def test_full_width_digits_and_capitals_are_the_same_letters():
    first = "本工程采用HRB400E级钢筋，直径25毫米，抗拉强度实测值与屈服强度实测值的比值不小于1.25，逐批复试后方可使用。"
    wide = first.replace("HRB400E", "ｈｒｂ４００ｅ").replace("25", "２５")
    bids = [bid(2, first), bid(3, wide)]
    assert [one[0] for one in words(compare(bids), bids)] == ["formatted"]


@pytest.mark.parametrize("rate", [0.05, 0.15])
def test_an_edited_copy_is_found_as_one_passage(rate):
    chance = random.Random(5)
    edited = "".join(chance.choice("的一是在") if chance.random() < rate else sign for sign in COPIED * 2)
    bids = [bid(2, COPIED * 2), bid(3, edited)]
    [(kind, a, b)] = words(compare(bids), bids)
    assert kind == "edited"
    assert len(a) > 0.95 * 2 * len(COPIED)
    assert abs(len(a) - len(b)) < 10


def test_sentences_in_another_order_are_one_passage_with_their_parts():
    sentences = [f"{part}。" for part in COPIED.split("。") if part]
    turned = "".join([sentences[2], sentences[0], sentences[1]])
    bids = [bid(2, COPIED), bid(3, turned)]
    comparison = compare(bids)
    [(kind, a, b)] = words(comparison, bids)
    assert kind == "reordered"
    assert (a, b) == (COPIED, turned)
    assert len(comparison.passages[0].parts) >= 2


def test_what_comes_from_the_tender_document_is_not_shared():
    quoted = TENDER[100:400]
    bids = [bid(2, quoted), bid(3, quoted.replace("，", "")), bid(4, COPIED), bid(5, COPIED)]
    comparison = compare(bids, tender=[Text("tender.txt", TENDER)])
    assert words(comparison, bids) == [("exact", COPIED, COPIED)]
    assert {one.b.name for one in comparison.from_sources} == {"bid-2.txt", "bid-3.txt"}
    assert all(one.a.name == "tender.txt" for one in comparison.from_sources)


def test_public_text_of_the_library_is_not_shared_either():
    standard = "".join(own_text(9, 6))
    bids = [bid(2, standard), bid(3, standard)]
    assert words(compare(bids), bids)
    assert not compare(bids, library=[Text("gb50300.txt", standard)]).passages


def test_files_of_one_bidder_are_not_compared_with_each_other():
    bids = [bid(2, COPIED, owner="甲公司"), bid(3, COPIED, owner="甲公司"), bid(4, owner="乙公司")]
    assert not compare(bids).passages


def test_the_same_private_change_of_a_clause_is_found_though_the_clause_is_the_tenders():
    clause = TENDER[600:800]
    changed = clause[:40] + "甲方代表" + clause[40:90] + "两日前" + clause[92:150] + "书面" + clause[150:]
    bids = [bid(2, changed), bid(3, changed), bid(4, clause), bid(5)]
    comparison = compare(bids, tender=[Text("tender.txt", TENDER)])
    assert not comparison.passages
    [found] = comparison.deviations
    assert (found.a.name, found.b.name) == ("bid-2.txt", "bid-3.txt")
    assert {after for _, after in found.changes} >= {"甲方代表", "书面"}


def test_a_change_that_many_bids_have_came_from_somewhere_else():
    clause = TENDER[600:800]
    changed = clause[:40] + "甲方代表" + clause[40:90] + "两日前" + clause[92:150] + "书面" + clause[150:]
    bids = [bid(seed, changed) for seed in range(2, 7)]
    assert not compare(bids, tender=[Text("tender.txt", TENDER)]).deviations


def test_bids_of_their_own_share_nothing():
    assert not compare([bid(seed) for seed in range(2, 12)]).passages


def test_empty_and_tiny_texts_are_compared_without_a_fuss():
    texts = [Text("a", ""), Text("b", "，。"), Text("c", "短"), bid(2, COPIED), bid(3, COPIED)]
    assert len(compare(texts).passages) == 1


def test_a_repeated_phrase_counts_once():
    phrase = "人力资源社会保障行政主管部门"
    bids = [
        bid(2, f"{phrase}协调，未果的由{phrase}裁决"),
        bid(3, f"{phrase}会同{phrase}下属机构办理，报{phrase}"),
    ]
    assert not compare(bids).passages


@settings(max_examples=40)
@given(st.data())
def test_every_reported_exact_passage_is_equal_and_every_range_lies_in_its_text(data):
    letters = st.text(alphabet="甲乙丙丁，。 \n", max_size=300)
    texts = [Text(f"{number}.txt", data.draw(letters)) for number in range(4)]
    shared = "".join(own_text(data.draw(st.integers(20, 30)), 2))
    texts += [Text("x.txt", data.draw(letters) + shared), Text("y.txt", shared + data.draw(letters))]
    raw = {text.name: text.raw for text in texts}
    comparison = compare(texts, tender=[Text("t.txt", data.draw(letters))])
    assert any({one.a.name, one.b.name} == {"x.txt", "y.txt"} for one in comparison.passages)
    for one in comparison.passages:
        a, b = raw[one.a.name][one.a.start : one.a.end], raw[one.b.name][one.b.start : one.b.end]
        assert len(a) == one.a.end - one.a.start
        assert len(b) == one.b.end - one.b.start
        if one.kind == "exact":
            assert a == b
        if one.kind == "formatted":
            assert normalise(a).codes.tolist() == normalise(b).codes.tolist()
