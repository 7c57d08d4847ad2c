"""`wulian compare` reads what it can, says what it cannot, and writes a report others can score."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from docx import Document

from wulian.analysis.similarity.cli import main
from wulian.analysis.similarity.tests.test_comparison import TENDER, bid
from wulian.analysis.similarity.tests.texts import COPIED


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bids").mkdir()
    (tmp_path / "tender.txt").write_text(TENDER, encoding="utf-8")
    for seed, passages in ((2, (COPIED, TENDER[:200])), (3, (COPIED, TENDER[:200])), (4, ())):
        text = bid(seed, *passages)
        (tmp_path / "bids" / text.name).write_text(text.raw, encoding="utf-8")
    return tmp_path


def run(folder: Path) -> int:
    tender, bids, out = folder / "tender.txt", folder / "bids", folder / "report"
    return main(["--tender", str(tender), "--bids", str(bids), "--out", str(out)])


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_lines_for_scoring_hold_characters_of_the_file_itself(folder, capsys):
    assert run(folder) == 0
    [found] = lines(folder / "report" / "passages.jsonl")
    for side in "ab":
        text = (folder / "bids" / found[side]).read_text(encoding="utf-8")
        assert text[found[f"{side}_start"] : found[f"{side}_end"]] == COPIED
    assert found["kind"] == "exact"
    assert {row["file"] for row in lines(folder / "report" / "tender.jsonl")} == {"bid-2.txt", "bid-3.txt"}
    assert "bid-2.txt 与 bid-3.txt" in capsys.readouterr().out


def test_the_pages_show_both_places_and_escape_what_a_bidder_wrote(folder):
    evil = (folder / "bids" / "bid-2.txt").read_text(encoding="utf-8") + "\n<script>alert(1)</script>"
    (folder / "bids" / "bid-2.txt").write_text(evil, encoding="utf-8")
    run(folder)
    page = (folder / "report" / "pairs" / "0001.html").read_text(encoding="utf-8")
    assert page.count('data-n="1"') == 3
    assert "<script>alert" not in page
    report = json.loads((folder / "report" / "report.json").read_text(encoding="utf-8"))
    assert report["schema"] == "wulian.compare/1"
    assert report["passages"][0]["a"]["paragraph"] == 16


def test_a_word_file_is_compared_with_a_text_file(folder):
    document = Document()
    for paragraph in bid(5, COPIED).raw.split("\n"):
        document.add_paragraph(paragraph)
    document.save(str(folder / "bids" / "bid-5.docx"))
    run(folder)
    pairs = {(row["a"], row["b"]) for row in lines(folder / "report" / "passages.jsonl")}
    assert ("bid-2.txt", "bid-5.docx") in pairs


def test_a_folder_is_one_bidder(folder):
    for name in ("商务标.txt", "技术标.txt"):
        (folder / "bids" / "丁公司").mkdir(exist_ok=True)
        (folder / "bids" / "丁公司" / name).write_text(COPIED, encoding="utf-8")
    run(folder)
    names = {(row["a"], row["b"]) for row in lines(folder / "report" / "passages.jsonl")}
    assert not any(a.startswith("丁公司") and b.startswith("丁公司") for a, b in names)
    assert any("丁公司/技术标.txt" in pair for pair in names)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("空.txt", b"", "空"),
        ("坏.pdf", b"%PDF-1.7\n broken", ""),
        ("假.docx", b"MZ\x90\x00" + bytes(200), ""),
        ("二进制.txt", bytes(range(256)) * 20, ""),
    ],
)
def test_a_bad_file_is_named_with_its_reason_and_the_rest_goes_on(folder, capsys, name, content, reason):
    (folder / "bids" / name).write_bytes(content)
    assert run(folder) == 0
    said = capsys.readouterr().err
    assert f"未读取 {name}：" in said
    assert reason in said
    assert len(lines(folder / "report" / "passages.jsonl")) == 1


def test_text_in_gb18030_is_read(folder):
    (folder / "bids" / "bid-4.txt").write_bytes(bid(4, COPIED).raw.encode("gb18030"))
    run(folder)
    assert len(lines(folder / "report" / "passages.jsonl")) == 3


def test_one_bidder_is_not_compared(folder, capsys):
    for name in ("bid-3.txt", "bid-4.txt"):
        (folder / "bids" / name).unlink()
    assert run(folder) == 2
    assert "应不少于两个，现为1个" in capsys.readouterr().err


def test_a_tender_document_that_cannot_be_read_stops_the_comparison(folder, capsys):
    (folder / "tender.txt").write_bytes(b"")
    assert run(folder) == 2
    assert "招标文件没有一个能够读取" in capsys.readouterr().err
    assert not (folder / "report").exists()


def test_a_missing_folder_is_named(folder, capsys):
    assert main(["--bids", str(folder / "无"), "--out", str(folder / "report")]) == 2
    assert "投标文件夹不存在" in capsys.readouterr().err
