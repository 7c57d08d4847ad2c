"""How good the patterns are on labelled clauses; below these numbers a change of patterns is refused."""

from __future__ import annotations

import pytest
import yaml

from wulian.analysis.clauses import classes
from wulian.analysis.clauses.tests.measuring import CORPUS, Score, corpus, hits, measure, table

BIG = (
    "地域",
    "所有制",
    "业绩奖项",
    "品牌",
    "非强制认证",
    "名录库",
    "前置",
    "形式否决",
    "押金",
    "付款",
    "定标",
)
LEAST_PRECISION, LEAST_RECALL = 0.90, 0.90
SMALL_PRECISION, SMALL_RECALL = 0.80, 0.80


@pytest.fixture(scope="module")
def scores() -> dict[str, Score]:
    found = measure(corpus())
    print("\n" + table(found))
    return found


def test_every_class_of_the_catalogue_is_measured(scores):
    assert {group.code for group in classes()} == set(scores)


@pytest.mark.parametrize("code", BIG)
def test_a_big_class_has_fifteen_labelled_clauses_of_each_kind(code, scores):
    assert scores[code].positives >= 15
    assert scores[code].negatives >= 15


@pytest.mark.parametrize("code", BIG)
def test_a_big_class_is_precise_and_complete(code, scores):
    score = scores[code]
    assert score.precision >= LEAST_PRECISION, score.wrong
    assert score.recall >= LEAST_RECALL, score.missed


@pytest.mark.parametrize("code", [group.code for group in classes() if group.code not in BIG])
def test_a_small_class_is_precise_and_complete(code, scores):
    score = scores[code]
    assert score.precision >= SMALL_PRECISION, score.wrong
    assert score.recall >= SMALL_RECALL, score.missed


def test_wording_that_no_pattern_was_fitted_to_is_found_as_measured():
    """`unseen.yaml` is there to measure: whoever mends a pattern by it moves its clauses to the corpus and writes new ones."""
    found = measure(yaml.safe_load((CORPUS.parent / "unseen.yaml").read_text(encoding="utf-8")))
    right, wrong = (sum(getattr(score, name) for score in found.values()) for name in ("found", "false"))
    assert right / sum(score.positives for score in found.values()) >= 0.75
    assert right / (right + wrong) >= 0.95


def test_an_empty_scanner_would_fail(monkeypatch):
    """The numbers fall when the patterns do not look."""
    monkeypatch.setattr("wulian.analysis.clauses.tests.measuring.scan", lambda document: [])
    empty = measure(corpus("others"))
    assert all(score.recall == 0 for score in empty.values())


def test_the_wording_of_the_law_itself_is_no_hit():
    law = [
        "招标文件不得要求或者标明特定的生产供应者以及含有倾向或者排斥潜在投标人的其他内容。",
        "依法必须招标项目不得提出注册地址、所有制性质、市场占有率、特定行政区域或者特定行业业绩、取得非强制资质认证、设立本地分支机构、本地缴纳税收社保等要求，不得套用特定生产供应者的条件设定投标人资格、技术、商务条件。",
        "严禁设置投标报名等没有法律法规依据的前置环节。",
        "除依法设立的投标保证金、履约保证金、工程质量保证金、农民工工资保证金外，工程建设中不得以任何形式收取其他保证金。",
        "招标人不得组织单个或者部分潜在投标人踏勘项目现场。",
    ]
    assert {text: hits(text) for text in law if hits(text)} == {}
