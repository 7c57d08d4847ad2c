"""Files that are refused: each with its own sentence, none with a hanging or dying reader."""

from __future__ import annotations

import io
import zipfile

import pytest

from wulian.analysis.documents import Limits, UnreadableDocument, read_document, render_page
from wulian.analysis.documents.tests.building import pdf_file, rewritten, saved, scanned_pdf, word_file


def refusal(path, limits: Limits | None = None) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as caught:
        read_document(path, limits=limits or Limits())
    return caught.value


def encrypted_pdf() -> bytes:
    import pypdf

    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_file("招标文件")))
    writer.encrypt("密码", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def pdf_with_codes(first: bytes, text: bytes) -> bytes:
    """A page whose font says that A is `first` (UTF-16, hexadecimal), B 投 and C 标."""
    letters = b"".join(b"<%02X> <%s> " % pair for pair in ((65, first), (66, b"6295"), (67, b"6807")))
    table = b"1 begincodespacerange <00> <FF> endcodespacerange 3 beginbfchar %sendbfchar" % letters
    table = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap %s endcmap end end" % table
    drawn = b"BT /F1 12 Tf 20 700 Td (%s) Tj ET" % text
    font = b"<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 4 0 R>>>>>>"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 5 0 R/Resources %s>>" % font,
        *(b"<</Length %d>>stream\n%s\nendstream" % (len(one), one) for one in (table, drawn)),
    )
    return (
        b"%PDF-1.4\n"
        + b"".join(b"%d 0 obj\n%s\nendobj\n" % one for one in enumerate(objects, start=1))
        + b"trailer<</Size 6/Root 1 0 R>>\n%%EOF"
    )


def test_an_empty_file_is_refused(tmp_path):
    assert refusal(saved(tmp_path, b"")).code == "empty"


def test_half_a_character_in_a_pdf_is_left_out_and_a_rare_one_is_kept(tmp_path):
    for codes, text in ((b"D800", "投标投标"), (b"0000", "投标投标"), (b"D842DFB7", "𠮷投标𠮷投标")):
        found = read_document(saved(tmp_path, pdf_with_codes(codes, b"ABCABC" * 8)))
        assert "".join(found.text.split()).startswith(text), codes


def test_a_scan_is_told_to_need_recognition(tmp_path):
    found = refusal(saved(tmp_path, scanned_pdf()))
    assert found.code == "no_text"
    assert found.message.startswith("无文字层，需识别：共2页")


def test_an_image_is_told_to_need_recognition(tmp_path):
    found = refusal(saved(tmp_path, b"\x89PNG\r\n\x1a\n" + bytes(64), "招标文件.pdf"))
    assert (found.code, "需识别" in found.message) == ("no_text", True)


def test_an_encrypted_pdf_is_refused(tmp_path):
    assert refusal(saved(tmp_path, encrypted_pdf())).message == "PDF 已加密，请提供不加密的文件"


def test_a_pdf_cut_in_two_is_refused_as_broken(tmp_path):
    whole = pdf_file("招标文件")
    assert refusal(saved(tmp_path, whole[: len(whole) // 3])).code == "broken"


def test_an_old_word_file_is_asked_to_be_saved_anew(tmp_path):
    found = refusal(saved(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)))
    assert ".docx" in found.message


def test_an_archive_that_is_no_word_file_is_refused_whatever_its_name(tmp_path):
    assert refusal(saved(tmp_path, archive(a=b"text"), "招标文件.docx")).code == "type"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    bomb = rewritten(word_file(), word__media__image1=bytes(20_000_000))
    found = refusal(saved(tmp_path, bomb), Limits(unpacked=10_000_000))
    assert (found.code, "压缩炸弹" in found.message) == ("bomb", True)


def test_a_single_swollen_part_is_refused(tmp_path):
    bomb = rewritten(word_file(), word__document_xml=b"<a>" + b" " * 5_000_000)
    assert refusal(saved(tmp_path, bomb), Limits(part=1_000_000)).code == "bomb"


def test_an_entity_bomb_in_a_word_file_is_not_expanded(tmp_path):
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "重复"}">' for n in range(9))
    xml = f'<?xml version="1.0"?><!DOCTYPE w [{levels}]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&e8;</w:t></w:r></w:p></w:body></w:document>'
    found = refusal(saved(tmp_path, rewritten(word_file(), word__document_xml=xml.encode())))
    assert found.code in ("broken", "no_text", "memory")


def test_a_broken_word_file_is_refused(tmp_path):
    broken = rewritten(word_file(), word__document_xml=b"<w:document><not closed")
    assert refusal(saved(tmp_path, broken)).code == "broken"


def test_a_file_over_the_size_is_refused_unread(tmp_path):
    assert refusal(saved(tmp_path, b"a" * 2_000), Limits(size=1_000)).code == "size"


def test_a_pdf_with_too_many_pages_is_refused_before_they_are_read(tmp_path):
    found = refusal(saved(tmp_path, pdf_file("招标公告", pages=6)), Limits(pages=5))
    assert found.message == "共6页，最多5页，请拆分后再上传"


def test_bytes_that_are_no_text_are_refused(tmp_path):
    assert refusal(saved(tmp_path, bytes(range(256)) * 40, "公告.txt")).code == "type"


def test_a_reader_that_takes_too_long_is_ended(tmp_path):
    found = refusal(saved(tmp_path, word_file()), Limits(seconds=0))
    assert found.code == "time"


def test_a_reader_that_takes_too_much_memory_is_ended(tmp_path):
    path = saved(tmp_path, ("招标文件" * 1_000 + "\n").encode() * 4_000)
    assert refusal(path, Limits(memory=150 * 1024 * 1024, characters=10**9)).code in ("memory", "broken")


def test_the_reader_sees_none_of_the_platforms_environment(tmp_path, monkeypatch):
    from wulian.analysis import confined as process

    seen = {}
    original = process.subprocess.Popen
    monkeypatch.setenv("SECRET_KEY", "geheim")
    monkeypatch.setattr(
        process.subprocess, "Popen", lambda *args, **kwargs: seen.update(kwargs) or original(*args, **kwargs)
    )
    read_document(saved(tmp_path, "招标公告".encode()))
    assert "SECRET_KEY" not in seen["env"]


def test_a_page_that_is_not_there_cannot_be_shown(tmp_path):
    with pytest.raises(UnreadableDocument, match="没有第9页，共1页"):
        render_page(saved(tmp_path, pdf_file("招标公告")), 9)
