"""What a file is, by its content; its name decides nothing."""

from __future__ import annotations

import io
import os
import re
import zipfile
import zlib
from collections.abc import Iterator

from wulian.analysis.documents.limits import MIB, Limits
from wulian.analysis.documents.models import FileFormat, UnreadableDocument, storable

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_TAGS = re.compile(r"<(?:!doctype\s+html|html|head|body|div|p|table|span|br)\b", re.IGNORECASE)
_MAIN_PARTS: dict[str, FileFormat] = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_PAIRS = re.compile(rb"[\xa1-\xf9][\x40-\x7e\xa1-\xfe]")
_FEWEST_PAIRS, _FREQUENT = 30, 0.9
_INTACT = 500
"""A text of so many characters may have one that is broken."""
EXPECTED = "可接受 Word（.docx）、带文字层的 PDF、网页和纯文本"


def detect_content(data: bytes, limits: Limits) -> FileFormat:
    """Return the format of a file of a bid: also workbooks, XML and pictures. Raises UnreadableDocument."""
    if data.startswith(_IMAGES):
        return "image"
    if data.startswith(b"PK\x03\x04"):
        return measure_archive(data, limits, ("word/document.xml", "xl/workbook.xml"))
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<?xml", "<?xml".encode("utf-16-le"))):
        return "xml"
    return detect_format(data, limits)


def detect_format(data: bytes, limits: Limits) -> FileFormat:
    """Return the format of a file's content; raises UnreadableDocument for what is not read."""
    if not data.strip(b"\x00 \t\r\n"):
        raise UnreadableDocument("empty", "文件是空的")
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return measure_archive(data, limits)
    if data.startswith(_OLE):
        raise UnreadableDocument(
            "encrypted" if b"E\x00n\x00c\x00r\x00y\x00p\x00t" in data else "type",
            "这是旧格式（.doc）或者加密的 Word 文件，请另存为不加密的 .docx 后再上传",
        )
    if data.startswith(_IMAGES) and b"\x00" in data[:4096]:
        raise UnreadableDocument("no_text", f"这是图片，无文字层，需识别；{EXPECTED}")
    if data.startswith(b"{\\rtf"):
        raise UnreadableDocument("type", "这是 RTF 文件，请另存为 .docx 后再上传")
    return "html" if _TAGS.search(decode(data)[:4096]) else "text"


def decode(data: bytes) -> str:
    """Return the text of a plain file in UTF-8, UTF-16, GB18030 or Big5; raises UnreadableDocument for anything else.

    A byte order mark is no part of the text. What few bytes are broken become U+FFFD.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in data:
        encodings = ("utf-16-le", "utf-16-be")
    else:
        encodings = ("utf-8-sig", "big5", "gb18030") if _is_big5(data) else ("utf-8-sig", "gb18030")
    for errors in ("strict", "replace"):
        for encoding in encodings:
            try:
                text = data.decode(encoding, errors)
            except UnicodeDecodeError:
                continue
            if encoding.startswith("utf-16-") and not _is_of_people(text):
                continue
            if not _is_binary(text) and text.count("\ufffd") <= len(text) // _INTACT:
                return storable(text)
    if b"\x00" in data:
        raise UnreadableDocument("type", f"不是可读取的文件；{EXPECTED}")
    raise UnreadableDocument("type", f"无法识别文字编码，应为 UTF-8 或 GB18030；{EXPECTED}")


def readable_name(name: str) -> str:
    """Return a file's name; one that an archive left in GB18030 is no text for the system, and becomes it here."""
    if storable(name) == name:
        return name
    return storable(os.fsencode(name).decode("gb18030", "replace"))


def _is_big5(data: bytes) -> bool:
    """Tell Big5 from GB18030, which takes its bytes, too: by the rows in which either code has its frequent characters."""
    pairs = _PAIRS.findall(data[:20_000])
    if len(pairs) < _FEWEST_PAIRS:
        return False
    big5 = sum(pair[0] <= 0xC6 for pair in pairs) / len(pairs)
    gb = sum(pair[1] >= 0xA1 and (pair[0] <= 0xA3 or 0xB0 <= pair[0] <= 0xD7) for pair in pairs) / len(pairs)
    return big5 >= _FREQUENT > gb


def _is_binary(text: str) -> bool:
    """GB18030 takes nearly any bytes: text of people has hardly a control character or a private one."""
    sample = text[:20_000]
    odd = sum(
        (ord(char) < 32 and char not in "\t\n\r\f\v") or "\ue000" <= char <= "\uf8ff" for char in sample
    )
    return odd > len(sample) // 50


def _is_of_people(text: str) -> bool:
    """Bytes read as UTF-16 by mistake become letters of all scripts: text here is Chinese and ASCII."""
    sample = text[:20_000]
    known = sum(char < "\u0100" or "\u2000" <= char <= "\u9fff" or char >= "\uff00" for char in sample)
    return known >= len(sample) * _FREQUENT


def measure_archive(
    data: bytes, limits: Limits, accepted: tuple[str, ...] = ("word/document.xml",)
) -> FileFormat:
    """Unpack every part without keeping it, counting bytes: declared sizes may lie. Raises UnreadableDocument.

    Returns the format whose main part, one of `accepted`, the archive has.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise UnreadableDocument("broken", "文件已损坏，无法打开；请用 Word 或 WPS 重新保存") from None
    names = [part.filename for part in parts]
    main = next((part for part in accepted if part in names), None)
    if main is None:
        raise UnreadableDocument("type", f"不是 Word 文件（.docx）；{EXPECTED}")
    if len(parts) > limits.parts:
        raise UnreadableDocument("bomb", "文件内的部件过多，已拒绝读取")
    if len(set(names)) != len(names):
        raise UnreadableDocument("broken", "文件内有同名部件，已拒绝读取；请用 Word 或 WPS 重新保存")
    total = 0
    for part in parts:
        own = 0
        is_xml = part.filename.endswith((".xml", ".rels"))
        for size in _unpacked_sizes(data, part):
            own += size
            total += size
            if total > limits.unpacked or (is_xml and own > limits.part):
                raise UnreadableDocument("bomb", "解压后的内容过大，疑似压缩炸弹，已拒绝读取")
    return _MAIN_PARTS[main]


def _unpacked_sizes(data: bytes, part: zipfile.ZipInfo) -> Iterator[int]:
    header = data[part.header_offset : part.header_offset + 30]
    if len(header) < 30 or part.flag_bits & 1:
        raise UnreadableDocument("encrypted", "文件已加密或已损坏，请另存为不加密的 .docx 后再上传")
    start = part.header_offset + 30 + int.from_bytes(header[26:28], "little")
    start += int.from_bytes(header[28:30], "little")
    packed = data[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield len(packed)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise UnreadableDocument("type", "文件的压缩方式不受支持，请用 Word 或 WPS 重新保存")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while packed and not inflater.eof:
            yield len(inflater.decompress(packed, MIB))
            packed = inflater.unconsumed_tail
    except zlib.error:
        raise UnreadableDocument("broken", "文件已损坏，无法解压") from None
