"""Text out of scans and pictures with RapidOCR, the extra `ocr`: its models come inside its wheel, nothing is fetched.

Seven to ten processor seconds a page: for the background, never while somebody waits.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np

from wulian.analysis.documents.assembly import Gathering
from wulian.analysis.documents.limits import MIB, Limits
from wulian.analysis.documents.models import Box, Document, FileFormat, Paragraph, UnreadableDocument

DOTS = 200
"""Dots an inch at which a page is looked at."""
LIMITS = Limits(seconds=4 * 3600, memory=6_144 * MIB, pages=1_000)
"""Recognising takes longer and more memory than reading."""
NOTE = "文字由图像识别得出，可能有误字，请对照原件"
_LARGEST = 4_000
_SURE = 0.5


def is_installed() -> bool:
    """Say whether the extra `ocr` is there."""
    return find_spec("rapidocr") is not None


def recognise(data: bytes, kind: FileFormat, limits: Limits) -> Document:
    """Return what a scanned PDF or a picture says, a paragraph a line. Raises UnreadableDocument when it says nothing."""
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
    for number, pixels in _pages(data, kind, limits):
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


def _boxes(found: Any) -> Any:
    return found.boxes if found.boxes is not None else ()


def _pages(data: bytes, kind: FileFormat, limits: Limits) -> Iterator[tuple[int, Any]]:
    """Give each page as pixels, blue first as the recogniser wants them."""
    if kind == "pdf":
        from wulian.analysis.documents.pdf import check_pdf

        file = check_pdf(data, limits)
        for number in range(len(file)):
            page = file[number]
            scale = min(DOTS / 72, _LARGEST / max(page.get_size()))
            yield number + 1, page.render(scale=scale).to_numpy()[:, :, :3]
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
