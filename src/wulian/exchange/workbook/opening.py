"""Opens an uploaded workbook or CSV within limits: a file that would fill the memory is refused before it is read."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import python_calamine

from wulian.exchange.refusals import UnreadableFile

MIB = 1024 * 1024
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_OVERLAP = 64


@dataclass(frozen=True)
class WorkbookLimits:
    """What an upload may cost."""

    packed: int = 50 * MIB
    unpacked: int = 512 * MIB
    parts: int = 500
    rows: int = 100_000
    columns: int = 400


@dataclass(frozen=True)
class Sheet:
    """A sheet's rows; the first one is the header."""

    name: str
    rows: list[list[Any]]


def read_bytes(path_or_stream: str | Path | IO[bytes], limits: WorkbookLimits) -> bytes:
    """The whole file; UnreadableFile when it is larger than ``limits.packed``."""
    if isinstance(path_or_stream, str | Path):
        with Path(path_or_stream).open("rb") as stream:
            data = stream.read(limits.packed + 1)
    else:
        data = path_or_stream.read(limits.packed + 1)
    if len(data) > limits.packed:
        raise UnreadableFile(f"文件过大，最多{limits.packed // MIB} MiB，请分成几个文件")
    if not data.strip():
        raise UnreadableFile("文件是空的")
    return data


def open_workbook(data: bytes, limits: WorkbookLimits) -> list[Sheet]:
    """The sheets of an .xlsx file; UnreadableFile for anything else or anything too large."""
    if data.startswith(OLD_EXCEL):
        raise UnreadableFile("这是旧格式（.xls）或加密的 Excel 文件，请另存为不加密的 .xlsx 后再上传")
    _measure(data, limits)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [
            Sheet(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False))
            for name in book.sheet_names
        ]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise UnreadableFile(f"无法读取这个 Excel 文件，它可能已损坏（{error}）") from None


def _measure(data: bytes, limits: WorkbookLimits) -> None:
    """Unpack every part without keeping it, counting bytes and the last row and column: declared sizes may lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        raise UnreadableFile("不是 Excel 文件，应为 .xlsx 或 .csv") from None
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        raise UnreadableFile("不是 Excel 文件，应为 .xlsx 或 .csv")
    if len(parts) > limits.parts:
        raise UnreadableFile("Excel 文件内的部件过多，已拒绝读取")
    total = 0
    for part in parts:
        is_sheet = part.filename.startswith("xl/worksheets/")
        tail = b""
        for chunk in _unpack(data, part):
            total += len(chunk)
            if total > limits.unpacked:
                raise UnreadableFile(f"解压后超过{limits.unpacked // MIB} MiB，疑似压缩炸弹，已拒绝读取")
            if is_sheet:
                _check_extent(tail + chunk, limits)
                tail = chunk[-_OVERLAP:]


def _unpack(data: bytes, part: zipfile.ZipInfo) -> Iterator[bytes]:
    header = data[part.header_offset : part.header_offset + 30]
    if len(header) < 30 or part.flag_bits & 1:
        raise UnreadableFile("Excel 文件已加密或已损坏，无法读取")
    start = (
        part.header_offset
        + 30
        + int.from_bytes(header[26:28], "little")
        + int.from_bytes(header[28:30], "little")
    )
    packed = data[start : start + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise UnreadableFile("Excel 文件的压缩方式不受支持，请用 Excel 或 WPS 重新保存")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        while packed and not inflater.eof:
            yield inflater.decompress(packed, MIB)
            packed = inflater.unconsumed_tail
    except zlib.error:
        raise UnreadableFile("Excel 文件已损坏，无法解压") from None


def _check_extent(xml: bytes, limits: WorkbookLimits) -> None:
    # The reader lays a sheet out as a full rectangle: one cell in the last corner would be 17 thousand million cells.
    for letters, digits in _CELL.findall(xml):
        if int(digits) > limits.rows + 1:
            raise UnreadableFile(f"工作表行数过多，最多{limits.rows}行（请检查远处是否有多余的单元格）")
        column = 0
        for letter in letters:
            column = column * 26 + letter - 64
        if column > limits.columns:
            raise UnreadableFile(f"工作表列数过多，最多{limits.columns}列（请检查右侧是否有多余的单元格）")


def open_csv(data: bytes, limits: WorkbookLimits) -> Sheet:
    """The rows of a CSV or tab-separated file in UTF-8 or GB18030; UnreadableFile for anything else."""
    text = _decode(data)
    first = text.split("\n", 1)[0]
    delimiter = "\t" if first.count("\t") > first.count(",") else ","
    rows: list[list[Any]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            if len(row) > limits.columns:
                raise UnreadableFile(f"CSV 第{len(rows) + 1}行列数过多，最多{limits.columns}列")
            rows.append([_unquoted(cell) for cell in row])
            if len(rows) > limits.rows + 1:
                raise UnreadableFile(f"CSV 行数过多，最多{limits.rows}行，请分成几个文件")
    except csv.Error as error:
        raise UnreadableFile(f"CSV 第{len(rows) + 1}行附近格式有误（{error}）") from None
    return Sheet("CSV", rows)


def _decode(data: bytes) -> str:
    if b"\x00" in data[:4096]:
        raise UnreadableFile("不是文本文件，应为 .xlsx，或 UTF-8、GB18030 编码的 .csv")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("无法识别文字编码，CSV 应为 UTF-8 或 GB18030 编码")


def _unquoted(cell: str) -> str:
    """Undo what ``neutralise`` did: '=1 is the text =1."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in " =+-@\t\r\n＝＋－＠" else cell
