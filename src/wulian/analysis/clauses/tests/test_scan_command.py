"""`wulian scan` at the prompt."""

from __future__ import annotations

import json

from wulian.analysis.clauses.cli import main
from wulian.analysis.documents.tests.building import CLAUSE, pdf_file, saved, scanned_pdf, word_file


def test_the_table_shows_page_pattern_clause_and_provision(tmp_path, capsys):
    assert main([str(saved(tmp_path, word_file(), "招标文件.docx"))]) == 0
    out = capsys.readouterr().out
    assert "候选条款" in out
    assert CLAUSE.rstrip("。") in out
    assert "DY-02" in out
    assert "《关于严格执行招标投标法规制度" in out


def test_the_result_is_written_as_json_with_places(tmp_path, capsys):
    source, target = saved(tmp_path, pdf_file("招标公告", CLAUSE), "公告.pdf"), tmp_path / "结果.json"
    assert main([str(source), "--out", str(target)]) == 0
    data = json.loads(target.read_text(encoding="utf-8"))
    [file] = data["files"]
    hit = file["hits"][0]
    assert data["format"] == "wulian-scan/1"
    assert (file["format"], hit["page"], hit["rule"]) == ("pdf", 1, "ZB-07")
    assert hit["provisions"][0]["text"]
    assert hit["spans"][0]["end"] > hit["spans"][0]["start"]


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_still_scanned(tmp_path, capsys):
    good = saved(tmp_path, "本项目须报名后方可投标。".encode(), "公告.txt")
    assert main([str(saved(tmp_path, scanned_pdf(), "扫描.pdf")), str(good), "/没有.docx"]) == 2
    shown = capsys.readouterr()
    assert "QZ-01" in shown.out
    assert "扫描.pdf: 无文字层，需识别" in shown.err
    assert "没有.docx: 无法打开" in shown.err


def test_an_unknown_pattern_is_refused(tmp_path, capsys):
    assert main(["--off", "ZZ-99", str(tmp_path / "a.txt")]) == 2
    assert "没有模式 ZZ-99" in capsys.readouterr().err
