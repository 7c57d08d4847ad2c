"""Makes a picture of a page small: a PNG with a palette of 256 colours, packed as tightly as it goes."""

from __future__ import annotations

import struct
import zlib

import numpy as np

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS = 256


def shrink(data: bytes) -> bytes:
    """The picture with at most 256 colours, or `data` itself when that is smaller.

    Reads what browsers write: 8 bits, RGB or RGBA, not interlaced; raises ValueError for anything else.
    """
    pixels = read(data)
    height, width, _channels = pixels.shape
    packed = pixels.astype(np.uint32) @ np.array([65536, 256, 1], dtype=np.uint32)
    colours, places, counts = np.unique(packed, return_inverse=True, return_counts=True)
    kept = colours[np.argsort(counts)[::-1][:COLOURS]]
    index_of = _nearest(_split(colours), _split(kept))
    rows = index_of[places.reshape(height, width)].astype(np.uint8)
    lines = np.concatenate([np.zeros((height, 1), np.uint8), rows], axis=1).tobytes()
    small = SIGNATURE + b"".join(
        [
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", _split(kept).astype(np.uint8).tobytes()),
            _chunk(b"IDAT", zlib.compress(lines, 9)),
            _chunk(b"IEND", b""),
        ]
    )
    return min(small, data, key=len)


def read(data: bytes) -> np.ndarray:
    """Height × width × 3 of the picture's colours, transparency left out."""
    header, packed = _parts(data)
    width, height, bits, kind, _, _, interlaced = struct.unpack(">IIBBBBB", header)
    if bits != 8 or kind not in (2, 6) or interlaced:
        raise ValueError(f"expected a PNG with 8 bits of RGB or RGBA, got bits {bits}, colour type {kind}")
    channels = 3 if kind == 2 else 4
    lines = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + width * channels)
    pixels = np.zeros((height, width * channels), np.uint8)
    above = np.zeros(width * channels, np.uint8)
    for number, line in enumerate(lines):
        above = pixels[number] = _unfilter(int(line[0]), line[1:], above, channels)
    return pixels.reshape(height, width, channels)[:, :, :3]


def _parts(data: bytes) -> tuple[bytes, bytes]:
    if not data.startswith(SIGNATURE):
        raise ValueError("expected a PNG")
    header, packed, at = b"", b"", len(SIGNATURE)
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        name, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        header = body if name == b"IHDR" else header
        packed += body if name == b"IDAT" else b""
        at += 12 + length
    return header, packed


def _unfilter(kind: int, line: np.ndarray, above: np.ndarray, channels: int) -> np.ndarray:
    """One line without its filter (PNG specification, 9.2)."""
    if kind == 0:
        return line
    if kind == 1:
        return np.cumsum(line.reshape(-1, channels), axis=0, dtype=np.uint8).reshape(-1)
    if kind == 2:
        return line + above
    if kind not in (3, 4):
        raise ValueError(f"filter {kind} is not one of a PNG")
    # Each pixel needs the one before it, so these two go by ones.
    out, up = bytearray(line.tobytes()), above.tobytes()
    for place, value in enumerate(out):
        left = out[place - channels] if place >= channels else 0
        corner = up[place - channels] if place >= channels else 0
        guess = (left + up[place]) // 2 if kind == 3 else _paeth(left, up[place], corner)
        out[place] = (value + guess) & 255
    return np.frombuffer(bytes(out), np.uint8)


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    distances = (abs(guess - left), abs(guess - up), abs(guess - corner))
    return (left, up, corner)[distances.index(min(distances))]


def _split(packed: np.ndarray) -> np.ndarray:
    return np.stack([packed >> 16 & 255, packed >> 8 & 255, packed & 255], axis=1).astype(np.int32)


def _nearest(colours: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """For each colour the place of the nearest kept one, by squared distance."""
    found = np.empty(len(colours), np.int64)
    for start in range(0, len(colours), 2048):
        part = colours[start : start + 2048, None, :] - kept[None, :, :]
        found[start : start + 2048] = (part * part).sum(axis=2).argmin(axis=1)
    return found


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
