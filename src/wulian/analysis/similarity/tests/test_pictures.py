"""Pictures found again however they were handed on (REFERENCE C.4, T-3)."""

from __future__ import annotations

import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from wulian.analysis.documents import inspect_document
from wulian.analysis.documents.pictures import describe
from wulian.analysis.documents.tests.building import pdf_file
from wulian.analysis.similarity.files import read_bids
from wulian.analysis.similarity.tests.building import (
    CHU,
    FIRMS,
    HAN,
    ZENG,
    encoded,
    photograph,
    pictured,
    read,
    word,
)
from wulian.analysis.similarity.tests.texts import own_text
from wulian.analysis.similarity.traces.pictures import compare_pictures


def stamped(image: Image.Image) -> Image.Image:
    image = image.copy()
    ImageDraw.Draw(image).text((60, 280), "FOR THIS BID ONLY " * 4, fill=(200, 30, 30))
    return image


ALIKE = {
    "saved anew": lambda image: encoded(image, 55),
    "smaller": lambda image: encoded(image.resize((450, 300)), 80),
    "stamped": lambda image: encoded(stamped(image), 80),
    "brighter": lambda image: encoded(ImageEnhance.Brightness(image).enhance(1.15), 80),
    "cropped by 2 %": lambda image: encoded(image.crop((9, 6, 891, 594)), 80),
    "turned a little": lambda image: encoded(image.rotate(0.5, fillcolor=(240, 238, 230)), 80),
}


def found(*files, sources=()):
    return compare_pictures(files, sources).findings


@pytest.mark.parametrize("way", ALIKE)
def test_the_same_picture_is_found_again(way):
    first = pictured(CHU, encoded(photograph(1)), encoded(photograph(2)))
    [one] = found(first, pictured(ZENG, encoded(photograph(3)), ALIKE[way](photograph(1))))
    assert (one.check, one.level, one.value) == ("T-3", "hint", "同一图片（另存、缩放或加印后仍相同）")
    assert [e.place for e in one.evidence] == ["图1", "图2"]


def test_the_same_bytes_are_told_as_such_with_the_part_of_the_file(tmp_path):
    for firm in (CHU, ZENG):
        word(tmp_path / firm / "技术标.docx", pictures=[encoded(photograph(1))])
    [one] = found(*read(tmp_path))
    assert one.value == "文件逐字节相同"
    assert {(e.source, e.place) for e in one.evidence} == {
        (f"{firm}/技术标.docx", "word/media/image1.png") for firm in (CHU, ZENG)
    }


@pytest.mark.parametrize("scale", [1.0, 0.71, 0.6])
def test_a_part_cut_out_of_a_picture_is_found(scale):
    part = photograph(1).crop((250, 120, 760, 520))
    part = part.resize((round(part.width * scale), round(part.height * scale)))
    first = pictured(CHU, encoded(photograph(1)), encoded(photograph(5)))
    [one] = found(first, pictured(ZENG, encoded(photograph(6)), encoded(part, 75)))
    assert one.value == "一幅是另一幅的裁剪"
    assert [e.place for e in one.evidence] == ["图1", "图2"]


def test_pictures_of_their_own_share_nothing():
    files = [
        pictured(firm, *(encoded(photograph(100 * number + nth)) for nth in range(8)))
        for number, firm in enumerate(FIRMS)
    ]
    assert not found(*files)


def test_scanned_pages_are_found_again_and_pages_of_other_text_are_not():
    text = own_text(1, 400)
    pages = pypdfium2.PdfDocument(pdf_file(*("".join(text[at : at + 4]) for at in range(0, 400, 4))))
    images = [pages[number].render(scale=1.2).to_pil() for number in range(5)]
    scanned = encoded(images[2].rotate(0.6, fillcolor="white").filter(ImageFilter.GaussianBlur(0.8)), 60)
    first = pictured(CHU, *map(encoded, images))
    assert not found(pictured(CHU, *map(encoded, images[:3])), pictured(ZENG, *map(encoded, images[3:])))
    [one] = found(first, pictured(ZENG, scanned))
    assert {e.place for e in one.evidence if e.bidder == CHU} == {"图3"}


def test_a_picture_of_the_tender_document_is_excluded():
    given = pictured("格式.docx", encoded(photograph(1)))
    both = [pictured(firm, encoded(photograph(1), 80)) for firm in (CHU, ZENG)]
    [one] = found(*both, sources=[given])
    assert one.excluded


def test_a_picture_that_most_bidders_have_is_taken_for_a_common_one():
    [one] = found(*(pictured(firm, encoded(photograph(1))) for firm in FIRMS))
    assert one.excluded
    assert "5家投标人都有" in one.exclusions[0].remark


def test_small_and_flat_pictures_are_passed_over():
    assert describe(encoded(photograph(1).resize((30, 30))), place="图", page=1) is None
    assert describe(encoded(Image.new("RGB", (300, 300), "white")), place="图", page=1) is None
    assert describe(b"no picture at all", place="图", page=1) is None


def test_a_file_of_one_picture_and_a_scan_are_compared_though_they_have_no_text(tmp_path):
    (tmp_path / CHU).mkdir()
    (tmp_path / CHU / "证书.jpg").write_bytes(encoded(photograph(1), 80))
    (tmp_path / HAN).mkdir()
    photograph(1).resize((600, 400)).save(tmp_path / HAN / "扫描.pdf", "PDF")
    inspection = inspect_document(tmp_path / HAN / "扫描.pdf")
    assert inspection.document is None and inspection.refusal and inspection.refusal.code == "no_text"
    assert inspection.traces.pictures[0].scan
    files, problems = read_bids(tmp_path)
    assert [one.check for one in compare_pictures(files, ()).findings] == ["T-3"]
    assert {problem.name for problem in problems} == {f"{CHU}/证书.jpg", f"{HAN}/扫描.pdf"}


def test_a_text_pdf_has_no_pictures(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_file("投标函"))
    assert inspect_document(tmp_path / "a.pdf").traces.pictures == ()
