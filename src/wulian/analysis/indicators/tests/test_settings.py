"""Settings: Cardinal's keys, each checked; an unknown one is named."""

from __future__ import annotations

import json

import pytest

from wulian.analysis.indicators import (
    BY_CODE,
    CATALOGUE,
    GROUPS,
    SettingsError,
    parse_settings,
    read_settings,
)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"curency": "CNY"}, "curency"),
        ({"R099": {}}, "R099"),
        ({"R003": {"thresold": 3}}, "R003.thresold"),
        ({"R028": {"threshold": 3}}, "R028.threshold"),
        ({"R003": {"threshold": "15"}}, "R003.threshold"),
        ({"R003": {"threshold": 1.5}}, "R003.threshold"),
        ({"R003": {"procurement_method_details": {"紧急": "十"}}}, "R003.procurement_method_details.紧急"),
        ({"R003": {"procurement_method_details": "紧急"}}, "R003.procurement_method_details"),
        ({"R018": {"procurement_methods": ["open"]}}, "R018.procurement_methods"),
        ({"R024": {"threshold": True}}, "R024.threshold"),
        ({"R024": []}, "R024"),
        ({"R025": {"percentile": 101}}, "R025.percentile"),
        ({"R035": {"threshold": -1}}, "R035.threshold"),
        ({"exclusions": {"procurement_method": "x"}}, "exclusions.procurement_method"),
        ({"exclusions": "x"}, "exclusions"),
        ({"currency": 5}, "currency"),
        ({"price_comparison_procurement_methods": ["x"]}, "price_comparison_procurement_methods"),
    ],
)
def test_what_is_wrong_is_named(given, named):
    with pytest.raises(SettingsError, match=named.replace(".", r"\.")):
        parse_settings(given)


def test_the_indicators_named_in_the_file_run_or_those_asked_for(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"R024": {"threshold": 0.1}, "R003": {}, "R018": None}), encoding="utf-8")
    assert read_settings(path).indicators == ("R003", "R024")
    asked = read_settings(path, ["R024", "R058"])
    assert asked.indicators == ("R024", "R058")
    assert (asked.option("R024", "threshold"), asked.option("R058", "threshold")) == (0.1, None)
    assert read_settings(None, ["R018"]).indicators == ("R018",)
    assert read_settings(None).indicators == tuple(BY_CODE)
    with pytest.raises(SettingsError, match="R055"):
        read_settings(None, ["R055"])


def test_defaults_are_cardinals():
    settings = parse_settings({})
    defaults = {
        ("R003", "threshold"): 15,
        ("R018", "procurement_methods"): ("open", "selective"),
        ("R024", "threshold"): None,
        ("R025", "percentile"): 75,
        ("R035", "threshold"): 1,
        ("R038", "minimum_submitted_bids"): 2,
        ("R038", "minimum_contracting_processes"): 2,
        ("R048", "digits"): 2,
        ("R048", "minimum_contracting_processes"): 20,
    }
    assert {key: settings.option(*key) for key in defaults} == defaults


def test_sections_of_cardinals_preparing_command_are_no_error():
    assert parse_settings({"defaults": {"currency": "CNY"}, "codelists": {}, "R003": {}}).indicators == (
        "R003",
    )


def test_an_unreadable_settings_file_is_named(tmp_path):
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    (tmp_path / "list.json").write_text("[]", encoding="utf-8")
    (tmp_path / "latin.json").write_bytes(b'{"currency": "\xe9"}')
    for name in ("bad.json", "list.json", "latin.json", "missing.json"):
        with pytest.raises(SettingsError, match=name):
            read_settings(tmp_path / name)


def test_the_catalogue_says_of_each_indicator_what_a_page_shows():
    assert [item.code for item in CATALOGUE] == sorted(BY_CODE)
    for item in CATALOGUE:
        assert all(
            (
                item.title,
                item.title_en,
                item.definition,
                item.definition_en,
                item.default,
                item.value,
                item.fields,
            )
        )
        assert item.groups and set(item.groups) <= set(GROUPS)
        assert all(option.title for option in item.options)
