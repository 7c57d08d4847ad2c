"""What stays of a picture when it is saved anew, resized, stamped or cropped: a perceptual hash and the spots around its corners.

A hash of 256 bits: 64 bits are too few to tell scanned pages and certificates from one another.
"""

from __future__ import annotations

import hashlib
import io
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter, maximum_filter

from wulian.analysis.documents.traces import Picture, Point

Grey = NDArray[np.float32]
SMALLEST, MOST_PIXELS = 48, 40_000_000
_SIDE, _KEPT = 64, 16
_PATCH, _CODE = 24, 8
_FINEST, _COARSEST = 640, 90
_LEVELS = 13
STEP = 2**0.5
"""Each level of reduction has so many times fewer pixels a side than the one before."""
_POINTS = 14
_FLAT = 3.0
_MARGIN = 24


def _cosines(kept: int, side: int) -> Grey:
    row, at = np.arange(kept)[:, None], np.arange(side)[None, :]
    return np.cos(np.pi * row * (2 * at + 1) / (2 * side)).astype(np.float32)


_HASH, _AROUND = _cosines(_KEPT, _SIDE), _cosines(_CODE, _PATCH)


def describe(
    data: bytes, *, place: str, page: int, scan: bool = False, image: Any = None, points: bool = True
) -> Picture | None:
    """Return the picture of these bytes; None for what is too small, too large, flat or no picture.

    `image` is the decoded picture when the bytes are not a picture file of their own.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = image or Image.open(io.BytesIO(data))
            width, height = image.size
            if min(width, height) < SMALLEST or width * height > MOST_PIXELS:
                return None
            grey = _grey(image)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, KeyError, EOFError):
        return None
    if float(np.asarray(grey.resize((_SIDE, _SIDE))).std()) < _FLAT:
        return None
    return Picture(
        place, page, hashlib.sha256(data).hexdigest(), len(data), width, height,
        perceptual_hash(grey), perceptual_hash(_core(grey)), scan, tuple(_points(grey)) if points else (),
    )  # fmt: skip


def _grey(image: Any) -> Any:
    """Return the picture in grey on white; large photographs are decoded small."""
    if image.format == "JPEG" and max(image.size) > 4 * _FINEST:
        image.draft("L", (image.width // 2, image.height // 2))
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
    return image.convert("L")


def perceptual_hash(grey: Any) -> int:
    """Return 256 bits: which of the lowest frequencies lie above their median (after Zauner 2010)."""
    small = np.asarray(
        grey.resize((_SIDE, _SIDE), Image.Resampling.LANCZOS, reducing_gap=3), dtype=np.float32
    )
    frequencies = (_HASH @ small @ _HASH.T).ravel()
    bits = frequencies > np.median(frequencies[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def _core(grey: Any) -> Any:
    """Cut away the margin of one shade."""
    small = grey.copy()
    small.thumbnail((400, 400))
    pixels = np.asarray(small, dtype=np.int16)
    edge = np.median(np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]]))
    inside = np.abs(pixels - edge) > _MARGIN
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows) or not len(columns):
        return grey
    across, down = grey.width / small.width, grey.height / small.height
    box = (
        int(columns[0] * across), int(rows[0] * down),
        min(grey.width, int((columns[-1] + 1) * across)), min(grey.height, int((rows[-1] + 1) * down)),
    )  # fmt: skip
    return grey.crop(box) if min(box[2] - box[0], box[3] - box[1]) >= 16 else grey


def _points(grey: Any) -> list[Point]:
    """Return the spots that stand out, at every reduction at which the picture has a handy size."""
    found: list[Point] = []
    for level in range(_LEVELS):
        width, height = round(grey.width / STEP**level), round(grey.height / STEP**level)
        if max(width, height) > _FINEST:
            continue
        if max(width, height) < _COARSEST or min(width, height) < 2 * _PATCH:
            break
        reduced = np.asarray(grey.resize((width, height), Image.Resampling.BOX), dtype=np.float32)
        found += _points_of(reduced, level)
    return found


def _points_of(pixels: Grey, level: int) -> list[Point]:
    smooth = gaussian_filter(pixels, 2.0)
    blobs = np.abs(smooth - gaussian_filter(pixels, 4.0))
    half = _PATCH // 2
    peak = (blobs == maximum_filter(blobs, size=15)) & (blobs > _FLAT)
    peak[:half], peak[-half:], peak[:, :half], peak[:, -half:] = False, False, False, False
    rows, columns = np.nonzero(peak)
    strongest = np.argsort(-blobs[rows, columns])[:_POINTS]
    scale = STEP**level
    points = []
    for row, column in zip(rows[strongest].tolist(), columns[strongest].tolist(), strict=True):
        patch = smooth[row - half : row + half, column - half : column + half]
        if patch.std() < 2 * _FLAT:
            continue
        around = (_AROUND @ patch @ _AROUND.T).ravel()
        code = int.from_bytes(np.packbits(around > np.median(around[1:])).tobytes(), "big")
        points.append(Point(round(column * scale), round(row * scale), level, code))
    return points
