"""A picture made small still shows the same."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest

import png


def _paint(pixels: np.ndarray, filters: list[int]) -> bytes:
    """A PNG whose lines use these filters in turn."""
    height, width, channels = pixels.shape
    flat = pixels.reshape(height, width * channels).astype(int)
    before = np.zeros(width * channels, int)
    body = b""
    for number, line in enumerate(flat):
        kind = filters[number % len(filters)]
        left = np.concatenate([np.zeros(channels, int), line[:-channels]])
        corner = np.concatenate([np.zeros(channels, int), before[:-channels]])
        paeth = [png._paeth(*triple) for triple in zip(left, before, corner, strict=True)]
        guess = [0 * line, left, before, (left + before) // 2, np.array(paeth)][kind]
        body += bytes([kind]) + ((line - guess) % 256).astype(np.uint8).tobytes()
        before = line
    kind = 2 if channels == 3 else 6
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(body)), (b"IEND", b"")]
    return png.SIGNATURE + b"".join(png._chunk(name, content) for name, content in parts)


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("filters", [[0], [1], [2], [3], [4], [0, 1, 2, 3, 4]])
def test_every_filter_is_read_back(filters, channels):
    pixels = np.random.default_rng(7).integers(0, 256, (9, 11, channels), dtype=np.uint8)
    assert np.array_equal(png.read(_paint(pixels, filters)), pixels[:, :, :3])


def test_a_picture_of_few_colours_keeps_them_all_and_gets_smaller():
    few = np.random.default_rng(7).integers(0, 256, (200, 3), dtype=np.uint8)
    pixels = few[np.random.default_rng(8).integers(0, 200, (60, 80))]
    painted = _paint(pixels, [0])
    small = png.shrink(painted)
    assert len(small) < len(painted)
    header, packed = png._parts(small)
    assert header[8:10] == bytes([8, 3])
    palette = np.frombuffer(small[small.index(b"PLTE") + 4 :][: 3 * 200], np.uint8).reshape(-1, 3)
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(60, 81)[:, 1:]
    assert np.array_equal(palette[rows], pixels)


@pytest.mark.parametrize("data", [b"", b"GIF89a", png.SIGNATURE + b"\0\0\0\0IEND" + b"\0\0\0\0"])
def test_what_is_no_picture_of_a_browser_is_refused(data):
    with pytest.raises((ValueError, struct.error)):
        png.shrink(data)
