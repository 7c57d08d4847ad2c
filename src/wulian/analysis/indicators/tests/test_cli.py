"""`wulian flags FILE --only R003 --settings SETTINGS.json`."""

from __future__ import annotations

import json

import pytest

from wulian.analysis.flags.cli import main
from wulian.analysis.indicators.tests.releases import award, bid, release, to_lines
from wulian.exchange.tests.builders import shared_folder

REAL = shared_folder() / "data" / "ocds" / "tsuchiura.jsonl.gz"


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "lots.jsonl"
    same = release(
        "p", [bid("甲", 100), bid("乙", 100)], [award("甲")], numberOfTenderers=1, procurementMethod="open"
    )
    path.write_bytes(b"".join(to_lines([same])) + b"broken\n")
    return path


def test_it_prints_one_json_object_and_names_refused_lines(source, capsys):
    assert main([str(source), "--only", "R018,R028"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out) == {
        "OCID": {"p": {"R018": 1.0, "R028": 1.0}},
        "Tenderer": {"甲": {"R028": 1.0}, "乙": {"R028": 1.0}},
        "Meta": {},
    }
    assert "第 2 行未读入" in printed.err and "共 1 行未读入" in printed.err


def test_the_settings_say_which_indicators_run(source, tmp_path, capsys):
    settings, out = tmp_path / "settings.json", tmp_path / "found.json"
    settings.write_text('{"R018": {}, "R024": {"threshold": 0.5}}', encoding="utf-8")
    assert main([str(source), "--settings", str(settings), "--out", str(out), "--threads", "2"]) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["OCID"] == {"p": {"R018": 1.0, "R024": 0.0}}
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "R003,WJ-01", "--out", "x.json"], "R003"),
        (["--only", "R003", "--as-of", "2026-01-01"], "--as-of"),
        (["--only", "R003", "--out", "x.csv"], ".json"),
        (["--only", "R003", "--out", "nowhere/x.json"], "文件夹不存在"),
        (["--only", "WJ-01"], "--out"),
        (["--only", "WJ-01", "--out", "x.csv", "--threads", "2"], "--threads"),
        (["--only", "R099", "--settings", "{settings}"], "R099"),
        (["--settings", "missing.json"], "missing.json"),
    ],
)
def test_arguments_that_do_not_go_together_are_explained(source, tmp_path, capsys, arguments, message):
    settings = tmp_path / "settings.json"
    settings.write_text("{}", encoding="utf-8")
    assert main([str(source), *(item.format(settings=settings) for item in arguments)]) == 2
    assert message in capsys.readouterr().err


def test_a_missing_file_and_a_wrong_number_of_threads_are_explained(tmp_path, capsys):
    assert main([str(tmp_path / "missing.jsonl"), "--only", "R003"]) == 2
    assert "missing.jsonl" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main([str(tmp_path), "--only", "R003", "--threads", "0"])


@pytest.mark.skipif(not REAL.exists(), reason="the real OCDS data are not beside the project")
@pytest.mark.parametrize("kind", ["default", "tuned"])
@pytest.mark.parametrize("threads", ["1", "2"])
def test_a_real_city_gives_exactly_what_cardinal_gives(kind, threads, tmp_path):
    """Cardinal 0.0.8 on the lines of Tsuchiura: the same ids, indicators and values, to its four decimals."""
    out = tmp_path / "found.json"
    settings = str(REAL.with_name(f"settings_{kind}.json"))
    assert main([str(REAL), "--settings", settings, "--out", str(out), "--threads", threads]) == 0
    wanted = json.loads(REAL.with_name(f"expected_tsuchiura_{kind}.json").read_text(encoding="utf-8"))
    assert _rounded(json.loads(out.read_text(encoding="utf-8"))) == _rounded(wanted)


def _rounded(found):
    return {
        group: {
            name: {code: None if value is None else round(value, 4) for code, value in values.items()}
            for name, values in rows.items()
        }
        for group, rows in found.items()
    }
