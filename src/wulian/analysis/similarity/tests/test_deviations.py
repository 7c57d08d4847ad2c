"""The same private change to a clause of the tender document gives two bids away; what many write or the tender says does not."""

from __future__ import annotations

from wulian.analysis.similarity.comparison import Text, compare
from wulian.analysis.similarity.tests.test_comparison import bid
from wulian.analysis.similarity.tests.texts import own_text

CLAUSE = (
    "第七条　投标人应当在开工前十日内向监理人提交施工组织设计和进度计划，经监理人批准后实施；"
    "未经批准擅自施工的，发包人可以要求停工整改，由此增加的费用由投标人承担，工期不予顺延。"
)
CLAUSES = [
    f"第{number}条　投标人应当按照要求办理第{number}项手续，{''.join(own_text(900 + seed, 2))}"
    for seed, number in enumerate(("八", "九", "十", *(f"十{one}" for one in "一二三四五六七八九")))
]
TENDER = Text("tender.txt", "\n".join([*own_text(1, 30), CLAUSE, *CLAUSES, *own_text(5, 30)]))


def found(*bids):
    return compare(bids, tender=[TENDER]).deviations


def test_one_phrase_put_in_near_the_end_of_a_clause_is_found():
    changed = CLAUSE.replace("工期不予顺延", "除不可抗力外工期不予顺延")
    [one] = found(bid(2, changed), bid(3, changed), bid(4, CLAUSE), bid(6, CLAUSE))
    assert (one.a.name, one.b.name) == ("bid-2.txt", "bid-3.txt")
    assert one.changes == (("", "除不可抗力外"),)
    assert TENDER.raw[one.clause.start : one.clause.end].startswith("由投标人承担")


def test_a_number_changed_and_words_left_out_are_found():
    changed = CLAUSE.replace("十日", "三日").replace("擅自", "")
    [one] = found(bid(2, changed), bid(3, changed), bid(4, CLAUSE), bid(6, CLAUSE))
    assert set(one.changes) == {("十", "三"), ("擅自", "")}


def test_a_change_that_bidders_make_everywhere_is_no_private_one():
    """Whoever writes 我方 for 投标人 in one clause does so in the others."""
    ours = [bid(seed, *(one.replace("投标人应当", "我方应") for one in CLAUSES[:8])) for seed in (2, 3)]
    assert not found(*ours, bid(4, *CLAUSES[8:]))


def test_bids_that_change_much_by_themselves_share_a_change_by_chance():
    first = (
        CLAUSE.replace("十日", "三日").replace("提交", "报送").replace("实施", "执行").replace("要求", "责令")
    )
    second = (
        CLAUSE.replace("十日", "三日").replace("增加", "产生").replace("顺延", "延长").replace("开工", "进场")
    )
    assert not found(bid(2, first), bid(3, second), bid(4, CLAUSE))


def test_wording_that_the_tender_has_elsewhere_was_copied_from_there():
    changed = CLAUSE.replace("工期不予顺延", "除不可抗力外工期不予顺延")
    tender = Text("tender.txt", TENDER.raw + "\n第二十条　相关费用由投标人承担，除不可抗力外工期不予顺延。")
    assert not compare([bid(2, changed), bid(3, changed)], tender=[tender]).deviations


def test_which_lines_a_bid_takes_over_and_how_it_numbers_them_is_no_change():
    heading = Text("tender.txt", "\n".join([*own_text(1, 30), CLAUSE, "第二章　技术要求", *CLAUSES]))
    lines = [CLAUSE, *CLAUSES]
    assert not compare([bid(2, "\n".join(lines)), bid(3, "\n".join(lines))], tender=[heading]).deviations
    numbered = "\n".join(one.replace("第", "", 1).replace("条", "、", 1) for one in lines)
    assert not compare(
        [bid(2, numbered), bid(3, numbered), bid(4, "\n".join(lines))], tender=[heading]
    ).deviations


def test_what_all_three_bidders_changed_nobody_changed_in_private():
    changed = CLAUSE.replace("工期不予顺延", "除不可抗力外工期不予顺延")
    assert not found(bid(2, changed), bid(3, changed), bid(4, changed))
    assert len(found(bid(2, changed), bid(3, changed), bid(4, changed), bid(6, CLAUSE))) == 3


def test_a_bid_may_hold_the_clause_as_it_is_and_changed():
    changed = CLAUSE.replace("监理人批准", "总监理工程师书面批准").replace("停工整改", "停工并罚款")
    [one] = found(bid(2, CLAUSE, changed), bid(3, CLAUSE, changed), bid(4, CLAUSE))
    assert {("", "总"), ("整改", "并罚款")} <= set(one.changes)


def test_a_phrase_that_stands_twice_in_a_clause_does_not_hide_what_follows_it():
    """The second 监督管理部门 lies on a diagonal of its own; taken first, it would push out the longer run."""
    clause = "（七）由县级以上监督管理部门和市监督管理部门会同国务院监督管理部门按照职责分工给予处分并向社会公布处理结果。"
    tender = Text("tender.txt", "\n".join([*own_text(1, 30), clause]))
    changed = clause.replace("按照职责分工", "依各自职权")
    copied = compare([bid(2, changed), bid(3, clause)], tender=[tender]).from_sources
    raw = bid(2, changed).raw
    [one] = [one for one in copied if one.b.name == "bid-2.txt"]
    assert raw[one.b.start : one.b.end].endswith("向社会公布处理结果。")
