"""Reads OCDS files of every packaging, plain or gzip, line by line where it can, within limits."""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from wulian.exchange.refusals import Refusal, UnreadableFile, excerpt
from wulian.exchange.values import parse_time

MIB = 1024 * 1024
GZIP = b"\x1f\x8b"
_OCID = re.compile(rb'"ocid"\s*:\s*"((?:[^"\\]|\\.){1,200})"')


@dataclass(frozen=True)
class Limits:
    """What a file may cost, in bytes unpacked; beyond it the file, or the line, is refused."""

    line: int = 16 * MIB
    package: int = 128 * MIB
    total: int = 64 * 1024 * MIB
    ratio: int = 200
    ratio_from: int = 64 * MIB


@dataclass(frozen=True, slots=True)
class Release:
    """One release of one contracting process, as read."""

    row_no: int
    data: dict[str, Any]
    publisher: str = ""
    compiled: bool = False


@dataclass
class _Meter(io.RawIOBase):
    """Counts the packed bytes that were read, for progress and for the bomb guard."""

    raw: IO[bytes]
    count: int = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self.raw.read(len(buffer))
        buffer[: len(chunk)] = chunk
        self.count += len(chunk)
        return len(chunk)


@dataclass
class Source:
    """An opened file: bytes unpacked on the fly, never more than ``limits`` allow."""

    stream: IO[bytes]
    limits: Limits = field(default_factory=Limits)
    unpacked: int = 0

    def __post_init__(self) -> None:
        self._meter = _Meter(self.stream)
        self._buffer: Any = io.BufferedReader(self._meter, MIB)
        self.packed = self._buffer.peek(2)[:2] == GZIP
        if self.packed:
            self._buffer = io.BufferedReader(gzip.GzipFile(fileobj=self._buffer), MIB)

    @property
    def bytes_read(self) -> int:
        return self._meter.count

    def readline(self, limit: int) -> bytes:
        """One line of at most ``limit`` bytes; a longer one comes without its end."""
        return self._count(self._buffer.readline(limit))

    def read(self, size: int) -> bytes:
        return self._count(self._buffer.read(size))

    def _count(self, data: bytes) -> bytes:
        self.unpacked += len(data)
        limits = self.limits
        bomb = (
            self.packed
            and self.unpacked > limits.ratio_from
            and self.unpacked > limits.ratio * max(self.bytes_read, 1)
        )
        if bomb or self.unpacked > limits.total:
            raise UnreadableFile(f"解压后过大（已达{self.unpacked // MIB} MiB），疑似压缩炸弹，已停止读取")
        return data


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"数值 {name} 不是合法的 JSON")


def parse_json(data: bytes) -> Any:
    """The value of one JSON text, numbers exact; ValueError with a Chinese reason for anything else."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"应为 UTF-8 编码（第{error.start + 1}个字节不是）") from None
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"不是合法的 JSON（第{error.lineno}行第{error.colno}个字符附近：{error.msg}）"
        ) from None
    except RecursionError:
        raise ValueError("JSON 嵌套过深") from None
    except ValueError as error:
        raise ValueError(f"不是合法的 JSON（{error}）") from None


def iterate_releases(source: Source, *, skip: frozenset[int] = frozenset()) -> Iterator[Release | Refusal]:
    """Every release of the file; ``skip`` holds the lines that a newer release of the same process replaces.

    A refusal stands for a line or a package member that is none; a damaged file ends with one.
    """
    row_no = 0
    try:
        for item in _iterate(source, skip):
            row_no = item.row_no or row_no
            yield item
    except UnreadableFile as error:
        yield Refusal(row_no + 1, "", "", str(error))
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        yield Refusal(row_no + 1, "", "", f"压缩文件已损坏，第{row_no}条之后无法读取（{error}）")


def _iterate(source: Source, skip: frozenset[int]) -> Iterator[Release | Refusal]:
    first = source.readline(source.limits.line)
    line_no = 1
    while first and not first.strip():
        first = source.readline(source.limits.line)
        line_no += 1
    if not first:
        raise UnreadableFile("文件是空的，应为 OCDS 的 JSON 或 JSON Lines")
    if first.lstrip(b"\xef\xbb\xbf \t")[:1] not in (b"{", b"["):
        raise UnreadableFile("不是 OCDS 文件：应以 { 或 [ 开头")
    rest = b"" if first.endswith(b"\n") else source.read(source.limits.package - len(first) + 1)
    second = source.readline(source.limits.line) if not rest else b""
    # One JSON text alone is a package, even when it is one release.
    if rest or not second or not _is_line(first, second):
        yield from _package(source, first + rest + second, line_no)
        return
    yield from _lines(source, first, second, line_no, skip)


def _is_line(first: bytes, second: bytes) -> bool:
    """Whether the file is JSON lines: its first line is a whole text, or its second one begins like one."""
    try:
        parse_json(first)
    except ValueError:
        return second.startswith(b"{")
    return True


def _lines(
    source: Source, first: bytes, second: bytes, line_no: int, skip: frozenset[int]
) -> Iterator[Release | Refusal]:
    limit = source.limits.line
    pending = [second, first]
    while True:
        line = pending.pop() if pending else source.readline(limit)
        if not line:
            return
        if line.strip() and line_no not in skip:
            if len(line) >= limit and not line.endswith(b"\n"):
                yield Refusal(line_no, "", "", f"一行过长，最多{limit // MIB} MiB", excerpt(line[:300]))
                while line and not line.endswith(b"\n"):
                    line = source.readline(limit)
            else:
                yield from _line(line, line_no)
        line_no += 1


def _line(line: bytes, line_no: int) -> Iterator[Release | Refusal]:
    try:
        value = parse_json(line)
    except ValueError as error:
        yield Refusal(line_no, _ocid_in(line), "", str(error), excerpt(line[:600].decode("utf-8", "replace")))
        return
    yield from _newest(list(_members(value, line_no, numbered=False)))


def _ocid_in(line: bytes) -> str:
    match = _OCID.search(line)
    return match[1].decode("utf-8", "replace") if match else ""


def _package(source: Source, start: bytes, line_no: int) -> Iterator[Release | Refusal]:
    limit = source.limits.package
    data = start + source.read(limit - len(start) + 1) if len(start) <= limit else start
    if len(data) > limit:
        raise UnreadableFile(f"数据包过大，最多{limit // MIB} MiB；更大的数据请用 JSON Lines（每行一条）")
    try:
        value = parse_json(data)
    except ValueError as error:
        yield Refusal(line_no, "", "", str(error), excerpt(data[:600].decode("utf-8", "replace")))
        return
    yield from _newest(list(_members(value, 1, numbered=True)))


def _members(value: Any, row_no: int, *, numbered: bool) -> Iterator[Release | Refusal]:
    """The releases in a release, a package, a record or a list of them; ``numbered``: each has a row of its own."""
    items, publisher = _unwrap(value)
    for offset, item in enumerate(items):
        number = row_no + offset if numbered else row_no
        if not isinstance(item, dict):
            yield Refusal(number, "", "", "应为一条 OCDS 发布（JSON 对象）", excerpt(item))
            continue
        if item is not value and ("releases" in item or "records" in item) and "ocid" not in item:
            yield from _members(item, number, numbered=False)
            continue
        yield _release_of(item, number, publisher)


def _unwrap(value: Any) -> tuple[list[Any], str]:
    if isinstance(value, list):
        return value, ""
    if isinstance(value, dict) and "ocid" not in value:
        for key in ("records", "releases"):
            if isinstance(value.get(key), list):
                return value[key], _publisher(value)
    return [value], ""


def _publisher(holder: dict[str, Any]) -> str:
    publisher = holder.get("publisher")
    name = publisher.get("name") if isinstance(publisher, dict) else publisher
    return name.strip() if isinstance(name, str) else ""


def _release_of(item: dict[str, Any], row_no: int, publisher: str) -> Release | Refusal:
    compiled = item.get("compiledRelease")
    if isinstance(compiled, dict):
        data = compiled if "ocid" in compiled else {"ocid": item.get("ocid"), **compiled}
        return Release(row_no, data, publisher, compiled=True)
    releases = item.get("releases")
    if isinstance(releases, list):
        full = [release for release in releases if isinstance(release, dict) and "ocid" in release]
        if not full:
            return Refusal(
                row_no,
                str(item.get("ocid") or "")[:200],
                "releases",
                "记录中没有 compiledRelease，也没有内嵌的发布（只有链接），无法读取",
                excerpt(item),
            )
        return Release(row_no, max(full, key=_moment), publisher)
    info = item.get("packageInfo")
    tags = item.get("tag")
    return Release(
        row_no,
        item,
        publisher or _publisher(item) or (_publisher(info) if isinstance(info, dict) else ""),
        compiled="compiled" in tags if isinstance(tags, list | str) else False,
    )


def _moment(release: dict[str, Any]) -> float:
    try:
        return parse_time(str(release.get("date") or "")).timestamp()
    except ValueError:
        return float("-inf")


def _newest(items: list[Release | Refusal]) -> Iterator[Release | Refusal]:
    """The members of a package without the releases that a newer one of the same process replaces."""
    best: dict[str, Release] = {}
    for item in items:
        if isinstance(item, Release) and isinstance(item.data.get("ocid"), str):
            held = best.get(item.data["ocid"])
            if held is None or _rank(item) >= _rank(held):
                best[item.data["ocid"]] = item
    for item in items:
        ocid = item.data.get("ocid") if isinstance(item, Release) else None
        if not isinstance(ocid, str) or best[ocid] is item:
            yield item


def _rank(release: Release) -> tuple[float, bool]:
    return _moment(release.data), release.compiled


def superseded_lines(path: Path, limits: Limits) -> frozenset[int]:
    """The lines of a JSON-lines file whose process has a newer release in the same file.

    One cheap pass looks for repeated ocids; only those lines are parsed. Damage is left to the reading itself.
    """
    try:
        repeated = _repeated_lines(path, limits)
        return _older(path, limits, repeated) if repeated else frozenset()
    except (UnreadableFile, OSError, EOFError, zlib.error):
        return frozenset()


def _numbered_lines(path: Path, limits: Limits) -> Iterator[tuple[int, bytes]]:
    with path.open("rb") as stream:
        source = Source(stream, limits)
        number = 0
        whole = True
        while line := source.readline(limits.line):
            number += whole
            if whole:
                yield number, line
            whole = line.endswith(b"\n")


def _repeated_lines(path: Path, limits: Limits) -> set[int]:
    lines_of: dict[bytes, int] = {}
    repeated: set[int] = set()
    for number, line in _numbered_lines(path, limits):
        match = _OCID.search(line)
        if match is None:
            continue
        earlier = lines_of.setdefault(match[1], number)
        if earlier != number:
            repeated |= {earlier, number}
    return repeated


def _older(path: Path, limits: Limits, candidates: set[int]) -> frozenset[int]:
    held: dict[str, tuple[tuple[float, bool], int]] = {}
    older: set[int] = set()
    for number, line in _numbered_lines(path, limits):
        if number not in candidates:
            continue
        try:
            value = parse_json(line)
        except ValueError:
            continue
        members = list(_members(value, number, numbered=False))
        if len(members) != 1 or not isinstance(members[0], Release):
            continue
        rank, ocid = (_rank(members[0]), number), str(members[0].data.get("ocid"))
        if ocid in held:
            older.add(min(rank, held[ocid])[1])
            held[ocid] = max(rank, held[ocid])
        else:
            held[ocid] = rank
    return frozenset(older)
