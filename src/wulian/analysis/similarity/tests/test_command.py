"""`wulian compare` reads what it can, says what it cannot, and writes a report others can score."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
from pathlib import Path

import pypdf
import pytest
import xlsxwriter
from docx import Document

from wulian.analysis.documents.tests.building import pdf_file, rewritten, word_file
from wulian.analysis.similarity.cli import main
from wulian.analysis.similarity.library import Library
from wulian.analysis.similarity.tests.building import (
    CHU,
    HAN,
    JIANG,
    ZENG,
    encoded,
    machine,
    photograph,
    word,
    workbook,
)
from wulian.analysis.similarity.tests.test_comparison import TENDER, bid
from wulian.analysis.similarity.tests.texts import COPIED, own_text


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


def test_offsets_count_the_characters_of_the_file_whatever_it_is_made_of(folder):
    """A mark before the text is none of it; a line ends in two characters where it was written with two; 𠮷 is one."""
    rare = "承诺：项目经理𠮷祥驻场。\r\n" * 3
    for name, encoding in (("bid-2.txt", "utf-8-sig"), ("bid-3.txt", "utf-16"), ("bid-4.txt", "gb18030")):
        text = rare + bid(int(name[4]), "甲方" + COPIED).raw.replace("\n", "\r\n")
        (folder / "bids" / name).write_bytes(text.encode(encoding))
    run(folder)
    rows = lines(folder / "report" / "passages.jsonl")
    assert {(row["a"], row["b"], row["kind"]) for row in rows if row["matched"] > 100} == {
        (a, b, "exact") for a, b in (("bid-2.txt", "bid-3.txt"), ("bid-2.txt", "bid-4.txt"), ("bid-3.txt", "bid-4.txt"))
    }  # fmt: skip
    codes = {"bid-2.txt": "utf-8-sig", "bid-3.txt": "utf-16", "bid-4.txt": "gb18030"}
    raw = {name: (folder / "bids" / name).read_bytes().decode(code) for name, code in codes.items()}
    for row in rows:
        shown = [raw[row[side]][row[f"{side}_start"] : row[f"{side}_end"]] for side in "ab"]
        assert shown[0] == shown[1]
        assert COPIED in shown[0] or "𠮷祥驻场" in shown[0]
    for row in lines(folder / "report" / "tender.jsonl"):
        copied = TENDER[row["source_start"] : row["source_end"]]
        assert raw[row["file"]][row["file_start"] : row["file_end"]] == copied


def test_each_kind_of_copy_is_named(folder):
    sentences = [*own_text(77, 6), COPIED[:47], COPIED[47:93], COPIED[93:]]
    whole = "".join(sentences)
    forms = {
        "exact": whole,
        "formatted": whole.replace("，", " , ").replace("。", "\n"),
        "edited": whole.replace("不得", "不可").replace("居民", "住户").replace("现场", "工地内"),
        "reordered": "".join([*sentences[5:], *sentences[:5]]),
    }
    for seed, (kind, form) in enumerate(forms.items(), start=20):
        (folder / "bids" / f"{kind}.txt").write_text(bid(seed, form).raw, encoding="utf-8")
    run(folder)
    kinds = {
        row["b"] if row["a"] == "exact.txt" else row["a"]: row["kind"]
        for row in lines(folder / "report" / "passages.jsonl")
        if "exact.txt" in (row["a"], row["b"]) and row["matched"] > 200
    }
    assert kinds == {f"{kind}.txt": kind for kind in forms if kind != "exact"}


def test_the_pages_show_both_places_and_escape_what_a_bidder_wrote(folder):
    evil = (folder / "bids" / "bid-2.txt").read_text(encoding="utf-8") + "\n<script>alert(1)</script>"
    (folder / "bids" / "bid-2.txt").write_text(evil, encoding="utf-8")
    run(folder)
    page = (folder / "report" / "pairs" / "0001.html").read_text(encoding="utf-8")
    assert page.count('data-n="1"') == 3
    assert "<script>alert" not in page
    report = json.loads((folder / "report" / "report.json").read_text(encoding="utf-8"))
    assert report["schema"] == "wulian.compare/2"
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


def pages(count: int) -> bytes:
    """A PDF of so many scanned pages, all one picture."""
    writer = pypdf.PdfWriter()
    out, page = io.BytesIO(), io.BytesIO()
    photograph(1, 200, 280).save(page, "PDF")
    writer.append(io.BytesIO(page.getvalue()))
    for _ in range(count - 1):
        writer.add_page(writer.pages[0])
    writer.write(out)
    return out.getvalue()


def locked() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_file("投标函")))
    writer.encrypt("密码", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def broken_workbook() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.add_worksheet()
    return rewritten(out.getvalue(), xl__workbook_xml=b"<broken")


BAD = {
    "空.txt": (lambda: b"", "文件是空的"),
    "空.docx": (lambda: b"", "文件是空的"),
    "坏.pdf": (lambda: b"%PDF-1.7\n broken", "PDF 文件已损坏"),
    "断.docx": (lambda: word_file()[:4000], "文件已损坏"),
    "加密.pdf": (locked, "PDF 已加密"),
    "旧.doc": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".docx"),
    "程序.docx": (lambda: b"MZ\x90\x00" + bytes(200), "不是可读取的文件"),
    "二进制.txt": (lambda: bytes(range(256)) * 20, "不是可读取的文件"),
    "炸弹.docx": (lambda: rewritten(word_file(), word__document_xml=b"<a>" + b" " * 110_000_000), "压缩炸弹"),
    "四千页.pdf": (lambda: pages(4000), "共4000页，最多3000页"),
    "实体.xml": (lambda: b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "文档类型声明"),
    "坏.xlsx": (lambda: broken_workbook(), "表格已损坏"),
}


def test_each_bad_file_is_named_with_its_reason_and_the_rest_goes_on(folder, capsys):
    for name, (content, _) in BAD.items():
        (folder / "bids" / name).write_bytes(content())
    assert run(folder) == 0
    said = capsys.readouterr().err
    told = dict(line.removeprefix("未读取 ").split("：", 1) for line in said.splitlines())
    for name, (_, reason) in BAD.items():
        assert reason in told[name], name
    assert set(told) == set(BAD)
    assert ("bid-2.txt", "bid-3.txt") in {
        (row["a"], row["b"]) for row in lines(folder / "report" / "passages.jsonl")
    }


def test_text_in_gb18030_is_read(folder):
    (folder / "bids" / "bid-4.txt").write_bytes(bid(4, COPIED).raw.encode("gb18030"))
    run(folder)
    assert len(lines(folder / "report" / "passages.jsonl")) == 3


def test_names_and_records_that_are_no_text_do_not_stop_the_report(folder):
    """A name that an archive left in GB18030, and half a character in an export of the trading system."""
    name = os.fsdecode("楚江水利.txt".encode("gb18030"))
    (folder / "bids" / name).write_text(bid(9, COPIED).raw, encoding="utf-8")
    people = [
        {"bidder": one, "name": "陈\ud842志强\u0000", "phone": "13971234567"}
        for one in ("bid-2.txt", "bid-3.txt")
    ]
    (folder / "people.json").write_text(json.dumps(people), encoding="utf-8")
    assert run(folder) == 0
    names = {row[side] for row in lines(folder / "report" / "passages.jsonl") for side in "ab"}
    assert "楚江水利.txt" in names
    [shared] = [row for row in lines(folder / "report" / "findings.jsonl") if row["check"] == "R-1C"]
    assert shared["subjects"] == ["bid-2.txt", "bid-3.txt"]


def test_from_many_bidders_the_pairs_are_a_map_of_colours(folder):
    for seed in range(5, 27):
        (folder / "bids" / f"bid-{seed}.txt").write_text("".join(own_text(seed, 3)), encoding="utf-8")
    tender, bids, out = folder / "tender.txt", folder / "bids", folder / "report"
    assert main(["--tender", str(tender), "--bids", str(bids), "--out", str(out), "--no-pdf"]) == 0
    page = (out / "index.html").read_text(encoding="utf-8")
    assert page.count('<td class="lv-') == 2
    assert page.count('<td class="self">') == 25
    assert 'title="bid-2.txt 与 bid-3.txt：' in page


def test_a_file_with_the_wrong_ending_is_read_for_what_it_is(folder, capsys):
    (folder / "bids" / "bid-7.pdf").write_bytes(word_with(bid(7, COPIED)))
    (folder / "bids" / "bid-8.docx").write_bytes(pdf_file(*bid(8, COPIED).raw.split("\n")))
    assert run(folder) == 0
    assert capsys.readouterr().err == ""
    pairs = {(row["a"], row["b"]) for row in lines(folder / "report" / "passages.jsonl")}
    assert ("bid-7.pdf", "bid-8.docx") in pairs


def word_with(text) -> bytes:
    document, out = Document(), io.BytesIO()
    for paragraph in text.raw.split("\n"):
        document.add_paragraph(paragraph)
    document.save(out)
    return out.getvalue()


def test_everything_that_two_bidders_share_stands_in_the_report(folder, capsys):
    """One tender, all traces: text, properties, picture, computer, bond, person, prices, errors, mixed-up file."""
    bids = folder / "bids"
    for path in bids.iterdir():
        path.unlink()
    (folder / "tender.txt").write_text(f"项目名称：随县黑屋湾水库除险加固工程\n{TENDER}\n", encoding="utf-8")
    control = [round(20 + 7.3 * number, 2) for number in range(60)]
    workbook(folder / "控制价.xlsx", control)
    for number, firm in enumerate((CHU, ZENG, JIANG)):
        own = bid(
            number + 2, *((COPIED, "工程名称：枣阳市王城镇防洪排涝工程") if number < 2 else ())
        ).raw.split("\n")
        own += [f"投标人：{CHU}（盖单位章）"] if number == 1 else []
        word(bids / firm / "技术标.docx", own, author="张晓明" if number < 2 else "李华",
             pictures=[encoded(photograph(1 if number < 2 else 2))])  # fmt: skip
        chance = random.Random(number)
        workbook(
            bids / firm / "清单.xlsx", [round(price * chance.uniform(0.85, 1.0), 2) for price in control]
        )
    workbook(bids / ZENG / "清单.xlsx", [round(price * 0.9, 2) for price in control])
    workbook(bids / CHU / "清单.xlsx", [round(price * 0.92, 2) for price in control])
    computer = {
        "stage": "authoring",
        "mac": "3C-7C-3F-11-22-33",
        "cpu": "BFEBFBFF000A0671",
        "disk": "WD-WX11",
    }
    machine(
        bids,
        {"bidder": CHU, **computer},
        {"bidder": ZENG, **computer},
        {"stage": "tender", "mac": "3C7C3F998877"},
    )
    (bids / "bonds.csv").write_text(
        f"投标人,付款账号,付款户名\n{CHU},42050112,某商贸公司\n{ZENG},42050112,某商贸公司\n", encoding="utf-8"
    )
    (folder / "people.csv").write_text(
        f"投标人,姓名,岗位,身份证号\n{CHU},陈志强,项目经理,420683198001011234\n{ZENG},陈志强,项目经理,420683198001011234\n",
        encoding="gb18030",
    )
    arguments = [
        "--tender",
        str(folder / "tender.txt"),
        str(folder / "控制价.xlsx"),
        "--bids",
        str(bids),
        "--out",
        str(folder / "report"),
    ]
    assert (
        main(
            [
                *arguments,
                "--operator",
                "王建国",
                "--operator",
                "李敏",
                "--source",
                "随州市公共资源电子交易系统",
            ]
        )
        == 0
    )
    report = json.loads((folder / "report" / "report.json").read_text(encoding="utf-8"))
    found = {one["check"]: one for one in report["findings"] if set(one["subjects"]) == {CHU, ZENG}}
    assert {"H-2", "B-1", "R-1", "T-4", "M-1", "T-2", "T-3", "P-2"} <= set(found)
    assert {check for check, one in found.items() if one["level"] == "deemed"} == {"H-2", "B-1", "R-1", "T-4"}
    assert all(one["exclusions"] and one["evidence"] for one in found.values())
    assert report["findings"] == lines(folder / "report" / "findings.jsonl")
    assert not any(JIANG in one["subjects"] for one in report["findings"])
    assert report["extraction"]["operators"] == ["王建国", "李敏"]
    files = {file["name"]: file for file in report["bids"]}
    assert (
        files[f"{CHU}/技术标.docx"]["sha256"]
        == hashlib.sha256((bids / CHU / "技术标.docx").read_bytes()).hexdigest()
    )
    assert files[f"{CHU}/技术标.docx"]["properties"]["author"] == ["张晓明"]
    assert report["pairs"][0]["level"] == "疑似视为"
    assert "疑似视为串通" in (folder / "report" / "index.html").read_text(encoding="utf-8")
    assert (folder / "report" / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "420683198001011234" not in (folder / "report" / "report.json").read_text(encoding="utf-8")
    assert "疑似视为串通的情形 4 项" in capsys.readouterr().out


def test_an_earlier_bid_of_the_citys_memory_is_found_with_its_place(folder):
    memory = Library(folder / "memory", create=True)
    old = bid(40, COPIED * 2).raw
    about = {"name": "技术标.docx", "bidder": HAN, "tender": "上一年的项目", "sha256": "old"}
    memory.add([(about, old)], at="2025-01-01")
    tender, bids, out = folder / "tender.txt", folder / "bids", folder / "report"
    (bids / "bid-4.txt").write_text(bid(4, COPIED * 2).raw, encoding="utf-8")
    assert (
        main(
            [
                "--tender",
                str(tender),
                "--bids",
                str(bids),
                "--out",
                str(out),
                "--library",
                str(folder / "memory"),
            ]
        )
        == 0
    )
    found = {one["subjects"][0]: one for one in lines(out / "findings.jsonl") if one["check"] == "C-1"}
    assert set(found) == {"bid-2.txt", "bid-3.txt", "bid-4.txt"}
    mine, theirs = found["bid-4.txt"]["evidence"][:2]
    assert (theirs["bidder"], theirs["source"]) == (HAN, "技术标.docx")
    assert old[theirs["start"] : theirs["end"]] == COPIED * 2
    assert (bids / "bid-4.txt").read_text(encoding="utf-8")[mine["start"] : mine["end"]] == COPIED * 2


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
