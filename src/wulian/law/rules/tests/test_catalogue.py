"""The rule catalogue: complete, dated, cited; a wrong file is refused by file, rule and field."""

from __future__ import annotations

import re
from datetime import date

import pytest
import yaml

from wulian.law.instruments import instruments
from wulian.law.rules import (
    CatalogueError,
    all_rules,
    article_titles,
    load_folder,
    load_rules,
    rule,
    rules_at,
)
from wulian.law.rules.expressions import Expression

RULE = {
    "id": "WJ-01",
    "title": "投标准备期不足",
    "node": "N05",
    "severity": "红",
    "automation": "A",
    "confidence": "V",
    "source": "LRB",
    "subject": "lot",
    "rows": "lot",
    "applies_if": "tender.must_tender == true",
    "condition": {"fn": "min_days", "from": "documents.issued_at", "to": "documents.deadline_at", "days": 20},
    "duty": [{"instrument": "ZBF", "article": "24"}],
    "exclusions": ["已顺延"],
    "next_steps": ["核对日志"],
    "valid_from": date(2000, 1, 1),
}
ARTICLES = {"ZBF": {"title": "招标投标法", "articles": {"24": "……最短不得少于二十日。"}}}


def _load(*records, articles=ARTICLES):
    texts = {"local.yaml": yaml.safe_dump(list(records), allow_unicode=True)}
    return load_rules({**texts, "articles.yaml": yaml.safe_dump(articles, allow_unicode=True)})


def test_the_catalogue_has_the_machine_decidable_rules_that_are_verified():
    enabled = {item.id for item in all_rules() if item.enabled}
    verified = {
        item.id for item in all_rules() if item.enabled and item.verified and item.automation in ("A", "A/H")
    }
    assert len(verified) >= 95
    assert {"WJ-01", "WJ-02", "TB-01", "TB-07", "PB-01", "GS-02", "DB-02", "HT-01"} <= enabled


def test_every_verified_rule_shows_the_wording_of_what_it_cites():
    for item in all_rules():
        if item.verified:
            assert all(citation.text for citation in [*item.duty, *item.liability]), item.id
    assert "最短不得少于二十日" in rule("WJ-01").duty[0].text
    assert "公示期不得少于3日" in rule("GS-02").duty[0].text


def test_uncertain_rules_ship_switched_off():
    assert not rule("LX-18").enabled
    assert all(item.confidence in ("V", "S", "E") for item in all_rules() if item.enabled)
    assert not any(item.verified for item in all_rules() if item.id in ("LX-16", "HT-14"))


def test_the_version_of_a_day_is_the_one_in_force_on_it():
    assert [item.version for item in rules_at(date(2025, 5, 31)) if item.id == "HT-09"] == [1]
    assert [item.version for item in rules_at(date(2025, 6, 1)) if item.id == "HT-09"] == [2]
    assert "HT-09" not in {item.id for item in rules_at(date(2020, 8, 31))}
    assert "GS-02" not in {item.id for item in rules_at(date(2012, 1, 31))}
    assert "PB-12" not in {item.id for item in rules_at(date(2027, 9, 1))}
    assert "LX-18" not in {item.id for item in rules_at(date(2026, 6, 1))}


def test_a_rule_is_found_by_its_code_in_its_newest_version():
    assert rule("HT-09").version == 2
    with pytest.raises(KeyError):
        rule("ZZ-99")


def test_cited_instruments_agree_with_the_table_of_instruments():
    known = instruments()
    for key, title in article_titles().items():
        if key in known:
            assert known[key].title == title, key


def test_violation_codes_are_those_of_the_penalty_catalogue():
    codes = {item.violation_code for item in all_rules()} - {""}
    assert codes <= {f"WF-{number:02d}" for number in range(1, 35)}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"colour": "blue"}, "colour"),
        ({"severity": "紫"}, "severity"),
        ({"id": "WJ01"}, "id"),
        ({"node": "N19"}, "node"),
        ({"duty": []}, "duty"),
        ({"exclusions": []}, "exclusions"),
        ({"condition": {"fn": "no_such_function"}}, "condition"),
        ({"condition": {**RULE["condition"], "dais": 20}}, "condition.min_days.dais"),
        ({"condition": {**RULE["condition"], "days": "twenty"}}, "condition.min_days.days"),
        ({"applies_if": "tender.must_tender == "}, "applies_if"),
        ({"applies_if": "__import__('os')"}, "applies_if"),
        ({"condition": {**RULE["condition"], "days": "$grace"}}, "grace"),
        ({"confidence": "U"}, "disabled"),
        ({"valid_to": date(1999, 1, 1)}, "valid_to"),
    ],
)
def test_a_wrong_record_is_refused_by_file_rule_and_field(change, field):
    with pytest.raises(CatalogueError) as refused:
        _load({**RULE, **change})
    message = str(refused.value)
    assert message.startswith("local.yaml: rule ")
    assert field in message


def test_a_verified_rule_without_wording_is_refused():
    with pytest.raises(CatalogueError, match="ZBF-24 has no wording"):
        _load(RULE, articles={})


def test_versions_may_not_repeat_or_overlap():
    with pytest.raises(CatalogueError, match=r"WJ-01: field version: 1 appears twice"):
        _load(RULE, RULE)
    with pytest.raises(CatalogueError, match="overlaps"):
        _load(RULE, {**RULE, "version": 2, "valid_from": date(2030, 1, 1)})
    ended = {**RULE, "valid_to": date(2029, 12, 31)}
    assert [
        item.version for item in _load(ended, {**RULE, "version": 2, "valid_from": date(2030, 1, 1)})
    ] == [1, 2]


def test_a_parameter_takes_the_place_of_its_name():
    record = {
        **RULE,
        "condition": {**RULE["condition"], "days": "$days"},
        "parameters": [{"name": "days", "value": 25, "confidence": "E"}],
    }
    (built,) = _load(record)
    assert built.condition.days == 25
    assert built.parameters[0].confidence == "E"


def test_a_folder_can_hold_a_local_catalogue(tmp_path):
    (tmp_path / "articles.yaml").write_text(yaml.safe_dump(ARTICLES, allow_unicode=True), encoding="utf-8")
    (tmp_path / "local.yaml").write_text(yaml.safe_dump([RULE], allow_unicode=True), encoding="utf-8")
    assert [item.id for item in load_folder(tmp_path)] == ["WJ-01"]


def test_a_file_that_is_no_list_of_rules_is_refused():
    with pytest.raises(CatalogueError, match=r"local\.yaml: a catalogue file is a list"):
        load_rules({"local.yaml": "a: 1"})
    with pytest.raises(CatalogueError, match=r"local\.yaml"):
        load_rules({"local.yaml": "- [unclosed"})


def test_a_rule_names_every_field_it_reads_once():
    assert rule("WJ-01").fields() == (
        "documents.issued_at",
        "documents.deadline_at",
        "documents.version",
        "tender.must_tender",
    )


@pytest.mark.parametrize(
    "text",
    [
        "lot.name.upper()",
        "lambda: 1",
        "lot.price == None",
        "1 < lot.price < 2",
        "price > 3",
        "eval('1')",
        "lot.a if lot.b else 1",
    ],
)
def test_the_language_of_conditions_holds_nothing_but_its_words(text):
    with pytest.raises(ValueError, match=re.escape(repr(text))):
        Expression(text)


def test_an_expression_lists_the_fields_it_reads():
    assert set(Expression("coalesce(bid.price, award.price) > 3 and not known(lot.name)").fields) == {
        "bid.price",
        "award.price",
        "lot.name",
    }
