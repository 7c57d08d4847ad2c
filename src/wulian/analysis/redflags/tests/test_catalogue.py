"""The catalogue of red flags: enough of them, each with source, explanation and titles; a wrong entry is refused."""

from __future__ import annotations

import pytest
import yaml

from wulian.analysis.flags import compiled, field_title
from wulian.analysis.redflags import GROUPS, all_red_flags, catalogue_titles, field_titles, red_flag
from wulian.analysis.redflags.catalogue import load_red_flags
from wulian.analysis.redflags.registry import JUDGES
from wulian.law.rules import CatalogueError, all_rules

FLAGS = all_red_flags()
SOURCES = {"OCP": {"title": "OCP", "codes": r"R0\d\d"}}
ENTRY = {
    "id": "RF-11",
    "title": "只有一家投标",
    "node": "N08",
    "severity": "黄",
    "automation": "ST",
    "subject": "lot",
    "sources": ["OCP R018"],
    "meaning": "只有一家投标。",
    "method": "投标人数等于一。",
    "insufficient": "不知道投标人数。",
    "exclusions": ["专业市场供应商少"],
    "next_steps": ["查看资格条件"],
    "evidence": ["lot.name"],
}


def _load(*entries):
    return load_red_flags({"competition": yaml.safe_dump(list(entries), allow_unicode=True)}, SOURCES)


def test_there_are_at_least_sixty_and_every_group_has_some():
    assert len(FLAGS) >= 60
    assert {flag.group for flag in FLAGS} == set(GROUPS)


def test_each_flag_has_one_function_and_each_function_one_flag():
    assert set(JUDGES) == {flag.id for flag in FLAGS}


def test_no_flag_has_the_code_of_a_rule_or_more_than_yellow():
    assert not {flag.id for flag in FLAGS} & {rule.id for rule in all_rules()}
    assert {flag.severity for flag in FLAGS} == {"黄", "蓝"}
    assert {flag.automation for flag in FLAGS} == {"H", "ST"}


def test_every_field_a_flag_shows_has_a_chinese_title_and_no_title_is_left_over():
    shown = {path for flag in FLAGS for path in flag.fields()}
    assert {path for path in shown if field_title(path) == path} == set()
    assert set(field_titles()) - shown <= {"party.name"}


def test_a_source_names_its_public_catalogue():
    assert {source.split()[0] for flag in FLAGS for source in flag.sources} <= set(catalogue_titles())
    assert "开放合同" in catalogue_titles()["OCP"]
    with pytest.raises(KeyError):
        red_flag("RF-00")


@pytest.mark.parametrize("flag", FLAGS, ids=lambda flag: flag.id)
@pytest.mark.parametrize("dialect", ["duckdb", "pyspark"])
def test_a_flag_compiles_for_each_engine_and_shows_what_it_promises(flag, dialect):
    """What compiles for Spark uses nothing that DuckDB alone knows."""
    columns = set(compiled.CompiledRules(dialect, [flag]).rule(flag).schema.names)
    assert {"subject_id", "verdict", "conduct_date", "_value", "_threshold", "_severity"} <= columns
    assert {path.replace(".", "__", 1) for path in flag.fields()} <= columns


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"colour": "blue"}, "colour"),
        ({"severity": "红"}, "severity"),
        ({"automation": "A"}, "automation"),
        ({"id": "RF11"}, "id"),
        ({"sources": []}, "sources"),
        ({"sources": ["OCP R999"]}, "sources"),
        ({"sources": ["招标投标法 第三十二条"]}, "sources"),
        ({"exclusions": []}, "exclusions"),
        ({"insufficient": ""}, "insufficient"),
        ({"parameters": [{"name": "least", "value": 1, "confidence": "V"}]}, "parameters of the house"),
    ],
)
def test_a_wrong_entry_is_refused_by_file_flag_and_field(change, field):
    with pytest.raises(CatalogueError, match=r"competition\.yaml: red flag ") as refused:
        _load({**ENTRY, **change})
    assert field in str(refused.value)


def test_an_id_may_not_appear_twice():
    assert [flag.group for flag in _load(ENTRY)] == ["competition"]
    with pytest.raises(CatalogueError, match="RF-11: field id: appears twice"):
        _load(ENTRY, ENTRY)
