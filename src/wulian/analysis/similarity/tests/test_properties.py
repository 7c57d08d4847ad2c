"""Who saved the files, with what and when (REFERENCE C.4, M-1 … M-3)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from wulian.analysis.documents import Traces, inspect_document
from wulian.analysis.documents.tests.building import pdf_file, rewritten
from wulian.analysis.similarity.files import ReadFile, read_files
from wulian.analysis.similarity.tests.building import CHU, FIRMS, HAN, JIANG, ZENG, read, word
from wulian.analysis.similarity.traces.properties import compare_properties


def found(folder, sources=()):
    outcome = compare_properties(read(folder), sources)
    return {(one.check, one.subjects, one.value.partition("：")[0]): one for one in outcome.findings}


def test_a_word_file_tells_who_saved_it_when_and_with_what(tmp_path):
    path = word(
        tmp_path / "a.docx", author="张晓明", last_modified_by="赵四", revision=7, rsids=("00AB12CD",)
    )
    properties = inspect_document(path).traces.properties
    assert properties["author"] == ("张晓明",)
    assert properties["last_modified_by"] == ("赵四",)
    assert properties["revision"] == ("7",)
    assert properties["rsid"] == ("00AB12CD",)
    assert "Normal.dotm" in properties["template"]


def test_a_pdf_tells_its_tool_identifiers_and_font_subsets(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_file("投标函"))
    properties = inspect_document(tmp_path / "a.pdf").traces.properties
    assert properties["application"][0].startswith("Typst")
    assert properties["document_id"] and properties["font_subset"][0][6] == "+"
    assert datetime.fromisoformat(properties["modified"][0])


def test_changes_and_comments_name_who_made_them(tmp_path):
    path = word(tmp_path / "a.docx", ["投标函"])
    comments = '<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:comment w:id="0" w:author="孙立"/></w:comments>'
    path.write_bytes(rewritten(path.read_bytes(), word__comments_xml=comments.encode()))
    assert inspect_document(path).traces.properties["reviser"] == ("孙立",)


def test_one_author_of_two_bidders_files_is_a_hint_with_both_files(tmp_path):
    word(tmp_path / CHU / "技术标.docx", author="张晓明")
    word(tmp_path / ZENG / "技术标.docx", author="张晓明")
    word(tmp_path / JIANG / "技术标.docx", author="李华")
    one = found(tmp_path)["M-1", tuple(sorted((CHU, ZENG))), "作者"]
    assert one.level == "hint"
    assert {e.source for e in one.evidence} == {f"{CHU}/技术标.docx", f"{ZENG}/技术标.docx"}
    assert all(len(e.sha256) == 64 for e in one.evidence)


@pytest.mark.parametrize(
    "name", ["Administrator", "admin", "User", "微软用户", "Microsoft Office User", "DESKTOP-A1B2C3", "PC"]
)
def test_default_names_are_nobodys(name):
    assert not compare_properties([authored(CHU, name), authored(ZENG, name)], ()).findings
    assert compare_properties([authored(CHU, "刘建国"), authored(ZENG, "刘建国")], ()).findings


def authored(bidder, name):
    traces = Traces({"author": (name,)})
    return ReadFile(f"{bidder}/技术标.docx", bidder, "0" * 64, "", traces=traces, format="docx")


def test_the_author_of_the_tenders_own_file_is_excluded_and_shown(tmp_path):
    template = word(tmp_path / "tender" / "投标文件格式.docx", author="随州市某代理公司")
    for firm in (CHU, ZENG):
        word(tmp_path / "bids" / firm / "技术标.docx", author="随州市某代理公司")
    sources, _ = read_files([template])
    [one] = found(tmp_path / "bids", sources).values()
    assert one.excluded
    assert one.exclusions[1].state == "applies"


def test_editing_sessions_in_common_are_one_finding_without_those_of_the_template(tmp_path):
    template = word(tmp_path / "tender" / "格式.docx", rsids=("00000001", "00000002"))
    common = ("00000001", "00000002", "00AAAA01", "00AAAA02", "00AAAA03")
    word(tmp_path / "bids" / CHU / "技术标.docx", rsids=(*common, "00BB0001"))
    word(tmp_path / "bids" / ZENG / "技术标.docx", rsids=(*common, "00CC0001"))
    sources, _ = read_files([template])
    [one] = found(tmp_path / "bids", sources).values()
    assert (one.check, one.strong) == ("M-3", True)
    assert one.value == "编辑会话标识：3个（00AAAA01、00AAAA02、00AAAA03）"


def test_what_most_bidders_have_is_weak():
    [one] = compare_properties([authored(firm, "某软件公司") for firm in FIRMS], ()).findings
    assert not one.strong


def test_saving_in_turns_again_and_again_is_found_and_once_is_not(tmp_path):
    start = datetime(2026, 5, 20, 14, 0)
    for number, (firm, minutes) in enumerate(((CHU, (0, 60)), (ZENG, (4, 63)), (HAN, (5, 300)))):
        for nth, minute in enumerate(minutes):
            moment = start + timedelta(minutes=minute)
            word(
                tmp_path / firm / f"{nth}.docx",
                modified=moment,
                created=start - timedelta(days=1 + number * 7 + nth),
            )
    assert [key[:2] for key in found(tmp_path)] == [("M-2", tuple(sorted((CHU, ZENG))))]


def test_plain_text_has_no_properties_and_that_is_said(tmp_path):
    for firm in (CHU, ZENG):
        (tmp_path / firm).mkdir()
        (tmp_path / firm / "技术标.txt").write_text("施工组织设计", encoding="utf-8")
    assert "未检验作者" in compare_properties(read(tmp_path), ()).notes[0]
