"""OCDS compiled releases, one JSON a line: each is worked out by `process`, a line that is none is refused."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from wulian.analysis.flags.compiled import without_collection
from wulian.analysis.indicators.process import Batch, Process, RefusedLine
from wulian.exchange.refusals import file_reason

BATCH = 2048
_BOM = b"\xef\xbb\xbf"


class UnreadableFile(ValueError):
    """A file that cannot be read at all; the message names it."""


def read_lines(path: Path) -> Iterator[bytes]:
    """Yield the lines of a plain or gzip file; UnreadableFile when it is missing, a folder or damaged."""
    try:
        with path.open("rb") as opened:
            packed = opened.read(2) == b"\x1f\x8b"
        with gzip.open(path, "rb") if packed else path.open("rb") as lines:
            yield from lines
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableFile(f"{path}: 无法读取（{file_reason(error)}）") from None


def batches(lines: Iterable[bytes], size: int = BATCH) -> Iterator[tuple[int, list[bytes]]]:
    """Yield lists of at most `size` lines, each with the number of its first line, counted from 1."""
    source, first = iter(lines), 1
    while chunk := list(islice(source, size)):
        yield first, chunk
        first += len(chunk)


def read_batch(first: int, lines: list[bytes]) -> Batch:
    """Read lines, of which the first has the number `first`; of two lines with one `ocid` the later one counts."""
    batch, releases = Batch(), {}
    # Releases are many small objects without cycles.
    with without_collection():
        for number, line in enumerate(lines, start=first):
            release = _release(line.removeprefix(_BOM) if number == 1 else line)
            if isinstance(release, str):
                batch.refused.append(RefusedLine(number, release))
            elif release is not None:
                releases[release["ocid"]] = release
        for release in releases.values():
            Process(batch, release).run()
        releases.clear()
    return batch


def _release(line: bytes) -> dict[str, Any] | str | None:
    """Return the release, None for an empty line, or what is wrong with it."""
    try:
        release = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return f"不是有效的 JSON（{error.msg}）" if line.strip() else None
    if not isinstance(release, dict):
        return "应为一个 JSON 对象（compiled release）"
    if not isinstance(release.get("ocid"), str):
        return "缺少 ocid，或 ocid 不是文本"
    return release
