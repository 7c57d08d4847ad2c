"""Text out of scans and pictures with RapidOCR, the extra `ocr`: its models come inside its wheel, nothing is fetched.

Seven to ten processor seconds a page: for the background, never while somebody waits.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Collection, Iterator
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np

from wulian.analysis.documents.assembly import FEWEST_PER_PAGE, Gathering, listed
from wulian.analysis.documents.limits import MIB, Limits
from wulian.analysis.documents.models import (
    Box,
    Document,
    FileFormat,
    Page,
    Paragraph,
    UnreadableDocument,
)

DOTS = 200
"""Dots an inch at which a page is looked at."""
LIMITS = Limits(seconds=4 * 3600, memory=6_144 * MIB, pages=1_000)
"""Recognising takes longer and more memory than reading."""
NOTE = "文字由图像识别得出，可能有误字，请对照原件"
_LARGEST = 4_000
_SURE = 0.5
_GLANCE, _INK = 36, 24
"""Dots an inch for a first look at a page, and the contrast below which it is blank."""


def is_installed() -> bool:
    """Say whether the extra `ocr` is there."""
    return find_spec("rapidocr") is not None


def recognise(data: bytes, kind: FileFormat, limits: Limits, only: Collection[int] = ()) -> Document:
    """Return what a scanned PDF or a picture says, a paragraph a line; of a PDF `only` these pages, or all.

    Raises UnreadableDocument when it says nothing.
    """
    from rapidocr import RapidOCR

    engine = RapidOCR(
        params={
            "Global.use_cls": False,
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
    gathering = Gathering(limits)
    sizes = []
    for number, pixels in _pages(data, kind, limits, only):
        scale = 72 / DOTS
        sizes.append((number, pixels.shape[1] * scale, pixels.shape[0] * scale))
        found = engine(pixels)
        for text, box, sure in zip(found.txts or (), _boxes(found), found.scores or (), strict=False):
            if text.strip() and sure >= _SURE:
                left, top = box.min(axis=0) * scale
                right, bottom = box.max(axis=0) * scale
                place = Box(*(round(float(value), 1) for value in (left, top, right, bottom)))
                gathering.add(Paragraph(number, 0, text.strip(), box=place))
    if not gathering.paragraphs:
        raise UnreadableDocument("no_text", "图像中没有识别出文字")
    return Document(kind, gathering.pages(sizes), notes=(NOTE,))


def complete(document: Document, data: bytes, limits: Limits) -> Document:
    """Recognise the pages of a PDF that have no text: scans among pages that were written."""
    empty = [page.number for page in document.pages if _is_without_text(page)]
    if not empty:
        return document
    try:
        return merged(document, recognise(data, "pdf", limits, empty), limits)
    except UnreadableDocument as problem:
        if problem.code != "no_text":
            raise
        return document


def merged(document: Document, found: Document, limits: Limits) -> Document:
    """Put recognised pages in the place of those without text; paragraphs are numbered anew."""
    instead = {page.number: page for page in found.pages if page.paragraphs}
    gathering = Gathering(limits)
    sizes = []
    for page in document.pages:
        sizes.append((page.number, page.width, page.height))
        for paragraph in instead.get(page.number, page).paragraphs:
            gathering.add(paragraph)
    left = [page.number for page in document.pages if _is_without_text(page) and page.number not in instead]
    notes = [f"第{listed(sorted(instead))}页{NOTE}"]
    notes += [f"第{listed(left)}页没有识别出文字"] if left else []
    return replace(document, pages=gathering.pages(sizes), notes=tuple(notes))


def _is_without_text(page: Page) -> bool:
    return sum(len(paragraph.text) for paragraph in page.paragraphs) < FEWEST_PER_PAGE


def _boxes(found: Any) -> Any:
    return found.boxes if found.boxes is not None else ()


def _pages(data: bytes, kind: FileFormat, limits: Limits, only: Collection[int]) -> Iterator[tuple[int, Any]]:
    """Give each page as pixels, blue first as the recogniser wants them; blank ones are left out."""
    if kind == "pdf":
        from wulian.analysis.documents.pdf import check_pdf

        file = check_pdf(data, limits)
        for number in sorted(only) or range(1, len(file) + 1):
            page = file[number - 1]
            if np.ptp(page.render(scale=_GLANCE / 72, grayscale=True).to_numpy()) < _INK:
                continue
            scale = min(DOTS / 72, _LARGEST / max(page.get_size()))
            yield number, page.render(scale=scale).to_numpy()[:, :, :3]
        return
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data)).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise UnreadableDocument("broken", "图片已损坏或者过大，无法识别") from None
    image.thumbnail((_LARGEST, _LARGEST))
    yield 1, np.ascontiguousarray(np.asarray(image)[:, :, ::-1])
