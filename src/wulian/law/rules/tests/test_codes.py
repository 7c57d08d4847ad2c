"""Every coded rule and threshold is in the catalogue, graded as its row says; a number of the law is written once."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from wulian.law.instruments import instruments
from wulian.law.rules import CatalogueError, all_rules, load_rules, rule
from wulian.law.rules.tests.test_catalogue import RULE
from wulian.law.thresholds import threshold_value, thresholds

CODES = yaml.safe_load((Path(__file__).parent / "codes.yaml").read_text(encoding="utf-8"))


def test_all_176_rules_are_there_with_their_grade():
    graded = {
        item.id: [item.severity, item.automation, item.confidence] for item in map(rule, CODES["rules"])
    }
    assert graded == CODES["rules"]
    assert {item.id for item in all_rules()} == set(CODES["rules"])
    assert len(graded) == 176


def test_all_38_thresholds_are_there_with_their_confidence():
    assert {code: row.confidence for code, row in thresholds().items()} == CODES["thresholds"]
    assert len(thresholds()) == 38


def test_what_is_not_known_well_enough_is_switched_off():
    for item in all_rules():
        if item.confidence in ("M", "U"):
            assert not item.enabled, item.id


def test_what_the_data_do_not_allow_says_which_data_are_missing():
    missing = [item for item in all_rules() if item.kind == "missing"]
    assert Counter(item.enabled for item in missing) == {False: 22}
    assert all(item.needs for item in missing)


def test_what_people_decide_brings_candidates_or_questions():
    for item in all_rules():
        if item.automation == "H":
            assert item.checklist, item.id
    assert {item.id for item in all_rules() if item.clauses} == {
        "ZB-06", "ZB-07", "ZB-09", "WJ-05", "WJ-10", "HT-10", "HT-11",
    }  # fmt: skip


def test_a_rule_takes_its_number_from_the_threshold():
    assert rule("WJ-01").condition.days == threshold_value("B-15.days") == 20
    assert str(rule("WJ-02").condition.ratio) == threshold_value("B-19.ratio") == "0.02"
    assert rule("CQ-05").condition.conditions[1].days == threshold_value("B-17.prequalification") == 2
    used = {key.partition(".")[0] for item in all_rules() for key in item.limits.values()}
    assert {f"B-{number:02d}" for number in (10, 11, 12, 13, 14, 15, 16, 17, 18, 20, 21, 26, 27, 28)} <= used


def test_a_threshold_names_known_instruments_and_rules():
    codes = set(CODES["rules"])
    for row in thresholds().values():
        assert set(row.instruments) <= set(instruments()) | {"ZLTL"}, row.code
        assert set(row.rules) <= codes, row.code
        assert row.limits or row.text, row.code


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"limits": {"days": "B-99.days"}}, "there is no threshold 'B-99.days'"),
        ({"limits": {"days": "B-15.weeks"}}, "there is no threshold 'B-15.weeks'"),
        ({"condition": None}, "a rule has a condition, clauses, a checklist, or says which data it needs"),
        ({"condition": None, "needs": "日志"}, "ships disabled"),
    ],
)
def test_a_rule_without_ground_is_refused(change, said):
    with pytest.raises(CatalogueError, match=said):
        load_rules({"local.yaml": yaml.safe_dump([{**RULE, **change}], allow_unicode=True)})
