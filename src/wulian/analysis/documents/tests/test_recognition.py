"""Scans and pictures read by the extra `ocr`, where it is installed, in a process without a network."""

from __future__ import annotations

import io

import pypdf
import pypdfium2
import pytest

from wulian.analysis.documents import Document, Limits, Page, Paragraph, inspect_document, recognition
from wulian.analysis.documents.tests.building import CLAUSE, pdf_file, saved


def scan(*paragraphs: str) -> tuple[bytes, bytes]:
    """One page as a scanned PDF and as a picture."""
    image = pypdfium2.PdfDocument(pdf_file(*paragraphs))[0].render(scale=150 / 72).to_pil()
    as_pdf, as_png = io.BytesIO(), io.BytesIO()
    image.save(as_pdf, "PDF", resolution=150)
    image.save(as_png, "PNG")
    return as_pdf.getvalue(), as_png.getvalue()


@pytest.mark.slow
@pytest.mark.skipif(not recognition.is_installed(), reason="the extra `ocr` is not installed")
@pytest.mark.parametrize("number", [0, 1], ids=["scanned PDF", "picture"])
def test_a_scan_is_read_with_the_place_of_each_line(tmp_path, number):
    found = inspect_document(
        saved(tmp_path, scan(CLAUSE)[number]), limits=recognition.LIMITS, recognised=True
    )
    assert found.document
    read = "".join(paragraph.text for paragraph in found.document.paragraphs())
    assert "设有经市场监督管理部门登记的分公司或者固定办事机构" in read
    assert found.document.notes == (recognition.NOTE,)
    first = next(found.document.paragraphs())
    assert first.box and 0 < first.box.left < first.box.right < found.document.pages[0].width


def mixed() -> bytes:
    """A written page, a scanned one, a blank one, a written one."""
    writer, out = pypdf.PdfWriter(), io.BytesIO()
    writer.append(io.BytesIO(pdf_file("第一章 投标函", "我方愿意以人民币壹佰万元的总报价承包本工程。")))
    writer.append(io.BytesIO(scan(CLAUSE)[0]))
    writer.add_blank_page(595, 842)
    writer.append(io.BytesIO(pdf_file("第三章 施工组织设计的总体部署和进度安排")))
    writer.write(out)
    return out.getvalue()


@pytest.mark.slow
@pytest.mark.skipif(not recognition.is_installed(), reason="the extra `ocr` is not installed")
def test_of_a_mixed_pdf_only_the_pages_without_text_are_recognised(tmp_path):
    found = inspect_document(saved(tmp_path, mixed()), limits=recognition.LIMITS, recognised=True).document
    assert found
    assert "办事机构" in "".join(paragraph.text for paragraph in found.pages[1].paragraphs)
    assert found.notes == (f"第2页{recognition.NOTE}", "第3页没有识别出文字")


def test_recognised_pages_come_to_stand_between_the_written_ones(tmp_path):
    written = inspect_document(saved(tmp_path, mixed())).document
    assert written
    assert written.notes == ("第2、3页没有文字层，未能扫描，需识别",)
    page = Page(2, (Paragraph(2, 1, "投标人须设有分公司"), Paragraph(2, 2, "或者固定办事机构")))
    whole = recognition.merged(written, Document("pdf", (page, Page(3, ()))), Limits())
    paragraphs = list(whole.paragraphs())
    assert [one.page for one in paragraphs] == sorted(one.page for one in paragraphs)
    assert [one.number for one in paragraphs] == list(range(1, len(paragraphs) + 1))
    assert all(whole.text[one.start :].startswith(one.text) for one in paragraphs)
    assert whole.notes == (f"第2页{recognition.NOTE}", "第3页没有识别出文字")
    assert len(whole.pages) == 4


def test_unless_it_is_asked_for_a_scan_has_no_text(tmp_path):
    found = inspect_document(saved(tmp_path, scan(CLAUSE)[0]))
    assert found.document is None
    assert found.refusal and "需识别" in found.refusal.message


@pytest.mark.skipif(recognition.is_installed(), reason="the extra `ocr` is installed")
def test_asking_without_the_extra_is_refused_with_what_to_do(tmp_path, capsys):
    from wulian.analysis.similarity.cli import main

    assert main(["--bids", str(tmp_path), "--out", str(tmp_path / "report"), "--ocr"]) == 2
    assert "附加项 ocr" in capsys.readouterr().err
