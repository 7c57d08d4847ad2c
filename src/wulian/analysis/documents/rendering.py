"""A PDF page as an image, with the characters of a clause marked and framed."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pypdfium2

from wulian.analysis.documents.models import UnreadableDocument
from wulian.analysis.documents.pdf import open_pdf

WIDTH = 1_240
_LARGEST = 2_400
_FRAME = (200, 30, 30)
_FILL = (255, 236, 120)
_LINE = 2


def render_pdf_page(data: bytes, number: int, marks: Sequence[tuple[int, int]]) -> bytes:
    """Return page `number` (from 1) as PNG; `marks` are (first character, how many). Raises UnreadableDocument."""
    file = open_pdf(data)
    if not 1 <= number <= len(file):
        raise UnreadableDocument("pages", f"没有第{number}页，共{len(file)}页")
    try:
        page = file[number - 1]
        width, height = page.get_size()
        scale = min(WIDTH / max(width, 1), _LARGEST / max(height, 1))
        bitmap = page.render(scale=scale, rev_byteorder=True, draw_annots=False)
        pixels = np.array(bitmap.to_numpy()[:, :, :3])
        for box in _boxes(page, bitmap, marks):
            _draw(pixels, box)
    except pypdfium2.PdfiumError:
        raise UnreadableDocument("broken", f"第{number}页无法显示") from None
    return _png(pixels)


def _boxes(page: Any, bitmap: Any, marks: Iterable[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    """Rectangles in pixels, one for each line of each mark."""
    converter = bitmap.get_posconv(page)
    text_page = page.get_textpage()
    count = text_page.count_chars()
    boxes: list[tuple[int, int, int, int]] = []
    for first, length in marks:
        for index in range(first, min(first + length, count)):
            left, bottom, right, top = text_page.get_charbox(index, loose=True)
            if right <= left or top <= bottom:
                continue
            (x0, y0), (x1, y1) = converter.to_bitmap(left, top), converter.to_bitmap(right, bottom)
            box = (int(min(x0, x1)), int(min(y0, y1)), int(max(x0, x1)), int(max(y0, y1)))
            if boxes and _same_line(boxes[-1], box):
                last = boxes[-1]
                box = (min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
                boxes[-1] = box
            else:
                boxes.append(box)
    return boxes


def _same_line(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    middle = (other[1] + other[3]) / 2
    return one[1] <= middle <= one[3] and other[0] - one[2] < 3 * (one[3] - one[1])


def _draw(pixels: np.ndarray[Any, Any], box: tuple[int, int, int, int]) -> None:
    height, width = pixels.shape[:2]
    left, right = max(0, box[0] - 3), min(width, box[2] + 4)
    top, bottom = max(0, box[1] - 3), min(height, box[3] + 4)
    if left >= right or top >= bottom:
        return
    area = pixels[top:bottom, left:right]
    # Darker of the two keeps the letters as black as they were.
    area[:] = np.minimum(area, np.array(_FILL, dtype=np.uint8))
    for edge in (area[:_LINE], area[-_LINE:], area[:, :_LINE], area[:, -_LINE:]):
        edge[:] = _FRAME


def _png(pixels: np.ndarray[Any, Any]) -> bytes:
    height, width = pixels.shape[:2]
    rows = np.zeros((height, width * 3 + 1), dtype=np.uint8)
    rows[:, 1:] = pixels.reshape(height, width * 3)

    def chunk(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(rows.tobytes(), 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
