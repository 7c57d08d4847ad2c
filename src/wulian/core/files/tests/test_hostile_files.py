"""Files made to harm: each is refused in plain words, and nothing of it stays."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from pypdf import PdfReader, PdfWriter

from wulian.core.config.errors import Refusal
from wulian.core.files.services import hold_file
from wulian.core.files.store import COPIES, HOLDING, ORIGINALS
from wulian.core.files.tests import making

pytestmark = pytest.mark.django_db
XML = b'<?xml version="1.0" encoding="UTF-8"?>'
WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body/></w:document>'


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def png_of(width: int, height: int) -> bytes:
    """A few kilobytes that unpack to width × height pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"\x00" * min(1_000_000, (width // 8 + 1) * height), 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def archive(parts: dict[str, bytes | str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return target.getvalue()


def zip_bomb() -> bytes:
    return archive({"word/document.xml": WORD, "word/media/a.png": b"\x00" * 310 * 1024 * 1024})


def xml_bomb() -> bytes:
    """Ten entities, each ten of the one before: a billion laughs."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    text = f"<!DOCTYPE d [{entities}]><d>&e9;</d>"
    return making.rezipped(making.word(), {"word/document.xml": XML + text.encode()})


def foreign_entity() -> bytes:
    text = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]><d>&x;</d>'
    return making.rezipped(making.word(), {"word/document.xml": XML + text.encode()})


def deep_xml() -> bytes:
    return making.rezipped(making.word(), {"word/document.xml": XML + b"<a>" * 200_000 + b"</a>" * 200_000})


def deep_pdf() -> bytes:
    """A page tree that is its own child."""
    data = making.pdf(pages=1)
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    nested = b"[" * 50_000 + b"]" * 50_000
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue().replace(b"/ProcSet [ /PDF /ImageC ]", b"/ProcSet " + nested)


def pdf_bomb() -> bytes:
    packed = zlib.compress(b"\x00" * 320 * 1024 * 1024, 9)
    head = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>\nendobj\n"  # fmt: skip
    stream = b"4 0 obj\n<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(packed), packed)  # fmt: skip
    return head + stream + b"trailer << /Root 1 0 R /Size 5 >>\nstartxref\n0\n%%EOF"


def locked_pdf() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(making.pdf(pages=1))))
    writer.encrypt("geheim", algorithm="RC4-128")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def locked_archive() -> bytes:
    """Marked as encrypted in its directory, as archivers do."""
    data = bytearray(making.word())
    start = 0
    while (start := data.find(b"PK\x01\x02", start)) >= 0:
        data[start + 8] |= 1
        start += 4
    return bytes(data)


HOSTILE = {
    "a page that says it is a photo": ("照片.jpg", lambda: b"<html><script>alert(1)</script></html>", "内容与扩展名不符"),
    "a program": ("说明.pdf", lambda: b"MZ\x90\x00" + b"\x00" * 200, "内容与扩展名不符"),
    "a PDF that begins as a page": ("a.pdf", lambda: b"<html>hi</html>\n" + making.pdf(1), "内容与扩展名不符"),
    "a photo named as a PDF": ("流水.pdf", making.photo, "内容与扩展名不符"),
    "a table named as a letter": ("信.docx", making.workbook, "内容与扩展名不符"),
    "an archive named as a letter": ("信.docx", lambda: archive({"a.txt": "x"}), "内容与扩展名不符"),
    "text of no encoding": ("a.txt", lambda: b"\x00\x01\x02\x03" * 9, "内容与扩展名不符"),
    "nothing": ("空.txt", lambda: b"", "内容为空"),
    "a kind that is not taken": ("程序.exe", lambda: b"MZ", "只接受.jpg .png .pdf .docx .xlsx .txt"),
    "a web page": ("页.html", lambda: b"<html>", "只接受"),
    "a macro letter": ("信.docm", making.word, "只接受"),
    "no ending": ("文件", lambda: b"x", "只接受"),
    "a pixel flood": ("大.png", lambda: png_of(30_000, 30_000), "最多6400万像素"),
    "a cut photo": ("断.jpg", lambda: making.photo(400, 400, noise=True)[:9000], "已损坏"),
    "a cut archive": ("断.docx", lambda: making.word()[:-400], "内容与扩展名不符"),
    "a zip bomb": ("炸.docx", zip_bomb, "解压后的内容异常"),
    "an entity bomb": ("炸.docx", xml_bomb, "解压后的内容异常"),
    "an entity that reads our disk": ("盘.docx", foreign_entity, "解压后的内容异常"),
    "XML too deep": ("深.docx", deep_xml, "已损坏"),
    "zip slip": ("滑.docx", lambda: making.rezipped(making.word(), {"../../etc/cron.d/x": b"x"}), "指向文件之外"),
    "zip slip of Windows": ("滑.xlsx", lambda: making.rezipped(making.workbook(), {"..\\x": b"x"}), "指向文件之外"),
    "the same part twice": ("双.docx", lambda: archive({"word/document.xml": WORD, "word/Document.xml": WORD, "[Content_Types].xml": ""}), "已损坏"),
    "a locked PDF": ("锁.pdf", locked_pdf, "密码保护"),
    "a locked archive": ("锁.docx", locked_archive, "密码保护"),
    "an old or locked Word file": ("旧.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "密码保护"),
    "a PDF without pages": ("无.pdf", lambda: b"%PDF-1.4\ntrailer << >>\n%%EOF", "已损坏"),
    "a PDF bomb": ("炸.pdf", pdf_bomb, "解压后的内容异常"),
    "a PDF too deep": ("深.pdf", deep_pdf, "文件“深.pdf”"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_harmful_file_is_refused_with_its_name_and_a_reason(what):
    name, make, words = HOSTILE[what]
    with pytest.raises(Refusal, match=words) as caught:
        hold_file(upload=making.upload(name, make()))
    assert name in caught.value.message and caught.value.field == "files"
    assert not ORIGINALS.names() | COPIES.names() | HOLDING.names(), "nothing is left behind"


def test_a_file_that_lies_about_its_size_is_stopped_while_it_comes():
    class Liar:
        name, size = "账.txt", 10

        def chunks(self):
            for _piece in range(25):
                yield b"a" * 1024 * 1024

    with pytest.raises(Refusal, match="不得超过20 MB"):
        hold_file(upload=Liar())
    assert not ORIGINALS.names()


@pytest.mark.parametrize(("size", "taken"), [(20 * 1024 * 1024, True), (20 * 1024 * 1024 + 1, False)])
def test_twenty_megabytes_are_taken_and_not_a_byte_more(size, taken):
    file = making.upload("长.txt", b"a" * size)
    if taken:
        assert hold_file(upload=file).size == size
    else:
        with pytest.raises(Refusal, match="不得超过20 MB"):
            hold_file(upload=file)


def test_a_name_is_never_a_path():
    held = hold_file(upload=making.upload("../../../etc/pass\x00wd\n.txt", "账目".encode()))
    assert held.title == "passwd.txt"


def test_a_full_disk_is_said_politely_before_anything_is_written(monkeypatch):
    import shutil

    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=513 * 1024 * 1024))
    assert hold_file(upload=making.upload("小.txt", b"abc")).size == 3
    with pytest.raises(Refusal, match="暂时无法接收"):
        hold_file(upload=making.upload("大.txt", b"a" * 1024 * 1024))


def test_the_process_that_reads_a_file_knows_no_secret_and_writes_no_file(monkeypatch):
    """A parser that is taken over finds no key, no database address, and may not write."""
    from wulian.analysis.confined import confined

    monkeypatch.setenv("DATABASE_URL", "postgres://wulian:geheim@db/wulian")
    with confined("wulian.core.files.tests.captive", seconds=20) as child:
        said = child.answer.read().decode().split("\n")
    assert said[:3] == ["environment without secrets", "no file written", "no core"]


def test_a_file_that_takes_too_long_is_ended(monkeypatch):
    from wulian.core.files.cleaning import process

    monkeypatch.setattr(process, "SECONDS", 0.01)
    with pytest.raises(Refusal, match="用时过长"):
        hold_file(upload=making.upload("慢.txt", b"abc"))
    assert not ORIGINALS.names() | COPIES.names()
