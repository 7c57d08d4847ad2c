"""What is stripped: nothing of who, where and with what is left; what a reader sees stays."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from contextlib import suppress

import docx
import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from wulian.core.files import kinds
from wulian.core.files.cleaning.process import cleaned
from wulian.core.files.cleaning.segments import strip_jpeg, strip_jpeg2000
from wulian.core.files.tests import making


def strip(data: bytes, media_type: str) -> bytes:
    with cleaned([data], media_type, title="材料", field="files") as chunks:
        return b"".join(chunks)


def everything_in(data: bytes) -> bytes:
    """The bytes of a file and, of an archive or a PDF, those of its parts unpacked."""
    found = [data]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found += [part for name in archive.namelist() for part in (name.encode(), archive.read(name))]
    if data.startswith(b"%PDF"):
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
            with suppress(zlib.error):
                found.append(zlib.decompressobj().decompress(stream))
    return b"\n".join(found)


@pytest.mark.parametrize(
    ("made", "media_type"),
    [
        (making.photo(), kinds.JPEG),
        (making.photo(form="PNG"), kinds.PNG),
        (making.pdf(), kinds.PDF),
        (making.word(), kinds.DOCX),
        (making.workbook(), kinds.XLSX),
    ],
    ids=["jpeg", "png", "pdf", "docx", "xlsx"],
)
def test_no_mark_of_maker_machine_or_place_is_left(made, media_type):
    before, after = everything_in(made), everything_in(strip(made, media_type))
    planted = [
        form for mark in making.MARKS for form in (mark.encode(), mark.encode("utf-16-be"), mark.encode("utf-16-le"))
    ]  # fmt: skip
    assert any(form in before for form in planted), "the file carried marks"
    assert not [form for form in planted if form in after]


def test_a_photo_keeps_its_pixels_and_stands_upright():
    before, after = (
        Image.open(io.BytesIO(data)) for data in (making.photo(), strip(making.photo(), kinds.JPEG))
    )
    assert before.size == (64, 48) and after.size == (48, 64), "turned as the camera meant"
    red, green, blue = after.convert("RGB").getpixel((46, 2))
    assert red > 150 > green and blue < 100, "the corner is where it belongs"
    assert not after.getexif() and "icc_profile" not in after.info


def test_a_transparent_and_a_sixteen_bit_picture_are_kept():
    for mode, colour in (("RGBA", (1, 2, 3, 0)), ("LA", (7, 0)), ("I;16", 512), ("1", 1), ("P", 3)):
        target = io.BytesIO()
        Image.new(mode, (8, 8), colour).save(target, "PNG")
        image = Image.open(io.BytesIO(strip(target.getvalue(), kinds.PNG)))
        assert image.size == (8, 8)
        if mode == "RGBA":
            assert image.getpixel((0, 0)) == (1, 2, 3, 0)
        if mode == "I;16":
            assert image.getpixel((0, 0)) == 2


def test_what_hides_behind_a_picture_is_dropped():
    """JPEG + ZIP: one file that two programs read differently."""
    hidden = io.BytesIO()
    with zipfile.ZipFile(hidden, "w") as archive:
        archive.writestr("secret.txt", making.AUTHOR)
    result = strip(making.photo() + hidden.getvalue(), kinds.JPEG)
    assert making.AUTHOR.encode() not in result and not zipfile.is_zipfile(io.BytesIO(result))


def test_a_pdf_keeps_its_pages_pictures_and_marks():
    result = strip(making.pdf(pages=3), kinds.PDF)
    reader = PdfReader(io.BytesIO(result))
    assert len(reader.pages) == 3 and not reader.metadata and reader.xmp_metadata is None
    assert set(reader.trailer["/Root"]) == {"/Type", "/Pages"}
    note = reader.pages[0]["/Annots"][0].get_object()
    assert note["/Contents"] == making.WORDS and "/T" not in note
    page = pypdfium2.PdfDocument(result)[2].render(scale=1).to_pil()
    assert page.getpixel((3, 3))[0] > 150, "the picture is drawn"


def test_a_pdf_keeps_what_its_pages_inherit():
    """Size, rotation and resources may stand once for all pages (ISO 32000-1, 7.7.3.4)."""
    data = _written_pdf(b"BT /F1 12 Tf 10 20 Td (Suizhou) Tj ET")
    page = pypdfium2.PdfDocument(strip(data, kinds.PDF))[0]
    assert page.get_size() == (80, 200), "turned by the inherited rotation"
    assert page.get_textpage().get_text_range().strip() == "Suizhou"


def _written_pdf(content: bytes) -> bytes:
    """A small PDF by hand, with everything inherited from the root of the page tree and history appended."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 200 80] /Rotate 90 /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(data)


def test_earlier_versions_of_a_pdf_are_gone():
    """An incremental save keeps what was deleted; the working copy knows only the last version."""
    first = making.pdf(pages=1)
    result = strip(first + b"\n% appended\n", kinds.PDF)
    assert result.count(b"%%EOF") == 1 and b"appended" not in result


def test_a_letter_keeps_its_words_comment_revision_and_picture():
    result = strip(making.word(), kinds.DOCX)
    document = docx.Document(io.BytesIO(result))
    assert document.paragraphs[0].text.startswith(making.WORDS)
    assert "招标公告" in document.paragraphs[0]._p.xpath("string(.)"), (
        "the words of a link stay, where it led to does not"
    )
    assert [comment.text for comment in document.comments] == ["请核对流水号"]
    assert {comment.author for comment in document.comments} == {"匿名"}
    names = zipfile.ZipFile(io.BytesIO(result)).namelist()
    assert "word/media/image1.jpg" in names
    assert not [
        name
        for name in names
        if name.startswith(("docProps", "customXml")) or "vba" in name or "people" in name
    ]
    assert "补充一句" in document.paragraphs[0]._p.xpath("string(.)")
    assert b"rsid" not in everything_in(result)


def test_a_table_keeps_its_numbers_formula_and_comment():
    result = strip(making.workbook(), kinds.XLSX)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(result)).get_sheet_by_name("流水").to_python()
    assert [row[0] for row in rows[:4]] == [making.WORDS, 500000, 1000000, "来源"]
    everything = everything_in(result)
    assert b"A2*2" in everything and "请核对流水号".encode() in everything
    assert b"example.com" not in everything and b"absPath" not in everything


def test_relations_never_name_a_part_that_is_not_there():
    """Word calls such a file damaged."""
    for data, media_type in ((making.word(), kinds.DOCX), (making.workbook(), kinds.XLSX)):
        with zipfile.ZipFile(io.BytesIO(strip(data, media_type))) as archive:
            names = set(archive.namelist())
            for name in names:
                text = archive.read(name).decode("utf-8", "replace")
                if name.endswith(".rels"):
                    assert "External" not in text
            types = archive.read("[Content_Types].xml").decode()
            parts = {part.split('"')[0].lstrip("/") for part in types.split('PartName="')[1:]}
            assert parts <= names


def test_text_becomes_utf8_without_marks_nobody_sees():
    written = "第一行\r\n第二\u200b行\u2063。".encode("gb18030")
    assert strip(written, kinds.TEXT).decode() == "第一行\n第二行。"
    assert strip("\ufeff有标记".encode("utf-8"), kinds.TEXT) == "有标记".encode()


def test_a_picture_in_a_file_loses_its_segments_but_not_a_pixel():
    before = making.photo()
    after = strip_jpeg(before)
    assert b"Kanari" in before and b"Kanari" not in after
    same = [Image.open(io.BytesIO(data)).convert("RGB").tobytes() for data in (before, after)]
    assert same[0] == same[1]
    with pytest.raises(ValueError, match="no JPEG"):
        strip_jpeg(b"GIF89a")


def test_a_jpeg_2000_picture_loses_its_other_boxes():
    head = b"\x00\x00\x00\x0cjP  \r\n\x87\n"
    note = (8 + 6).to_bytes(4, "big") + b"xml Kanari"
    code = b"\x00\x00\x00\x00jp2cdata"
    assert strip_jpeg2000(head + note + code) == head + code
    assert strip_jpeg2000(b"\xff\x4f\xff\x51bare") == b"\xff\x4f\xff\x51bare"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_of_every_usual_editor_is_taken(encoding):
    """“Unicode” of Windows' editor is UTF-16 with a mark."""
    assert strip("转账流水\r\n".encode(encoding), kinds.TEXT).decode() == "转账流水\n"
