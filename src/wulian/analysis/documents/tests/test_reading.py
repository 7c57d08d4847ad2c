"""What is read out of real files."""

from __future__ import annotations

import pytest

from wulian.analysis.documents import Document, read_document, render_page
from wulian.analysis.documents.tests.building import CLAUSE, pdf_file, saved, word_file

LONG = "2.3 " + CLAUSE + "本项目不接受联合体投标。"


@pytest.fixture(scope="module")
def word(tmp_path_factory) -> Document:
    return read_document(saved(tmp_path_factory.mktemp("word"), word_file()))


@pytest.fixture(scope="module")
def pdf_path(tmp_path_factory):
    filler = ["1.1 本招标项目已由随县发展和改革局批准建设，资金来自财政预算，已经落实。"] * 24
    return saved(tmp_path_factory.mktemp("pdf"), pdf_file("第一章 招标公告", *filler, LONG, LONG, LONG))


@pytest.fixture(scope="module")
def pdf(pdf_path) -> Document:
    return read_document(pdf_path)


def texts(document: Document, kind: str = "body") -> list[str]:
    return [item.text for item in document.paragraphs() if item.kind == kind]


def test_a_word_file_gives_its_paragraphs_in_order_without_what_was_deleted(word):
    assert word.format == "docx"
    assert texts(word)[0] == "第一章  招标公告"
    assert CLAUSE in texts(word)
    assert "已删除" not in word.text


def test_a_row_of_a_table_is_one_paragraph_with_tabs(word):
    assert texts(word, "table") == ["评分因素\t分值\t评分标准", "企业荣誉\t3\t获得楚天杯的，得3分"]


def test_the_running_head_of_a_word_file_is_marked_as_such(word):
    assert texts(word, "header") == ["随县黑屋湾水库除险加固工程施工招标文件"]


def test_pages_of_a_word_file_follow_its_breaks_and_are_said_to_be_approximate(word):
    pages = {item.text: item.page for item in word.paragraphs()}
    assert word.approximate_pages
    assert "推算" in word.notes[0]
    assert pages["1.1 本招标项目已由随县发展和改革局批准建设。"] == 1
    assert pages[CLAUSE] == 2
    assert pages["第三章 评标办法"] == 3


def test_a_paragraph_cut_by_a_page_break_goes_on_after_it(word):
    first, second = [item for item in word.paragraphs() if "资质" in item.text or "三级" in item.text]
    assert (first.page, second.page, second.continues) == (1, 2, True)


def test_lines_of_a_pdf_become_the_paragraphs_that_were_typed(pdf):
    assert pdf.format == "pdf"
    assert not pdf.approximate_pages
    assert LONG in texts(pdf)


def test_a_paragraph_that_runs_over_the_end_of_a_pdf_page_is_known_to_go_on(tmp_path):
    document = read_document(saved(tmp_path, pdf_file(LONG * 20)))
    body = [item for item in document.paragraphs() if item.kind == "body"]
    assert "".join(item.text for item in body) == LONG * 20
    assert [(item.page, item.continues) for item in body] == [(1, False), (2, True)]


def test_page_numbers_at_the_foot_are_no_part_of_the_text(pdf):
    assert texts(pdf, "footer")[0] == "— 1 —"
    assert not any("—" in text for text in texts(pdf))


def test_each_character_of_a_pdf_is_found_again_on_its_page(pdf):
    paragraph = next(item for item in pdf.paragraphs() if LONG in item.text)
    start = paragraph.text.index("随州市")
    ranges = paragraph.indices(start, start + 3)
    assert sum(length for _first, length in ranges) == 3
    assert paragraph.box is not None
    assert 0 < paragraph.box.left < paragraph.box.right < pdf.pages[paragraph.page - 1].width


def test_the_offset_of_a_paragraph_leads_to_it_in_the_whole_text(word, pdf):
    for document in (word, pdf):
        for item in document.paragraphs():
            assert document.text[item.start : item.start + len(item.text)] == item.text


def test_offsets_in_a_plain_file_are_those_of_the_file_itself(tmp_path):
    content = "招标公告\r\n\r\n  一、招标条件\r\n本项目已批准。\r\n"
    document = read_document(saved(tmp_path, content.encode("gb18030")))
    assert document.text == content
    assert [content[item.start : item.start + len(item.text)] for item in document.paragraphs()] == [
        "招标公告", "一、招标条件", "本项目已批准。",
    ]  # fmt: skip


def test_wrapped_lines_of_a_plain_file_go_on_but_items_do_not(tmp_path):
    content = "投标人须在随州市行政区域内设有经市场监督管理部门登记的分公\n司或者固定办事机构，并提供近六个月的纳税证明和社会保险缴纳\n证明。\n（2）不接受联合体投标。\n"
    document = read_document(saved(tmp_path, content.encode()))
    assert [item.continues for item in document.paragraphs()] == [False, True, True, False]


def test_a_web_page_gives_visible_text_and_rows(tmp_path):
    page = """<html><head><title>招标公告</title><style>p{}</style></head><body><p>一、本项目&nbsp;已<b>批准</b>。</p>
    <table><tr><td>评分<br>因素</td><td>分值</td></tr></table><script>alert('不可见')</script></body></html>"""
    document = read_document(saved(tmp_path, page.encode("gb18030")))
    assert document.format == "html"
    assert texts(document) == ["招标公告", "一、本项目 已批准。"]
    assert texts(document, "table") == ["评分\n因素\t分值"]


def test_a_document_survives_its_way_through_json(word, pdf):
    for document in (word, pdf):
        assert Document.from_json(document.to_json()) == document


def test_progress_is_told_while_a_pdf_is_read(tmp_path):
    told: list[tuple[int, int]] = []
    read_document(
        saved(tmp_path, pdf_file("本项目已由随县发展和改革局批准建设。", pages=45)),
        progress=lambda *step: told.append(step),
    )
    assert told == [(20, 45), (40, 45), (45, 45)]


def test_a_rendered_page_shows_the_clause_in_a_frame(pdf, pdf_path):
    paragraph = next(item for item in pdf.paragraphs() if LONG in item.text)
    marks = paragraph.indices(4, 40)
    marked, plain = (render_page(pdf_path, paragraph.page, marks=given) for given in (marks, ()))
    assert marked.startswith(b"\x89PNG") and plain.startswith(b"\x89PNG")
    assert marked != plain
