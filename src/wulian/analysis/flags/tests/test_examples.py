"""What a rule page shows as examples and as wording comes from the engine and from the record, for every rule."""

from __future__ import annotations

import pytest

from wulian.analysis.flags import check_rule
from wulian.analysis.flags.examples import examples_of
from wulian.analysis.flags.wording import described
from wulian.law.rules import all_rules, packaged_record, revised, rule

COMPUTED = [item for item in all_rules() if item.computed]


@pytest.mark.parametrize("item", COMPUTED, ids=lambda item: item.key)
def test_a_computed_rule_has_an_example_on_each_side(item):
    found = examples_of(item)
    assert {example.hit for example in found} == {True, False}
    assert all(example.severity for example in found if example.hit)
    assert all(fact.title and "." not in fact.title for example in found for fact in example.facts)


def test_the_examples_of_a_revised_rule_are_judged_anew():
    stricter = revised(packaged_record("DB-03", 1), parameters={"gap": 0.005}, version=101)
    verdicts = {example.name: example.hit for example in examples_of(stricter, key="DB-03")}
    assert verdicts == {"positive": True, "negative": True, "boundary": True}
    assert not {example.name: example.hit for example in examples_of(rule("DB-03"))}["negative"]


def test_the_examples_are_judged_once():
    assert examples_of(rule("WJ-01")) is examples_of(rule("WJ-01"))


def test_a_rule_that_is_not_computed_has_neither_examples_nor_wording():
    assert examples_of(rule("ZB-07")) == ()
    assert described(rule("ZB-07")) == []


@pytest.mark.parametrize("item", COMPUTED, ids=lambda item: item.key)
def test_a_condition_reads_as_chinese(item):
    texts = [text for _heading, text in described(item)]
    assert len(texts) >= 3
    assert not any("None" in text or "==" in text or "__" in text for text in texts)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("WJ-01", "自“招标文件发出时间”至“招标文件投标截止时间”不足20日"),
        ("WJ-02", "“投标保证金”超过“估算价”的2%（等于不算）"),
        ("LX-19", "“开工时间”之日早于“中标通知书时间”之日"),
        ("TB-07", "同一标段两个以上投标人的“保证金付款账号”相同"),
        ("LX-06", "此前12个月内的各份"),
    ],
)
def test_the_wording_says_what_the_condition_computes(code, said):
    assert any(said in text for _heading, text in described(rule(code)))


def test_a_rule_the_engine_cannot_take_is_refused_before_it_judges():
    record = packaged_record("WJ-01", 1)
    record["condition"]["from"] = "documents.no_such_field"
    with pytest.raises(ValueError, match=r"WJ-01.*documents\.no_such_field"):
        check_rule(revised(record, parameters={}))
