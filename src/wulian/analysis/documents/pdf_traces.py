"""Traces in PDF files: information dictionary, XMP, file identifiers, font subsets, and the pictures on the pages."""

from __future__ import annotations

import ctypes
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from wulian.analysis.documents.limits import Limits
from wulian.analysis.documents.office import MOST_PICTURES, SECONDS
from wulian.analysis.documents.pdf import check_pdf
from wulian.analysis.documents.traces import Picture, Traces

_INFO = {
    "Author": "author",
    "Creator": "application",
    "Producer": "producer",
    "CreationDate": "created",
    "ModDate": "modified",
}
_XMP = {
    "DocumentID": "document_id",
    "OriginalDocumentID": "document_id",
    "InstanceID": "instance_id",
    "creator": "author",
}
_DATE = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:([+\-Z])(\d\d)?'?(\d\d)?)?")
_SUBSET = re.compile(r"^[A-Z]{6}\+")
_FONT_PAGES = 12
_WHOLE_PAGE = 0.6


def pdf_traces(data: bytes, limits: Limits) -> Traces:
    """Return the properties and pictures of a PDF; raises UnreadableDocument when it cannot be opened."""
    file = check_pdf(data, limits)
    values: dict[str, dict[str, None]] = defaultdict(dict)
    for kind, value in (*_info(file), *_xmp(data), *_identifiers(file)):
        if value.strip():
            values[kind][value.strip()] = None
    pictures: list[Picture] = []
    notes: tuple[str, ...] = ()
    started, met = time.monotonic(), 0
    for number in range(len(file)):
        if met >= MOST_PICTURES or time.monotonic() - started > SECONDS:
            notes = (f"图片过多：比对了前{number}页的图片，共{len(file)}页",)
            break
        try:
            page = file[number]
            for item in page.get_objects(max_depth=4):
                if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
                    met += 1
                    pictures += _picture(item, page, number + 1, met)
                elif item.type == pdfium.FPDF_PAGEOBJ_TEXT and number < _FONT_PAGES:
                    name = _font(item)
                    if _SUBSET.match(name):
                        values["font_subset"][name] = None
            page.close()
        except pypdfium2.PdfiumError:
            continue
    return Traces({kind: tuple(found) for kind, found in values.items()}, tuple(pictures), notes)


def _info(file: pypdfium2.PdfDocument) -> Iterator[tuple[str, str]]:
    for key, value in file.get_metadata_dict(skip_empty=True).items():
        if key in _INFO:
            yield _INFO[key], _iso(value) if key.endswith("Date") else value


def _iso(written: str) -> str:
    found = _DATE.match(written)
    if not found:
        return written
    year, month, day, hour, minute, second, sign, hours, minutes = found.groups()
    zone = "" if sign is None else "Z" if sign == "Z" else f"{sign}{hours or '00'}:{minutes or '00'}"
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}{zone}"


def _xmp(data: bytes) -> Iterator[tuple[str, str]]:
    """Read XMP packets, which writers leave uncompressed so that they can be found."""
    for packet in re.findall(rb"<x:xmpmeta.{0,200000}?</x:xmpmeta>", data, re.DOTALL):
        text = packet.decode("utf-8", errors="replace")
        for name, kind in _XMP.items():
            pattern = rf"(?:\w+:{name}=\"([^\"]+)\"|<\w+:{name}[^>]*>(?:\s*<rdf:\w+[^>]*>\s*<rdf:li[^>]*>)?([^<]+)<)"
            for attribute, element in re.findall(pattern, text):
                yield kind, attribute or element


def _identifiers(file: pypdfium2.PdfDocument) -> Iterator[tuple[str, str]]:
    """The first half of the trailer's ID survives saving anew; the second changes with each."""
    for which, kind in (
        (pdfium.FILEIDTYPE_PERMANENT, "document_id"),
        (pdfium.FILEIDTYPE_CHANGING, "instance_id"),
    ):
        size = pdfium.FPDF_GetFileIdentifier(file.raw, which, None, 0)
        if size > 1:
            buffer = ctypes.create_string_buffer(size)
            pdfium.FPDF_GetFileIdentifier(file.raw, which, buffer, size)
            yield kind, buffer.raw[: size - 1].hex()


def _font(item: Any) -> str:
    font = pdfium.FPDFTextObj_GetFont(item.raw)
    size = pdfium.FPDFFont_GetBaseFontName(font, None, 0) if font else 0
    if not size:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFFont_GetBaseFontName(font, buffer, size)
    return buffer.value.decode("utf-8", errors="replace")


def _picture(item: Any, page: Any, number: int, nth: int) -> Iterator[Picture]:
    # Loaded only where there are pictures: most of what a reader's start costs.
    from wulian.analysis.documents.pictures import describe

    left, bottom, right, top = item.get_bounds()
    width, height = page.get_size()
    scan = (right - left) * (top - bottom) > _WHOLE_PAGE * width * height
    size = pdfium.FPDFImageObj_GetImageDataRaw(item.raw, None, 0)
    if not size:
        return
    buffer = (ctypes.c_ubyte * size)()
    pdfium.FPDFImageObj_GetImageDataRaw(item.raw, buffer, size)
    data = bytes(buffer)
    try:
        image = None if data[:2] == b"\xff\xd8" else item.get_bitmap().to_pil()
    except (pypdfium2.PdfiumError, ValueError, RuntimeError):
        return
    found = describe(
        data, place=f"第{number}页 图{nth}", page=number, scan=scan, image=image, points=not scan
    )
    if found:
        yield found
