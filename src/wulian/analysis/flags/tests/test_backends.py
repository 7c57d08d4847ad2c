"""One suite for every engine: the same tables give the same findings on DuckDB and on Spark."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from datetime import date

import pytest

from wulian.analysis.flags import arrow_from_dossiers, run_flags
from wulian.analysis.flags.backends import EngineMissing, connect
from wulian.analysis.flags.cli import main
from wulian.analysis.flags.engine import FlagRun
from wulian.analysis.flags.examples import AS_OF, case_fields, case_names, cases
from wulian.analysis.flags.examples.building import dossier
from wulian.analysis.indicators import BY_CODE, Store, parse_settings
from wulian.analysis.indicators.judging import engine_for, judge, results
from wulian.analysis.indicators.tests.releases import messy, to_lines
from wulian.analysis.indicators.tests.single_pass import judge_lines
from wulian.law.rules import SEVERITIES, all_rules

EVERY = {code: {} for code in BY_CODE}
RULES = {key: rule for rule in all_rules() for key in (rule.id, rule.key)}


@pytest.fixture(scope="module", params=["duckdb", pytest.param("spark", marks=pytest.mark.cluster)])
def engine(request):
    """The name of an engine that is there."""
    try:
        connect(request.param, 0).close()
    except EngineMissing as missing:
        pytest.skip(str(missing))
    yield request.param
    if request.param == "spark":
        connect("spark", 0).stop()


def _one_of_each_kind():
    """Codes of cases: few rules that have every kind of condition and of rows among them."""
    covers = {key: {("condition", RULES[key].condition.fn), ("rows", RULES[key].rows)} for key in cases()}
    missing, chosen = set().union(*covers.values()), []
    while missing:
        chosen.append(max(sorted(covers), key=lambda key: len(covers[key] & missing)))
        missing -= covers[chosen[-1]]
    return chosen


def test_rules_of_every_kind_judge_their_cases_as_the_article_says(engine):
    keys = _one_of_each_kind()
    named = [(key, name) for key in keys for name in case_names(key)]
    dossiers = [dossier(f"{key}/{name}", case_fields(key, name)) for key, name in named]
    run = FlagRun(arrow_from_dossiers(dossiers), [RULES[key] for key in keys], as_of=AS_OF, engine=engine)
    judged = {key: _verdicts(run.judged(RULES[key])) for key in keys}
    run.close()
    found = {(key, name): judged[key][f"{key}/{name}/P"] for key, name in named}
    assert found == {(key, name): cases()[key][name]["expect"] for key, name in named}


def _verdicts(table):
    """The gravest severity found by project, "none" where nothing is."""
    hits = defaultdict(list)
    for row in table.select(["project_id", "verdict", "_severity"]).to_pylist():
        hits[row["project_id"]] += [row["_severity"]] if row["verdict"] else []
    return {project: min(found, key=SEVERITIES.index, default="none") for project, found in hits.items()}


@pytest.mark.cluster
def test_the_whole_catalogue_finds_the_same_on_spark():
    """Every rule and red flag over the cases of all rules: the same hits with the same evidence, the same that lack data."""
    try:
        connect("spark", 0).close()
    except EngineMissing as missing:
        pytest.skip(str(missing))
    named = [(key, name) for key in cases() for name in case_names(key)]
    tables = arrow_from_dossiers([dossier(f"{key}/{name}", case_fields(key, name)) for key, name in named])
    expected = run_flags(tables, as_of=AS_OF)
    found = run_flags(tables, as_of=AS_OF, engine="spark")
    connect("spark", 0).stop()
    assert len(set(expected.hits.column("rule").to_pylist())) > 100, "most rules find their own cases"
    assert found.hits.to_pylist() == expected.hits.to_pylist()
    assert found.insufficient == expected.insufficient


def test_hits_with_their_evidence_are_the_same_on_every_engine(engine):
    fields = {
        "tender.must_tender": True,
        "tender.mode": "open",
        "documents.issued_at": "2026-06-01 09:00",
        "documents.deadline_at": "2026-06-18 00:30",
        "lot.estimated_price": "999999999999.50",
        "lot.bid_security_amount": "20000000000.00",
        "announcement.media": "随州日报",
        "announcement.published_at": "2026-06-01 23:30",
    }
    tables = arrow_from_dossiers([dossier("甲", fields), dossier("乙", {"project.name": "空项目"})])
    codes = ["WJ-01", "WJ-02", "ZB-01"]
    found = run_flags(tables, rules=codes, as_of=date(2026, 11, 30), engine=engine)
    assert found.hits.column("rule").to_pylist() == codes
    expected = run_flags(tables, rules=codes, as_of=date(2026, 11, 30), engine="duckdb")
    assert found.hits.to_pylist() == expected.hits.to_pylist()
    assert found.insufficient == expected.insufficient


@pytest.mark.parametrize(
    "given",
    [
        {
            **EVERY,
            "currency": "CNY",
            "R024": {"threshold": 0.01},
            "R048": {"minimum_contracting_processes": 2},
        },
        {
            **EVERY,
            "R003": {"threshold": 19, "procurement_method_details": {"抽签": 21}},
            "exclusions": {"procurement_method_details": "邀请招标"},
            "no_price_comparison_procurement_methods": "抽签",
        },
    ],
    ids=["set currency", "first currency and methods left out"],
)
def test_indicators_find_what_a_plain_program_finds(engine, given):
    lines, settings = to_lines(messy(250, 40)), parse_settings(given)
    with Store() as store:
        store.fill(lines)
        chosen = engine_for(store, engine)
        found = results(store, judge(store, settings, chosen))
        if engine != "duckdb":
            chosen.close()
    assert found == judge_lines(lines, settings)


def test_the_command_line_takes_the_engine(engine, tmp_path, capsys):
    path = tmp_path / "lots.jsonl"
    path.write_bytes(b"".join(to_lines(messy(30, 41))))
    assert main([str(path), "--only", "R028,R038", "--engine", engine]) == 0
    printed = capsys.readouterr().out
    lines = path.read_bytes().splitlines()
    assert json.loads(printed) == judge_lines(lines, parse_settings({"R028": {}, "R038": {}}))


# -- an engine that is not there -----------------------------------------------------------------------------------------


def test_without_pyspark_the_command_line_names_the_extra(tmp_path, capsys, monkeypatch):
    path = tmp_path / "lots.jsonl"
    path.write_bytes(b"".join(to_lines(messy(3, 41))))
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    assert main([str(path), "--only", "R028", "--engine", "spark"]) == 2
    assert "附加包 cluster" in capsys.readouterr().err


def test_without_java_the_message_names_it(tmp_path, monkeypatch):
    pytest.importorskip("pyspark", reason="the extra `cluster` is not installed")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineMissing, match="Java"):
        connect("spark", 0)


def test_an_unknown_engine_is_refused():
    with pytest.raises(ValueError, match="abacus"):
        connect("abacus", 0)
