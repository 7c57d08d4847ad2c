"""A rule is compiled once in a process, and the text means the same on every day and over every table."""

from __future__ import annotations

import sys
from datetime import date
from subprocess import run

import pyarrow as pa

from wulian.analysis.flags import HIT_SCHEMA, arrow_from_dossiers, compiled, iterate_hits, run_flags
from wulian.analysis.flags.engine import FlagRun, choose_rules
from wulian.analysis.flags.examples.building import dossier
from wulian.analysis.flags.hits import SHOWN_ROWS, collect, hits_of
from wulian.law.rules import rule

UNSIGNED = {"c": {"award.notice_at": "2026-09-01 09:00"}}


def _tables(cases):
    return arrow_from_dossiers(dossier(name, fields) for name, fields in cases.items())


def test_a_second_run_compiles_nothing_even_on_another_day_and_still_judges_by_that_day(monkeypatch):
    tables = _tables(UNSIGNED)
    late = run_flags(tables, rules=["HT-01"], as_of=date(2026, 10, 9))

    def refuse(*_arguments):
        raise AssertionError("compiled again")

    monkeypatch.setattr(compiled, "compile_query", refuse)
    assert late.count_by("severity") == {"红": 1}
    assert run_flags(tables, rules=["HT-01"], as_of=date(2026, 10, 2)).count_by("severity") == {"橙": 1}
    assert run_flags(tables, rules=["HT-01"], as_of=date(2026, 10, 1)).hits.num_rows == 0


def test_a_rule_with_another_limit_is_compiled_anew_and_the_old_text_stays():
    strict = rule("HT-01")
    mild = strict.model_copy(
        update={"condition": strict.condition.model_copy(update={"days": type(strict.condition.days)("60")})}
    )
    tables = _tables(UNSIGNED)
    found = [
        run_flags(tables, rules=[each], as_of=date(2026, 10, 9)).hits.num_rows
        for each in (strict, mild, strict)
    ]
    assert found == [1, 0, 1]


def test_views_have_in_the_engine_the_types_the_rules_were_compiled_for():
    flag_run = FlagRun(_tables(UNSIGNED), choose_rules(None), as_of=date(2026, 10, 9))
    views = compiled.CompiledRules("duckdb", choose_rules(None)).views
    flag_run._hold(views)
    flag_run._engine.load("one", pa.table({"n": [1]}))
    for name, view in views.items():
        there = flag_run._engine.fetch(f'SELECT v.* FROM one LEFT JOIN "{name}" AS v ON FALSE')
        differing = {
            field.name: (field.type, there.schema.field(field.name).type)
            for field in view.schema
            if field.type != there.schema.field(field.name).type
        }
        assert differing == {}, name
    flag_run.close()


def test_the_rows_of_one_subject_are_counted_and_the_worst_twenty_written_out():
    bids = {f"bid{number}.security_account": "18120201" for number in range(1, 26)}
    (hit,) = iterate_hits(run_flags(_tables({"ring": bids}), rules=["TB-07"]))
    assert hit["evidence"]["row_count"] == 25
    assert len(hit["evidence"]["rows"]) == SHOWN_ROWS
    assert hit["evidence"]["rows"][0]["bid.security_account"] == "18120201"


def test_a_value_that_is_missing_is_null_in_the_evidence_and_a_name_that_is_missing_is_left_out():
    (hit,) = iterate_hits(run_flags(_tables(UNSIGNED), rules=["HT-01"], as_of=date(2026, 10, 9)))
    evidence = hit["evidence"]
    assert evidence["contract.signed_at"] is None
    assert "agency.name" not in evidence


def test_hits_of_several_rules_are_ordered_by_rule_then_subject():
    tables = _tables(dict.fromkeys(("乙", "甲", "a"), UNSIGNED["c"]))
    hits = run_flags(tables, rules=["HT-01", "HT-02"], as_of=date(2026, 10, 9)).hits
    keys = list(zip(hits["rule"].to_pylist(), hits["subject_id"].to_pylist(), strict=True))
    assert keys == sorted(keys)
    assert [subject for code, subject in keys if code == "HT-01"] == ["a/L", "乙/L", "甲/L"]
    assert collect([]).schema == hits_of(rule("HT-01"), pa.table({}), bool).schema == HIT_SCHEMA


def test_the_first_run_of_a_process_gives_what_a_later_one_gives():
    code = (
        "from datetime import date; from wulian.analysis.flags import arrow_from_dossiers, run_flags;"
        "from wulian.analysis.flags.examples.building import dossier;"
        "tables = arrow_from_dossiers([dossier('c', {'award.notice_at': '2026-09-01 09:00'})]);"
        "first, second = [run_flags(tables, as_of=date(2026, 10, 9)) for _ in 'ab'];"
        "assert first.hits.num_rows and first.hits.equals(second.hits);"
        "assert first.insufficient == second.insufficient"
    )
    done = run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
