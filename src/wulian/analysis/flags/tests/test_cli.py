"""`wulian flags`: writes one whole file or none, and says clearly what is wrong."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

from wulian.analysis.flags import HIT_SCHEMA, arrow_from_dossiers, write_parquet
from wulian.analysis.flags.cli import main
from wulian.analysis.flags.examples.building import dossier

COLUMNS = ["rule", "subject_kind", "subject_id", "severity", "value", "threshold", "evidence"]


@pytest.fixture
def source(tmp_path):
    fields = {
        "tender.must_tender": True,
        "documents.issued_at": "2026-06-01 09:00",
        "documents.deadline_at": "2026-06-18 09:30",
    }
    folder = tmp_path / "tables"
    write_parquet(
        arrow_from_dossiers([dossier("c", fields), dossier("d", {"project.name": "空项目"})]), folder
    )
    return folder


def _flags(source, out, *more):
    return main([str(source), "--out", str(out), "--only", "WJ-01", "--as-of", "2026-11-30", *more])


def test_it_writes_parquet_csv_and_json_lines_with_the_same_columns(source, tmp_path, capsys):
    outs = [tmp_path / f"hits{ending}" for ending in (".parquet", ".csv", ".jsonl")]
    assert [_flags(source, out) for out in outs] == [0, 0, 0]
    (from_parquet,) = pq.read_table(outs[0]).to_pylist()
    with outs[1].open(encoding="utf-8", newline="") as lines:
        (from_csv,) = csv.DictReader(lines)
    from_lines = json.loads(outs[2].read_text(encoding="utf-8"))
    assert list(from_parquet)[:7] == list(from_csv)[:7] == list(from_lines)[:7] == COLUMNS
    assert from_parquet["subject_id"] == from_csv["subject_id"] == from_lines["subject_id"] == "c/L"
    evidence = [json.loads(hit["evidence"]) for hit in (from_parquet, from_csv, from_lines)]
    assert evidence[0] == evidence[1] == evidence[2]
    assert evidence[0]["documents.deadline_at"] == "2026-06-18T09:30:00+08:00"
    assert pq.read_schema(outs[0]).names == HIT_SCHEMA.names


def test_it_ends_with_counts_per_severity_rule_and_insufficient_data(source, tmp_path, capsys):
    assert _flags(source, tmp_path / "hits.csv") == 0
    printed = capsys.readouterr().out
    assert "预警 1 条：红 1 橙 0 黄 0 蓝 0" in printed
    assert "按规则：WJ-01×1" in printed
    assert "数据不足" in printed and "用时" in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "ZZ-01"], "规则编号 ZZ-01 不存在"),
        (["--only", "LX-18"], "未启用"),
    ],
)
def test_a_rule_that_cannot_run_is_refused_and_leaves_no_file(source, tmp_path, capsys, arguments, message):
    out = tmp_path / "hits.csv"
    assert main([str(source), "--out", str(out), *arguments]) == 2
    assert message in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def test_a_missing_source_an_unknown_ending_and_a_missing_folder_are_refused(source, tmp_path, capsys):
    assert _flags(tmp_path / "nowhere", tmp_path / "hits.csv") == 2
    assert "不存在" in capsys.readouterr().err
    assert _flags(source, tmp_path / "hits.xlsx") == 2
    assert ".parquet、.csv、.jsonl" in capsys.readouterr().err
    assert _flags(source, tmp_path / "missing" / "hits.csv") == 2
    assert "文件夹不存在" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["tables"]


def test_a_wrong_value_in_the_source_leaves_the_old_output_untouched(source, tmp_path, capsys):
    out = tmp_path / "hits.csv"
    out.write_text("yesterday", encoding="utf-8")
    (source / "lots.parquet").unlink()
    (source / "lots.csv").write_text("id,name,estimated_price\nL1,一标段,许多\n", encoding="utf-8")
    assert _flags(source, out) == 2
    assert "lots.csv: 列 estimated_price: 第 2 行" in capsys.readouterr().err
    assert out.read_text(encoding="utf-8") == "yesterday"


def test_a_date_that_is_none_and_an_unknown_engine_end_with_exit_code_2(source, tmp_path, capsys):
    for more in (["--as-of", "2026-13-01"], ["--engine", "abacus"]):
        with pytest.raises(SystemExit) as stop:
            _flags(source, tmp_path / "hits.csv", *more)
        assert stop.value.code == 2


def test_it_runs_without_django(source, tmp_path):
    script = (
        "import sys; from wulian.analysis.flags.cli import main;"
        f"code = main([{str(source)!r}, '--out', {str(tmp_path / 'hits.jsonl')!r}, '--only', 'WJ-01']);"
        "assert not any(name == 'django' or name.startswith('django.') for name in sys.modules);"
        "sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("code", ["R999", "QQ-77"])
def test_an_unknown_code_is_named_before_anything_else_is_asked(source, capsys, code):
    assert main([str(source), "--only", code]) == 2
    assert code in capsys.readouterr().err
